"""Time limits, attempts, marking and the exam on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.assessment import service as assessment
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from lms.learning.models import ExtraTime, OpenMark
from lms.learning.quizzes import extra, marking, service
from lms.learning.quizzes.rules import scoring
from lms.learning.quizzes.rules.attempts import EXAM, AttemptState
from lms.learning.records import record
from lms.learning.service import completed_modules, mark_read
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.people import person

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GOOD = {"ethics": 2}


def marks_for(desk, attempt, levels, comment="Bien vu."):
    rows = marking.open_answers(desk.release, attempt)
    return {row.question.id: (levels, comment) for row, _ in rows}


# Points and marks


def test_every_kind_in_one_quiz_scored_at_once(desk):
    at = desk()
    attempt = at.take(without=["open"])
    # eight questions, one of which has two steps; the open one was left out
    assert (attempt.score, attempt.out_of, attempt.passed) == (8, 9, True)
    assert attempt.to_mark == 0


def test_steps_of_a_scenario_count_one_by_one(desk):
    at = desk()
    attempt = at.start()
    answers = at.right(attempt, without=["open"])
    answers["c6-q12"] |= {"after": "b"}
    at.save(attempt, answers)
    at.submit(attempt)
    assert attempt.score == 7


def test_an_open_answer_waits_and_decides_when_it_is_marked(desk, session):
    at = desk()
    attempt = at.take()
    assert (attempt.state, attempt.score, attempt.to_mark) == (AttemptState.FINISHED, None, 1)
    assert "c6-method" not in record(session, at.enrolment).done.passed
    assert marking.number_waiting(session, at.trainer.actor) == 1
    marking.mark(session, at.trainer.actor, attempt, marks_for(at, attempt, GOOD), NOW + HOUR)
    assert (attempt.score, attempt.out_of, attempt.passed, attempt.to_mark) == (9, 9, True, 0)
    assert "c6-method" in record(session, at.enrolment).done.passed
    assert marking.number_waiting(session, at.trainer.actor) == 0
    mail = session.scalars(
        select(MailMessage).where(MailMessage.template == "answers_marked")
    ).one()
    assert mail.person_id == at.enrolment.person_id
    assert f"/learn/attempts/{attempt.id}/result" in mail.text
    told = session.scalars(select(AuditEntry).where(AuditEntry.action == "quizattempt.mark")).one()
    assert told.details == {"score": 9, "out_of": 9, "passed": True}
    assert "Bien vu" not in f"{told.details} {told.reason}"
    assert [one.id for one in marking.news_of(session, at.enrolment.id, NOW + HOUR)] == [attempt.id]
    assert not marking.news_of(session, at.enrolment.id, NOW + timedelta(days=9))


@pytest.mark.parametrize("levels", [{}, {"courage": 3}, {"ethics": 2, "courage": 3}])
def test_every_criterion_is_marked_and_no_other(desk, session, levels):
    at = desk()
    attempt = at.take()
    with pytest.raises(Refusal, match="levels_missing"):
        marking.mark(session, at.trainer.actor, attempt, marks_for(at, attempt, levels), NOW)


def test_a_comment_has_its_limit(desk, session):
    at = desk()
    attempt = at.take()
    marks = marks_for(at, attempt, GOOD, "x" * 2001)
    with pytest.raises(Refusal, match="comment_too_long"):
        marking.mark(session, at.trainer.actor, attempt, marks, NOW)


def test_the_first_of_two_trainers_marks(desk, session):
    at = desk()
    attempt = at.take()
    marking.mark(session, at.trainer.actor, attempt, marks_for(at, attempt, {"ethics": 1}), NOW)
    with pytest.raises(Refusal, match="already_marked"):
        marking.mark(session, at.trainer.actor, attempt, marks_for(at, attempt, GOOD), NOW)
    assert attempt.score == 8
    assert session.scalars(select(OpenMark)).one().levels == {"ethics": 1}


def test_nobody_marks_their_own_and_strangers_see_no_queue(desk, session):
    at = desk()
    attempt = at.take()
    elsewhere = cohort_on(session, at.release, country="SN")
    stranger = person(session, "trainer.sn", cohort=elsewhere)
    for someone in (at.enrolment.person, stranger):
        found = session.scalars(marking.waiting_for(someone.actor)).all()
        assert attempt not in found


# Time


def test_a_limit_is_kept_by_the_server_with_grace(desk):
    at = desk("minutes = 20\n")
    attempt = at.start()
    assert attempt.due_at == NOW + 20 * MINUTE
    answers = at.right(attempt, without=["open"])
    first = dict(list(answers.items())[:1])
    at.save(attempt, first, NOW + 20 * MINUTE + timedelta(seconds=30))
    with pytest.raises(Refusal, match="attempt_overdue"):
        at.save(attempt, answers, NOW + 20 * MINUTE + timedelta(seconds=31))
    assert attempt.answers == first
    # what was saved still counts
    at.submit(attempt, NOW + HOUR)
    asked = [question for question, _ in service.asked(at.release, attempt)]
    assert attempt.score == scoring.score(asked, first)


def test_the_clock_hands_in_what_was_saved_and_gives_up_the_rest(desk, session):
    at = desk("minutes = 20\n")
    attempt = at.start()
    at.save(attempt, at.right(attempt, without=["open"]))
    other = enrol(session, person(session, "trainee.new", cohort=at.cohort), at.cohort)
    empty = service.start_attempt(session, other.person.actor, other, at.paper(), NOW)
    assert service.end_attempts(session, NOW + 20 * MINUTE) == 0
    assert service.end_attempts(session, NOW + 21 * MINUTE) == 2
    assert (attempt.state, attempt.passed) == (AttemptState.FINISHED, True)
    assert (empty.state, empty.score) == (AttemptState.ABANDONED, None)
    assert service.end_attempts(session, NOW + HOUR) == 0
    acts = session.scalars(
        select(AuditEntry.actor_id).where(AuditEntry.action.in_(["quizattempt.submit"]))
    ).all()
    assert acts == [None]


def test_without_a_limit_it_waits_two_more_weeks_and_is_given_up(desk, session):
    at = desk()
    attempt = at.start()
    at.save(attempt, at.right(attempt, without=["open"]))
    late = NOW + timedelta(days=15)
    assert service.end_attempts(session, late) == 1
    assert attempt.state is AttemptState.OVERDUE
    assert service.end_attempts(session, late) == 0
    assert service.end_attempts(session, NOW + timedelta(days=28)) == 1
    assert attempt.state is AttemptState.ABANDONED


def test_starting_after_the_time_hands_in_what_was_saved_first(desk):
    at = desk("minutes = 20\nattempts = 2\n")
    first = at.start()
    at.save(first, at.right(first, without=["open"]))
    second = at.start(NOW + HOUR)
    assert (first.state, first.passed) == (AttemptState.FINISHED, True)
    assert (second.number, second.state) == (2, AttemptState.IN_PROGRESS)


def test_extra_time(desk, session):
    at = desk("minutes = 20\n")
    attempt = at.start()
    give = (session, at.trainer.actor, at.enrolment)
    row = extra.give(*give, 50, "Lit avec une loupe.", 0, NOW)
    assert attempt.due_at == NOW + 30 * MINUTE
    with pytest.raises(Stale):
        extra.give(*give, 25, "x", 0, NOW)
    with pytest.raises(Refusal, match="reason_needed"):
        extra.give(*give, 25, "", row.version, NOW)
    with pytest.raises(Refusal, match="not_possible"):
        extra.give(*give, 37, "x", row.version, NOW)
    extra.give(*give, 0, "ignored", row.version, NOW)
    row = session.scalars(select(ExtraTime)).one()
    assert (row.percent, row.reason, row.version) == (0, "", 2)
    # an attempt under way never loses time that it had been given
    assert attempt.due_at == NOW + 30 * MINUTE
    acts = session.scalars(select(AuditEntry).where(AuditEntry.action.like("extratime.%"))).all()
    assert sorted(act.action for act in acts) == ["extratime.end", "extratime.give"]
    assert not any("loupe" in f"{a.reason} {a.details} {a.subject_label}" for a in acts)


def test_extra_time_goes_along_to_another_cohort(desk, session):
    at = desk("minutes = 20\n")
    extra.give(session, at.trainer.actor, at.enrolment, 100, "Deux fois plus.", 0, NOW)
    there = enrol(session, at.enrolment.person, cohort_on(session, at.release, country="SN"))
    there.transferred_from_id = at.enrolment.id
    session.flush()
    attempt = service.start_attempt(session, at.actor, there, at.paper(), NOW)
    assert attempt.due_at == NOW + 40 * MINUTE


# Attempts


def test_attempts_run_out_and_wait(desk, session):
    at = desk("attempts = 2\nwait_hours = 12\n")
    service.abandon(session, at.actor, at.start(), NOW)
    with pytest.raises(Refusal, match="attempt_too_soon"):
        at.start(NOW + 11 * HOUR)
    at.take(NOW + 12 * HOUR)
    with pytest.raises(Refusal, match="no_attempts_left"):
        at.start(NOW + timedelta(days=30))


def test_the_best_attempt_counts_or_the_last(desk, session):
    for settings, still in (("", True), ('counts = "last"\n', False)):
        at = desk(settings)
        first = at.take(without=["open"])
        assert first.passed
        later = at.start(NOW + HOUR)
        at.submit(later, NOW + HOUR)
        assert not later.passed
        session.refresh(first)
        assert first.superseded is not still
        assert ("c6-method" in record(session, at.enrolment).done.passed) is still
        third = at.take(NOW + 2 * HOUR, without=["open"])
        assert third.passed
        assert "c6-method" in record(session, at.enrolment).done.passed


# The exam


def ready_for_exam(at):
    for slug in at.programme.written:
        for lesson in at.release.lessons(slug):
            mark_read(at.session, at.enrolment, lesson, NOW)
        # what is drawn differs each time, and may hold the open question
        attempt = at.take(key=slug)
        if attempt.to_mark:
            marks = marks_for(at, attempt, GOOD)
            marking.mark(at.session, at.trainer.actor, attempt, marks, NOW)


def test_the_exam_waits_for_every_module_and_counts_in_the_ledger(desk, session):
    at = desk()
    with pytest.raises(Refusal, match="module_locked"):
        at.start(key=EXAM)
    ready_for_exam(at)
    assert completed_modules(session, [at.enrolment.id])[at.enrolment.id] == set(
        at.programme.written
    )
    attempt = at.take(NOW + HOUR, key=EXAM)
    line = assessment.ledger(session, at.enrolment, at.release).line("exam")
    assert (line.needed, line.counted) == (1, 0 if attempt.to_mark else 1)
    if attempt.to_mark:
        marking.mark(session, at.trainer.actor, attempt, marks_for(at, attempt, GOOD), NOW + HOUR)
    line = assessment.ledger(session, at.enrolment, at.release).line("exam")
    assert (line.counted, line.missing, [row.id for row in line.rows]) == (1, 0, [str(attempt.id)])
    assert len({one["id"] for one in attempt.questions}) == 6
    there = enrol(session, at.enrolment.person, cohort_on(session, at.release, country="SN"))
    there.transferred_from_id = at.enrolment.id
    session.flush()
    assert assessment.ledger(session, there, at.release).line("exam").counted == 1
