"""What is open to all: reading, glossary, search, the agenda, the attendance slip."""

import gzip
import re

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from lms.app import metadata
from lms.curriculum.glossary import by_letter
from tests.factories import curriculum
from tests.pages import counted

LANGUAGES = ["fr", "en", "ar"]


@pytest.fixture
def release(session):
    made = curriculum.release(session, curriculum.ours())
    session.commit()
    return made


def links(page):
    return set(re.findall(r'href="([^"]+)"', re.search(r"<main.*</main>", page, re.DOTALL)[0]))


def test_all_that_is_open_leads_nowhere_else(client, release):
    """Every link inside leads to a page that opens without an account."""
    for language in LANGUAGES:
        _walk(client, release, language)


def _walk(client, release, language):
    seen, waiting = set(), {"/discover"}
    while waiting:
        place = waiting.pop()
        seen.add(place)
        page = client.get(f"{place}?lang={language}")
        assert page.status_code == 200, place
        assert len(gzip.compress(page.data, 5)) <= 14 * 1024, place
        for link in links(page.text):
            address = re.sub(r"^\.\./", f"{place.rpartition('/')[0].rpartition('/')[0]}/", link)
            address = address.partition("#")[0].partition("?")[0]
            assert not address.startswith(("/learn", "/home", "/sign-in")), (place, link)
            if address.startswith("/discover") and address not in seen:
                waiting.add(address)
            elif address == "/glossary" and "#" in link:
                assert link.partition("#")[2] in release.content.glossary
    lessons = {f"/discover/{key}" for key in release.content.discover.lessons}
    assert lessons <= seen


def test_other_lessons_are_not_open(client, release):
    closed = [key for key in release.content.lessons if key not in release.content.discover.lessons]
    assert closed
    for key in (closed[0], "c9-none/01-x"):
        assert client.get(f"/discover/{key}").status_code == 404


def test_what_is_open_costs_one_query(client, release):
    first = release.content.discover.lessons[0]
    for place, most in (("/discover", 1), (f"/discover/{first}", 1), ("/discover/print", 1),
                        ("/glossary", 1), ("/search?q=sociogramme", 2)):  # fmt: skip
        client.get(place)
        with counted() as statements:
            assert client.get(place).status_code == 200
        assert len(statements) <= most, (place, statements)


def test_without_content_there_is_nothing_to_show(client, session):
    curriculum.release(session)
    assert client.get("/discover").status_code == 404
    assert client.get("/glossary").status_code == 200
    assert client.get("/search?q=x").status_code == 200


# The glossary


def test_the_glossary(client, release):
    terms = release.content.glossary
    for language in LANGUAGES:
        page = client.get(f"/glossary?lang={language}")
        assert set(re.findall(r'class="card term[^"]*" id="([^"]+)"', page.text)) == set(terms)
        for key in re.findall(r'href="#([a-z_]+)"', page.text):
            assert f'id="{key}"' in page.text
        assert len(gzip.compress(page.data, 5)) <= 14 * 1024
        letters = by_letter(terms.values(), language)
        assert len({letter for letter, _ in letters}) == len(letters) > 5
        letter, group = letters[0]
        side = client.get(f"/glossary?lang={language}&letter={letter}").text
        assert re.findall(r'class="card term[^"]*" id="([^"]+)"', side) == [
            term.id for term in group
        ]
        for words in group[0].definition.values():
            assert str(escape(words)) in side


def test_finding_a_word_in_any_language(client, release):
    for asked, found in (("sociogrammes", 1), ("السوسيوغرام", 1), ("%22)*", 1), ("zzz", 0)):
        page = client.get(f"/glossary?lang=en&q={asked}").text
        assert ('id="sociogram"' in page) == bool(found), asked


# Search


def test_search_among_what_is_open(client, release):
    page = client.get("/search?lang=fr&q=coaching territorial").text
    assert "<mark>" in page
    found = set(re.findall(r'href="/discover/([a-z0-9-]+/[a-z0-9-]+)"', page))
    assert found
    assert found <= set(release.content.discover.lessons)


def test_a_search_never_fails(client, release):
    for typed in ("", "%22", "x" * 10_000, "...", "%00", "<b>&", "%F0%9F%98%80"):
        page = client.get(f"/search?q={typed}")
        assert page.status_code == 200
        assert "<b>" not in page.text


# The attendance slip

SLIP = {"name": "Aïcha El Idrissi", "arabic_name": "عائشة الإدريسي", "event": "Journée <b>",
        "place": "Oujda", "held_on": "2026-04-18"}  # fmt: skip


def send(client, language="en", **data):
    page = client.get(f"/discover/attendance?lang={language}").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    return client.post("/discover/attendance", data={"csrf_token": token, **data})


def test_a_slip_says_that_it_is_no_certificate_and_nothing_is_kept(session, client, release):
    said = {"en": "not a certificate", "fr": "non certificat", "ar": "وليس شهادة"}

    def rows():
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
        }

    before = rows()
    for language, words in said.items():
        page = send(client, language, **SLIP)
        assert page.status_code == 200
        slip = re.search(r'<article class="card slip".*?</article>', page.text, re.DOTALL)[0]
        assert words in slip
        assert "Aïcha El Idrissi" in slip
        assert "عائشة الإدريسي" in slip
        assert "Journée &lt;b&gt;" in slip
        assert not re.search(r"<img|<code|verify|/certificates", slip)
    assert rows() == before


def test_a_slip_that_lacks_something_comes_back(client, release):
    for wrong in (
        {"name": ""},
        {"place": " "},
        {"held_on": "soon"},
        {"held_on": "2126-04-18"},
        {"event": "x" * 161},
        {"name": "a\u202eb"},
    ):
        answer = send(client, **(SLIP | wrong))
        assert answer.status_code == 422, wrong
        assert "error-summary" in answer.text
        assert 'class="card slip"' not in answer.text
