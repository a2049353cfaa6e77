"""The player's pages over HTTP: places kept, notes of one's own, search, print."""

import gzip
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.curriculum.rules import Handout
from lms.learning.models import LessonMark
from tests.factories import curriculum
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.pages import counted
from tests.people import person

SECRET = "Un mot à moi : zz-secret"


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def home(enrolment):
    return f"/learn/{enrolment.id}"


@pytest.fixture
def lesson(home):
    return f"{home}/c6-method/02-objectives"


def post(client, address, page_address, **data):
    """Send a form as its page would, with the page's token."""
    page = client.get(page_address).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    return client.post(address, data={"csrf_token": token, **data})


def mark(session):
    session.expire_all()
    return session.scalars(select(LessonMark)).one_or_none()


def write(client, lesson, text, version="0", **more):
    return post(client, f"{lesson}/note", lesson, note=text, version=version, **more)


# The page of a lesson


def test_the_outline_stands_beside_and_above_with_state_and_time(trainee, home, lesson):
    post(trainee, f"{home}/c6-method/01-analysis", lesson)
    page = trainee.get(f"{lesson}?lang=en").text
    assert page.count('aria-current="page">Objectives en') == 2
    assert len(re.findall(r"</svg> read · 10 min", page)) == 2
    assert f'<link rel="prev" href="{home}/c6-method/01-analysis">' in page
    assert f'<link rel="next" href="{home}/c6-method/quiz">' in page


def test_headings_have_the_same_names_in_every_language(trainee, lesson):
    found = [
        re.findall(r'<h2 id="(s\d)"', trainee.get(f"{lesson}?lang={language}").text)
        for language in ("fr", "en", "ar")
    ]
    assert found == [["s1", "s2"]] * 3


def test_a_whole_module_to_print(trainee, home):
    page = trainee.get(f"{home}/c6-method/print?lang=en")
    assert "Analysis en" in page.text
    assert "Objectives en" in page.text
    names = re.findall(r'id="(l\d-s\d)"', page.text)
    assert names == ["l1-s1", "l1-s2", "l2-s1", "l2-s2"]
    assert trainee.get(f"{home}/a5-listening/print").location == f"{home}/a5-listening"
    assert trainee.get(f"{home}/c9-none/print").status_code == 404


def test_handouts_stand_under_the_lesson(session, browse):
    one = Handout(
        name="agenda.pdf",
        address=f"/media/{'a' * 64}.pdf",
        media_type="application/pdf",
        size=20_480,
        title={"fr": "Le programme", "en": "The agenda", "ar": "البرنامج"},
        description={"fr": "Une page.", "en": "One page.", "ar": "صفحة واحدة."},
    )
    words = {"fr": "Bonjour.", "en": "Hello.", "ar": "مرحبًا."}
    sound = replace(one, name="a.mp3", media_type="audio/mpeg", transcript=words)
    content = curriculum.sample()
    known = content.lessons["c6-method/01-analysis"]
    lessons = {**content.lessons, known.id: replace(known, handouts=(one, sound))}
    release = curriculum.release(session, replace(content, lessons=lessons))
    cohort = cohort_on(session, release, country="SN")
    enrolment = enrol(session, person(session, "facilitator", cohort=cohort), cohort)
    page = browse(enrolment.person).get(f"/learn/{enrolment.id}/c6-method/01-analysis?lang=en").text
    assert f'href="{one.address}" download="agenda.pdf"' in page
    assert "PDF · 20 KB" in page
    assert "One page." in page
    assert f'<audio controls preload="none" src="{one.address}"' in page
    assert "Hello." in page


# Keeping a place


def test_a_bookmark_is_listed_and_taken_away(session, trainee, home, lesson):
    for _ in range(2):
        answer = post(trainee, f"{lesson}/bookmark", lesson, keep="1")
        assert (answer.status_code, answer.location) == (303, lesson)
    assert mark(session).bookmarked_at == NOW
    page = trainee.get(f"{home}?lang=en").text
    assert re.search(r'id="bookmarks".*Objectives en', page, re.DOTALL)
    assert 'aria-label="Bookmarked"' in trainee.get(f"{home}/c6-method?lang=en").text
    post(trainee, f"{lesson}/bookmark", lesson, keep="0")
    assert mark(session).bookmarked_at is None
    assert 'id="bookmarks"' not in trainee.get(home).text


def test_one_goes_on_at_the_place_kept_last(trainee, home, lesson):
    post(trainee, f"{lesson}/bookmark", lesson, keep="1")
    page = trainee.get(home).text
    assert re.search(rf'class="button" href="{lesson}"', page)


# Notes


def test_a_note_is_kept_shown_found_and_taken_along(session, trainee, lesson):
    answer = write(trainee, lesson, f"  {SECRET}\r\nfin ")
    assert (answer.status_code, answer.location) == (303, f"{lesson}#note")
    assert (mark(session).note, mark(session).version) == (f"{SECRET}\nfin", 1)
    page = trainee.get(f"{lesson}?lang=fr").text
    assert f"{SECRET}\nfin</textarea>" in page
    assert '<details class="fold own-note" id="note" open>' in page
    for asked, found in (("", True), ("MOT a", True), ("objectives", True), ("rien", False)):
        assert (SECRET in trainee.get(f"/learn/notes?q={asked}").text) is found
    taken = trainee.get("/learn/notes.txt")
    assert SECRET in taken.text
    assert "attachment" in taken.headers["Content-Disposition"]


def test_a_script_keeps_it_as_one_writes(session, trainee, lesson):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', trainee.get(lesson).text)[1]
    for version in ("0", "0"):  # the answer to the first was lost
        answer = trainee.post(
            f"{lesson}/note",
            data={"csrf_token": token, "note": SECRET, "version": version},
            headers={"Accept": "application/json"},
        )
        assert answer.json == {"version": 1}
    answer = trainee.post(
        f"{lesson}/note",
        data={"csrf_token": token, "note": "autre", "version": "0"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 409
    assert mark(session).note == SECRET


def test_changed_elsewhere_both_are_shown_and_nothing_is_lost(session, trainee, lesson):
    write(trainee, lesson, "celui d'ici")
    stale = write(trainee, lesson, "celui d'ailleurs", version="0")
    assert stale.status_code == 409
    assert "celui d&#39;ici" in stale.text
    assert "celui d&#39;ailleurs</textarea>" in stale.text
    assert mark(session).note == "celui d'ici"
    assert write(trainee, lesson, "les deux", version="1").status_code == 303
    assert mark(session).note == "les deux"


@pytest.mark.parametrize("text", ["x" * 10_001, "a\x00b"])
def test_what_cannot_be_kept_is_said_and_comes_back(session, trainee, lesson, text):
    answer = write(trainee, lesson, text)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert mark(session) is None


def test_an_empty_note_is_erased(session, trainee, lesson):
    write(trainee, lesson, SECRET)
    write(trainee, lesson, "", version="1")
    assert (mark(session).note, mark(session).noted_at) == ("", None)
    assert SECRET not in trainee.get("/learn/notes").text


def test_nobody_else_reads_it(session, browse, cohort, trainee, lesson, home):
    write(trainee, lesson, SECRET)
    post(trainee, f"{lesson}/bookmark", lesson, keep="1")
    trainer = browse(person(session, "trainer", cohort=cohort))
    for place in (home, f"{home}/c6-method", lesson, "/learn/notes", "/learn/notes.txt"):
        page = trainer.get(f"{place}?lang=en")
        assert page.status_code == 200
        assert SECRET not in page.text
        assert "Bookmarked" not in page.text
        assert "note-text" not in page.text


def test_only_the_trainee_writes(session, browse, cohort, trainee, lesson, enrolment):
    trainer = browse(person(session, "trainer", cohort=cohort))
    classmate = person(session, "trainee.new", cohort=cohort)
    enrol(session, classmate, cohort)
    for someone, code in ((trainer, 403), (browse(classmate), 404)):
        for act in ("note", "bookmark"):
            answer = post(someone, f"{lesson}/{act}", "/sign-out", note="x", version="0", keep="1")
            assert answer.status_code == code
    assert mark(session) is None


def test_notes_go_along_into_another_cohort(session, browse, trainee, lesson, release, enrolment):
    write(trainee, lesson, SECRET)
    other = enrol(session, enrolment.person, cohort_on(session, release, country="SN"))
    page = trainee.get(f"/learn/{other.id}/c6-method/02-objectives").text
    assert SECRET in page


# Search


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_words_are_found_in_context(trainee, home, language):
    page = trainee.get(f"{home}/search?q=WORDS&lang={language}").text
    assert "<mark>words</mark>" in page
    assert f'href="{home}/c6-method/01-analysis#s1"' in page


def test_a_lesson_that_is_not_open_yet_shows_its_title_only(trainee, home):
    page = trainee.get(f"{home}/search?q=attention&lang=en").text
    assert "<mark>Attention</mark> en" in page
    assert "Not open yet" in page
    assert f"{home}/a5-listening/01-attention" not in page


@pytest.mark.parametrize("typed", ["", "«»", "%22*(", "x" * 2000, "%00", "NEAR+AND+%22"])
def test_a_search_never_fails(trainee, home, typed):
    page = trainee.get(f"{home}/search?q={typed}&in=xx")
    assert page.status_code == 200
    assert 'class="empty"' in page.text


# What it costs


def test_few_queries_with_everything_kept(trainee, home, lesson):
    write(trainee, lesson, SECRET)
    post(trainee, f"{lesson}/bookmark", lesson, keep="1")
    post(trainee, f"{home}/c6-method/01-analysis", lesson)
    for place, most in ((lesson, 3), (home, 5), (f"{home}/search?q=words", 4),
                        (f"{home}/c6-method/print", 3), ("/learn/notes", 3)):  # fmt: skip
        trainee.get(place)
        with counted() as statements:
            page = trainee.get(place)
        assert page.status_code == 200
        assert len(statements) <= most, (place, statements)
        assert not [each for each in statements if "content_release.body" in each]


@pytest.mark.slow
def test_every_module_on_one_page_weighs_little(session, browse):
    ours = curriculum.release(session, curriculum.ours())
    cohort = cohort_on(session, ours, "coach")
    enrolment = enrol(session, person(session, "trainee", cohort=cohort), cohort)
    trainer = browse(person(session, "trainer", cohort=cohort))
    for module in ours.programme("coach").written:
        page = trainer.get(f"/learn/{enrolment.id}/{module}/print?lang=ar")
        assert page.status_code == 200, module
        assert len(gzip.compress(page.data, 5)) <= 14 * 1024, module
