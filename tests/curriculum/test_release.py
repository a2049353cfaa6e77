"""Releases: the same content has the same id, and nothing in one changes unnoticed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.curriculum import release
from lms.curriculum.format import read_files
from lms.curriculum.plain import from_plain, to_plain
from lms.curriculum.rules import Answer, Content, Question, QuestionKind
from tests.curriculum.sample import encoded, tree

CONTENT, _ = read_files(encoded(tree()))
BODY = release.canonical(CONTENT)
RELEASE = release.load(release.pack(BODY), release.release_id(BODY))


def test_a_release_comes_back_as_it_was():
    assert RELEASE.content == CONTENT


def test_the_order_of_files_does_not_matter_and_any_word_does():
    files = dict(reversed(list(encoded(tree()).items())))
    assert release.canonical(read_files(files)[0]) == BODY
    changed = tree()
    name = "modules/c6-method/01-analysis.ar.md"
    changed[name] = changed[name].replace("words", "word")
    other = release.canonical(read_files(encoded(changed))[0])
    assert release.release_id(other) != RELEASE.id


def test_the_body_is_canonical_json_with_all_languages():
    values = json.loads(BODY)
    assert values["format"] == release.FORMAT
    assert set(values["lessons"]["c6-method/01-analysis"]["html"]) == {"fr", "en", "ar"}
    assert (
        release.canonical(from_plain(Content, {k: v for k, v in values.items() if k != "format"}))
        == BODY
    )


def test_a_release_that_was_tampered_with_is_refused():
    with pytest.raises(release.BadRelease, match="does not match its id"):
        release.load(release.pack(BODY.replace(b"70", b"10")), RELEASE.id)
    with pytest.raises(release.BadRelease, match="cannot be unpacked"):
        release.load(b"nonsense", RELEASE.id)


def test_look_ups():
    assert RELEASE.programme("facilitator").written == ("c6-method", "a5-listening")
    assert RELEASE.programme("none") is None
    assert RELEASE.module("c6-method").code == "C6"
    assert [lesson.id for lesson in RELEASE.lessons("a5-listening")] == [
        "a5-listening/01-attention",
        "c6-method/02-objectives",
    ]
    assert RELEASE.lesson("a5-listening", "02-objectives").id == "c6-method/02-objectives"
    assert RELEASE.lesson("c6-method", "01-attention") is None
    assert RELEASE.rubric("coaching").criteria[0].levels[4].level == 4
    assert RELEASE.question("c6-q03").kind is QuestionKind.ORDERING


def test_a_lesson_taken_by_reference_brings_its_questions():
    pool = {question.id for question in RELEASE.question_pool("a5-listening")}
    assert pool == {"a5-q01", "c6-q02", "c6-q04"}


def test_words_fall_back_on_the_first_language():
    title = RELEASE.module("c6-method").title
    assert RELEASE.text(title, "ar") == "Module C6 ar"
    assert RELEASE.text(title, "de") == "Module C6 fr"


@given(
    st.builds(
        Question,
        id=st.text(),
        kind=st.sampled_from(QuestionKind),
        lesson=st.text(),
        outcome=st.text(),
        competency=st.text(),
        text=st.dictionaries(st.text(), st.text()),
        feedback=st.dictionaries(st.text(), st.text()),
        answers=st.lists(
            st.builds(
                Answer,
                id=st.text(),
                correct=st.booleans(),
                text=st.dictionaries(st.text(), st.text()),
                feedback=st.none() | st.dictionaries(st.text(), st.text(), min_size=1),
            )
        ).map(tuple),
    )
)
def test_plain_values_and_back(question: Question):
    assert from_plain(Question, json.loads(json.dumps(to_plain(question)))) == question
