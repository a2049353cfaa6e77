"""A mark given by mistake is corrected with a reason: both stay, and what depends on it follows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from lms.fieldwork import service as fieldwork
from lms.learning.models import OpenMark
from lms.learning.quizzes import marking, service
from lms.learning.records import record
from lms.learning.service import completed_modules
from lms.policy.actor import SYSTEM
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.learning.quizzes.test_routes import Browser
from tests.learning.quizzes.test_service import HOUR, marks_for
from tests.learning.test_service import read_all

POOR, GOOD = {"ethics": 1}, {"ethics": 3}
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(LATER):
        yield


@pytest.fixture
def visit(browse):
    return lambda someone: Browser(browse(someone))


@pytest.fixture
def at(desk):
    return desk()


@pytest.fixture
def attempt(at, session):
    """Handed in with two questions left out: the open answer decides, and was marked too low."""
    made = at.take(without=["single"])
    marking.mark(session, at.trainer.actor, made, marks_for(at, made, POOR), NOW + HOUR)
    assert (made.score, made.passed) == (6, False)
    return made


def correct(at, attempt, levels, *, seen=1, reason="Lu trop vite.", comment="Bien vu.", now=LATER):
    marks = marks_for(at, attempt, levels, comment)
    marking.correct(at.session, at.trainer.actor, attempt, seen, marks, reason, now)


def refused(code):
    return pytest.raises(Refusal, match=code)


def test_what_depends_on_a_mark_follows_it(at, attempt, session):
    read_all(session, at.enrolment, at.release)
    assert completed_modules(session, [at.enrolment.id])[at.enrolment.id] == set()
    correct(at, attempt, GOOD)
    assert (attempt.score, attempt.out_of, attempt.passed) == (7, 9, True)
    assert completed_modules(session, [at.enrolment.id])[at.enrolment.id] == {"c6-method"}
    correct(at, attempt, POOR, seen=2, reason="C’était juste avant.")
    assert (attempt.score, attempt.passed) == (6, False)
    assert "c6-method" not in record(session, at.enrolment).done.passed


def test_both_versions_stay_and_the_trail_tells_them(at, attempt, session):
    correct(at, attempt, GOOD, comment="Relu.")
    new, old = service.marks_of(session, attempt)["c6-q13"]
    assert (old.number, old.levels, old.comment, old.reason) == (1, POOR, "Bien vu.", "")
    assert (new.number, new.levels, new.comment, new.reason) == (2, GOOD, "Relu.", "Lu trop vite.")
    assert (new.marked_by_id, new.marked_at) == (at.trainer.id, LATER)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "quizattempt.correct")
    ).one()
    assert entry.reason == "Lu trop vite."
    assert entry.details == {
        "score": 7,
        "out_of": 9,
        "passed": True,
        "before": {"score": 6, "out_of": 9, "passed": False},
        "levels": {"c6-q13": {"before": POOR, "after": GOOD}},
    }


def test_the_trainee_is_told_why(at, attempt, session):
    correct(at, attempt, GOOD)
    mails = session.scalars(
        select(MailMessage).where(MailMessage.template == "answers_marked").order_by(MailMessage.id)
    ).all()
    assert len(mails) == 2
    assert "Lu trop vite." in mails[1].text
    assert "Lu trop vite." not in mails[0].text
    assert mails[0].subject != mails[1].subject
    assert [one.id for one in marking.news_of(session, at.enrolment.id, LATER)] == [attempt.id]


def test_what_is_refused(at, attempt, session):
    with refused("reason_needed"):
        correct(at, attempt, GOOD, reason="")
    with refused("marks_unchanged"):
        correct(at, attempt, POOR)
    with refused("levels_missing"):
        correct(at, attempt, {})
    with refused("comment_too_long"):
        correct(at, attempt, GOOD, comment="x" * (marking.COMMENT_LENGTH + 1))
    waits = at.take(LATER)
    with refused("not_marked_yet"):
        correct(at, waits, GOOD)
    without = at.take(LATER, without=["open"])
    with refused("not_marked_yet"):
        correct(at, without, {})
    assert len(session.scalars(select(OpenMark)).all()) == 1


def test_sent_twice_it_is_done_once_and_a_colleague_is_never_overwritten(at, attempt, session):
    correct(at, attempt, GOOD)
    correct(at, attempt, GOOD)
    assert len(session.scalars(select(OpenMark)).all()) == 2
    with pytest.raises(Stale):
        correct(at, attempt, POOR)
    with pytest.raises(Stale):
        correct(at, attempt, GOOD, reason="Autre raison")


def test_a_dossier_holds_marks_fast_before_a_transfer_too(at, attempt, session):
    there = enrol(session, at.enrolment.person, cohort_on(session, at.release, country="SN"))
    there.transferred_from_id = at.enrolment.id
    session.flush()
    fieldwork.lock_entries(session, SYSTEM, there, LATER)
    with refused("marks_locked"):
        correct(at, attempt, GOOD)
    fieldwork.unlock_entries(session, SYSTEM, there, LATER, "Rendu.")
    correct(at, attempt, GOOD)
    assert "c6-method" in record(session, there).done.passed


def test_where_the_last_attempt_counts_an_earlier_one_stays_aside(desk, session):
    at = desk('counts = "last"\n')
    first = at.take(without=["single"])
    marking.mark(session, at.trainer.actor, first, marks_for(at, first, POOR), NOW + HOUR)
    last = at.take(LATER, without=["single", "open"])
    assert (first.superseded, last.passed) == (True, False)
    correct(at, first, GOOD)
    assert first.passed
    assert "c6-method" not in record(session, at.enrolment).done.passed


def test_from_the_result_to_the_correction(at, attempt, session, visit):
    session.commit()
    trainer, trainee = visit(at.trainer), visit(at.enrolment.person)
    address, result = (f"/learn/attempts/{attempt.id}/{page}" for page in ("correct", "result"))
    assert result in trainer.get("/learn/marking").text, "marked lately"
    assert address in trainer.get(result).text
    assert address not in trainee.get(result).text
    assert trainee.get(address).status_code == 403
    page = trainer.get(address).text
    number = re.search(r'name="level-(\d+)-ethics"', page).group(1)
    chosen = re.findall(r'value="(\d)" checked', page)
    assert chosen == ["1"]
    assert "Bien vu." in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page).group(1)
    data = {f"level-{number}-ethics": "4", f"comment-{number}": "Kept.", "version": version}
    bare = trainer.post(address, address, **data)
    assert bare.status_code == 422
    assert "Kept." in bare.text
    done = trainer.post(address, address, **data, reason="Lu trop vite.")
    assert (done.status_code, done.location) == (303, result)
    late = trainer.post(address, address, **data | {"version": "1"}, reason="Encore")
    assert late.status_code == 409
    seen = trainee.get(result).text
    for words in ("level 4 of 4", "level 1 of 4", "Lu trop vite.", "Kept.", "Quiz passed"):
        assert words in seen
    fieldwork.lock_entries(session, SYSTEM, at.enrolment, LATER)
    session.commit()
    assert address not in trainer.get(result).text
    again = trainer.post(address, address, **data | {"version": "2"}, reason="Trop tard")
    assert (again.status_code, again.location) == (303, result)
