"""The index on a real database: the same words are found on both."""

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from lms.curriculum.commands import index as index_command
from lms.curriculum.models import SearchText
from lms.curriculum.search import service
from lms.curriculum.search.models import Searched
from lms.curriculum.search.rules import asked
from tests.factories import curriculum

LANGUAGES = ("fr", "ar", "en")


@pytest.fixture
def release(session):
    return curriculum.release(session, curriculum.ours())


@pytest.fixture
def find(session, release):
    lessons = list(release.content.lessons)

    def found(typed, languages=LANGUAGES, lessons=lessons):
        return service.find(session, release, asked(typed), languages, lessons)

    return found


def test_found_in_its_language(find):
    for typed, language in [
        ("sociogrammes", "fr"),
        ("ecoute active", "fr"),
        ("L’ÉCOUTE", "fr"),
        ("sociogram tie", "en"),
        ("الإنصات الفعال", "ar"),
        ("انصات", "ar"),
        ("والمدربة", "ar"),
    ]:
        found = find(typed, (language,))
        assert found, typed
        assert {one.language for one in found} == {language}


def test_a_word_of_the_title_comes_first(find, release):
    first = find("sociogramme", ("fr",))[0]
    known = release.content.lessons if first.kind is Searched.LESSON else release.content.glossary
    assert "sociogramme" in known[first.ref].title["fr"].lower()


def test_the_first_language_first_and_no_lesson_twice(find):
    found = find("coaching")
    assert len({(one.kind, one.ref) for one in found}) == len(found)
    places = [LANGUAGES.index(one.language) for one in found]
    assert places == sorted(places)
    assert find("coaching", ("en", "fr", "ar"))[0].language == "en"


def test_every_word_must_be_there(find):
    assert find("sociogramme")
    assert find("sociogramme zzzz") == []
    assert find("") == []


def test_only_lessons_that_one_may_read(find, release):
    one = next(iter(release.content.lessons))
    found = find("coach", lessons=[one])
    assert {hit.ref for hit in found if hit.kind is Searched.LESSON} <= {one}
    assert find("sociogramme", lessons=[]) == [
        hit for hit in find("sociogramme", lessons=[]) if hit.kind is Searched.TERM
    ]


def test_written_once_and_anew(session, release):
    def rows():
        return session.scalar(select(func.count()).select_from(SearchText))

    before = rows()
    content = release.content
    assert before == len(LANGUAGES) * (len(content.lessons) + len(content.glossary))
    assert service.index(session, release) == before
    assert rows() == before
    assert service.find(session, release, asked("sociogramme"), LANGUAGES, content.lessons)


def test_the_command_writes_what_is_missing(session, release, find):
    session.execute(delete(SearchText))
    session.commit()
    assert find("sociogramme") == []
    done = CliRunner().invoke(index_command)
    assert done.exit_code == 0, done.output
    assert f"{release.id[:12]}  " in done.output
    assert find("sociogramme")


HOSTILE = ['"', "' OR 1=1 --", "a* NEAR(b c)", "title:x AND NOT", "{a}:^b", "(((", "&|!<->", "\\",
           ":*", "a:*", "coach NOT", "NEAR", "-", "%", "\0", "\ud800", "x" * 10_000]  # fmt: skip


def test_hostile_input_never_fails(find):
    for typed in HOSTILE:
        assert isinstance(find(typed), list)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text())
def test_nor_does_anything_else(find, typed):
    assert isinstance(find(typed), list)
