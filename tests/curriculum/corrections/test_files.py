"""Whatever is typed comes back as it was typed, and nothing else in the files moves."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.curriculum import sources
from lms.curriculum.corrections import files as f
from lms.curriculum.corrections.checking import Change, apply_all, faults
from lms.curriculum.corrections.handouts import free_name, handout_name, write_handout
from lms.curriculum.corrections.rules import CorrectionKind
from lms.curriculum.corrections.writing import text_value, value
from lms.curriculum.format import read_files, toml
from tests.curriculum.sample import encoded, tree
from tests.factories import curriculum

pytestmark = pytest.mark.slow

LANGUAGES = ("fr", "en", "ar")
MODULE, LESSON, QUESTION = "c6-method", "c6-method/01-analysis", "c6-q01"
TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\r\x85\u2028\u2029"), max_size=60)
NASTY = st.sampled_from(
    ['"""', "'''", "+++", '"\n[[question]]\nid = "x"', "\\", "\\u0000", "# a", "a = 1", "}", "\t",
     "ـ", "\n+++\n", "\u200f\u202e", "= {", '" # "', "\x00", "\x1f", "\x7f", "\ufeff"]
)  # fmt: skip
WORDS = st.lists(st.one_of(TYPED, NASTY), max_size=4).map("".join).map(str.strip)
SAMPLE = encoded(tree())


def again(files):
    """Kept with a release, exported."""
    return sources.unpack(sources.pack(files))


@settings(max_examples=20)
@given(st.lists(WORDS, min_size=8, max_size=8), st.sampled_from([b"\n", b"\r\n"]))
def test_any_words_of_a_question_come_back(words, ends):
    files = {name: body.replace(b"\n", ends) for name, body in SAMPLE.items()}
    new = copy.deepcopy(f.read_question(files, MODULE, QUESTION))
    new["text"] = dict(zip(LANGUAGES, words[:3], strict=True))
    new["answers"][1]["en"] = words[3]
    new["answers"][0]["feedback"] = dict(zip(LANGUAGES, words[4:7], strict=True))
    new["accept"] = {"fr": [words[7], "x"]}
    out = again({**files, **f.write_question(files, MODULE, QUESTION, new)})
    assert f.read_question(out, MODULE, QUESTION) == new
    for other in ("c6-q02", "c6-q03", "c6-q04"):
        assert f.read_question(out, MODULE, other) == f.read_question(files, MODULE, other)
    name = f.questions_name(MODULE)
    second = files[name].index(b"[[question]]", 5)
    assert out[name].endswith(files[name][second:]), "the other questions, byte for byte"
    assert {n for n in out if out[n] != files[n]} <= {name}
    read_files(out)  # whatever it holds: never raises


@settings(max_examples=20)
@given(WORDS, WORDS, WORDS)
def test_any_words_of_a_lesson_come_back(title, body, other):
    old = f.read_lesson(SAMPLE, LESSON, LANGUAGES)
    new = replace(old, title={**old.title, "fr": title}, body={**old.body, "ar": body, "en": other})
    out = again({**SAMPLE, **f.write_lesson(SAMPLE, LESSON, new)})
    assert f.read_lesson(out, LESSON, LANGUAGES) == new
    assert b'seeds = ["D16"]' in out[f.lesson_name(LESSON, "fr")]
    read_files(out)


@given(st.recursive(st.one_of(TYPED, st.integers(-9, 9), st.booleans()), st.lists))
@settings(max_examples=20)
def test_any_value_reads_as_it_was_written(found):
    assert toml.parse(f"x = {value(found)}") == {"x": found}


def test_what_utf8_cannot_say_is_refused():
    old = f.read_lesson(SAMPLE, LESSON, LANGUAGES)
    for words in ("a\ud800", "\udfff"):
        with pytest.raises(Refusal, match="correction_by_hand"):
            f.write_lesson(SAMPLE, LESSON, replace(old, body={**old.body, "fr": words}))
        question = f.read_question(SAMPLE, MODULE, QUESTION)
        text = {**question["text"], "fr": words}
        with pytest.raises(Refusal, match="correction_by_hand"):
            f.write_question(SAMPLE, MODULE, QUESTION, {**question, "text": text})
    assert text_value("\x7f") == '"\\u007f"'


def test_a_file_with_several_line_ends_is_left_to_people():
    name = f.lesson_name(LESSON, "fr")
    mixed = {**SAMPLE, name: SAMPLE[name].replace(b"\n", b"\r\n", 2)}
    old = f.read_lesson(mixed, LESSON, LANGUAGES)
    with pytest.raises(Refusal, match="correction_by_hand"):
        f.write_lesson(mixed, LESSON, replace(old, minutes=11))


def test_what_is_gone():
    old = f.read_lesson(SAMPLE, LESSON, LANGUAGES)
    without = {n: b for n, b in SAMPLE.items() if n != f.lesson_name(LESSON, "ar")}
    assert f.read_lesson(without, LESSON, LANGUAGES) is None
    with pytest.raises(Refusal, match="correction_gone"):
        f.write_lesson(without, LESSON, old)
    assert f.read_question({}, MODULE, QUESTION) is None
    with pytest.raises(Refusal, match="correction_gone"):
        f.write_question(SAMPLE, MODULE, "none", {})
    assert f.question_lines(SAMPLE, MODULE, "none") == {}


def test_a_browser_that_only_tidies_changes_nothing():
    for old, typed in ((" a\n", "a"), ("e\u0301", "é"), ("a\r\nb", "a\nb"), ("ّ\u064e", "\u064eّ")):
        assert f.settled(old, typed) == old
    assert f.settled("a", "b") == "b"


def test_a_comment_on_a_changed_line_stays():
    name = f.questions_name(MODULE)
    text = SAMPLE[name].decode().replace('kind = "single"\n', 'kind = "single" # "why" # so\n', 1)
    files = {**SAMPLE, name: f"# ours\n{text}".encode()}
    question = f.read_question(files, MODULE, QUESTION)
    out = f.write_question(files, MODULE, QUESTION, {**question, "kind": "multiple"})
    assert b'kind = "multiple" # "why" # so\n' in out[name]
    assert out[name].startswith(b"# ours\n")


def test_questions_of_ours_can_be_changed_and_changed_back():
    """One of each kind."""
    files, sorts = curriculum.files(ours=True), {}
    for question in curriculum.ours().questions.values():
        sorts[question.kind] = question
    for question in sorts.values():
        module = question.lesson.partition("/")[0]
        old = f.read_question(files, module, question.id)
        new = copy.deepcopy(old)
        new["feedback"]["ar"] += "."
        changed = {**files, **f.write_question(files, module, question.id, new)}
        assert f.read_question(changed, module, question.id) == new
        back = {**changed, **f.write_question(changed, module, question.id, old)}
        assert back == files, question.id


# Handouts --------------------------------------------------------------------------------------


@given(st.text(max_size=80))
@settings(max_examples=20)
def test_any_name_becomes_one_that_the_format_takes(wanted):
    name = handout_name(wanted, "pdf")
    content = {
        part: dict.fromkeys(LANGUAGES, wanted.strip() or "x") for part in ("title", "description")
    }
    content = {
        k: {c: t.encode("utf-8", "replace").decode() for c, t in v.items()}
        for k, v in content.items()
    }
    change = Change(CorrectionKind.HANDOUT, name, LESSON, content, b"%PDF-1.4 x")
    out = apply_all(SAMPLE, [change])
    assert out[f"modules/{MODULE}/media/{name}"] == b"%PDF-1.4 x"
    assert not [one for one in faults(out) if "hidden" not in one.message]


def test_a_second_handout_and_the_same_again():
    content = {part: dict.fromkeys(LANGUAGES, "Ordre du jour") for part in ("title", "description")}
    first = {**SAMPLE, **write_handout(SAMPLE, LESSON, "agenda.pdf", content, b"%PDF-1 a")}
    assert free_name(first, MODULE, "agenda.pdf") == "agenda-2.pdf"
    both = {**first, **write_handout(first, LESSON, "agenda-2.pdf", content, b"%PDF-1 b")}
    assert not faults(both)
    read, _ = read_files(both)
    assert [one.name for one in read.lessons[LESSON].handouts] == ["agenda.pdf", "agenda-2.pdf"]
    with pytest.raises(Refusal, match="handout_twice"):
        write_handout(both, LESSON, "agenda.pdf", content, b"%PDF-1 c")
