"""Reading and quizzes on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.cohorts.rules import ENROLMENT_TRANSITIONS, EnrolmentEvent
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.transitions import advance
from lms.learning import service
from lms.learning.models import LessonCompletion, QuizAttempt
from lms.learning.quizzes import service as quizzes
from lms.learning.quizzes.papers import paper_of
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.learning.quizzes.rules.scoring import right_answer
from lms.learning.records import record
from lms.policy.actor import SYSTEM
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.people import person


def right(release, attempt):
    """The right answers to an attempt."""
    return {q.id: right_answer(q) for q, _ in quizzes.asked(release, attempt)}


def start(session, actor, enrolment, release, module="c6-method", *, now=NOW):
    paper = paper_of(release, release.programmes[enrolment.cohort.programme], module)
    return quizzes.start_attempt(session, actor, enrolment, paper, now)


def read_all(session, enrolment, release, module="c6-method", now=NOW):
    for lesson in release.lessons(module):
        service.mark_read(session, enrolment, lesson, now)


def pass_quiz(session, actor, enrolment, release, module="c6-method", *, now=NOW):
    attempt = start(session, actor, enrolment, release, module, now=now)
    quizzes.save_answers(session, attempt, right(release, attempt), attempt.version, now)
    quizzes.submit(session, actor, attempt, attempt.version, now)
    return attempt


def test_reading_is_noted_once(session, enrolment, release):
    lesson = release.lesson("c6-method", "01-analysis")
    service.mark_read(session, enrolment, lesson, NOW)
    service.mark_read(session, enrolment, lesson, NOW + timedelta(days=1))
    (row,) = session.scalars(select(LessonCompletion)).all()
    assert (row.module, row.lesson, row.completed_at) == ("c6-method", "01-analysis", NOW)


def test_an_attempt_freezes_what_it_asks(session, actor, enrolment, release):
    attempt = start(session, actor, enrolment, release)
    assert attempt.state is AttemptState.IN_PROGRESS
    assert attempt.number == 1
    assert attempt.out_of == len(attempt.questions) == 3
    session.expire(attempt)
    asked = quizzes.asked(release, attempt)
    for question, drawn in asked:
        assert sorted(drawn.answers) == sorted(answer.id for answer in question.answers)


def test_starting_again_goes_on_with_the_open_attempt(session, actor, enrolment, release):
    first = start(session, actor, enrolment, release)
    assert start(session, actor, enrolment, release).id == first.id
    quizzes.submit(session, actor, first, first.version, NOW)
    second = start(session, actor, enrolment, release)
    assert (second.id != first.id, second.number) == (True, 2)


def test_a_right_attempt_passes_and_is_written_in_the_trail(session, actor, enrolment, release):
    attempt = pass_quiz(session, actor, enrolment, release)
    assert (attempt.state, attempt.score, attempt.passed) == (AttemptState.FINISHED, 3, True)
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == str(attempt.id)).order_by(AuditEntry.id)
    ).all()
    assert [row.action for row in rows] == ["quizattempt.start", "quizattempt.submit"]
    assert rows[1].details == {"score": 3, "out_of": 3, "passed": True}
    assert rows[1].case_id == enrolment.id


def test_an_empty_attempt_can_be_submitted_and_fails(session, actor, enrolment, release):
    attempt = start(session, actor, enrolment, release)
    quizzes.submit(session, actor, attempt, attempt.version, NOW)
    assert (attempt.score, attempt.passed) == (0, False)


def test_submitting_twice_changes_nothing(session, actor, enrolment, release):
    attempt = pass_quiz(session, actor, enrolment, release)
    later = NOW + timedelta(hours=1)
    quizzes.submit(session, actor, attempt, 1, later)
    assert attempt.finished_at == NOW


def test_a_stale_form_is_refused_and_nothing_is_lost(session, actor, enrolment, release):
    attempt = start(session, actor, enrolment, release)
    answers = right(release, attempt)
    name = next(iter(answers))
    quizzes.save_answers(session, attempt, {name: answers[name]}, 1, NOW)
    with pytest.raises(Stale):
        quizzes.save_answers(session, attempt, {}, 1, NOW)
    with pytest.raises(Stale):
        quizzes.submit(session, actor, attempt, 1, NOW)
    assert attempt.answers == {name: answers[name]}
    # the same form sent twice is no conflict
    quizzes.save_answers(session, attempt, {name: answers[name]}, 1, NOW)
    assert attempt.version == 2


def test_answers_that_do_not_belong_are_left_aside(session, actor, enrolment, release):
    attempt = start(session, actor, enrolment, release)
    quizzes.save_answers(session, attempt, {"nonsense": {"a": 1}, "c6-q02": {"zz": 1}}, 1, NOW)
    assert attempt.answers == {}


def test_a_closed_attempt_takes_no_answers(session, actor, enrolment, release):
    attempt = pass_quiz(session, actor, enrolment, release)
    with pytest.raises(Refusal, match="attempt_closed"):
        quizzes.save_answers(session, attempt, {}, attempt.version, NOW)


def test_after_the_time_is_over_saved_answers_can_still_be_submitted(
    session, actor, enrolment, release
):
    attempt = start(session, actor, enrolment, release)
    answers = right(release, attempt)
    quizzes.save_answers(session, attempt, answers, 1, NOW)
    late = NOW + timedelta(days=15)
    with pytest.raises(Refusal, match="attempt_overdue"):
        quizzes.save_answers(session, attempt, {}, attempt.version, late)
    assert quizzes.end_attempts(session, late) == 1
    assert quizzes.end_attempts(session, late) == 0
    assert attempt.state is AttemptState.OVERDUE
    quizzes.submit(session, actor, attempt, attempt.version, late)
    assert attempt.passed


def test_an_attempt_that_was_left_does_not_count(session, actor, enrolment, release):
    attempt = start(session, actor, enrolment, release)
    quizzes.abandon(session, actor, attempt, NOW)
    assert (attempt.state, attempt.score) == (AttemptState.ABANDONED, None)
    with pytest.raises(Refusal, match="attempt_closed"):
        quizzes.submit(session, actor, attempt, attempt.version, NOW)
    assert start(session, actor, enrolment, release).number == 2


def test_a_module_waits_for_those_before_it(session, actor, enrolment, release):
    with pytest.raises(Refusal, match="module_locked"):
        start(session, actor, enrolment, release, "a5-listening")
    read_all(session, enrolment, release)
    pass_quiz(session, actor, enrolment, release)
    assert start(session, actor, enrolment, release, "a5-listening").number == 1


def test_an_enrolment_that_is_paused_takes_nothing_new(session, actor, enrolment, release):
    event = EnrolmentEvent.PAUSE
    advance(session, SYSTEM, enrolment, event, ENROLMENT_TRANSITIONS, now=NOW, reason="x")
    with pytest.raises(Refusal, match="enrolment_not_active"):
        start(session, actor, enrolment, release)
    with pytest.raises(Refusal, match="enrolment_not_active"):
        service.mark_read(session, enrolment, release.lesson("c6-method", "01-analysis"), NOW)


def test_progress_of_many(session, cohort, actor, enrolment, release):
    other = enrol(session, person(session, "trainee.new"), cohort)
    abroad_cohort = cohort_on(session, release, country="SN")
    abroad = enrol(session, person(session, "trainee.sn"), abroad_cohort)
    read_all(session, enrolment, release)
    assert service.completed_modules(session, [enrolment.id]) == {enrolment.id: set()}
    pass_quiz(session, actor, enrolment, release)
    ids = [enrolment.id, other.id, abroad.id]
    assert service.completed_modules(session, ids) == {
        enrolment.id: {"c6-method"},
        other.id: set(),
        abroad.id: set(),
    }
    found = service.progress(session, ids)
    assert (found[enrolment.id].lessons_read, found[enrolment.id].lessons) == (2, 3)
    assert found[enrolment.id].modules == 2
    assert found[enrolment.id].last_active_at == NOW
    assert found[other.id].last_active_at is None


def test_progress_of_nobody(session):
    assert service.progress(session, []) == {}


def test_the_first_pass_is_the_date_that_counts(session, actor, enrolment, release):
    pass_quiz(session, actor, enrolment, release, now=NOW)
    pass_quiz(session, actor, enrolment, release, now=NOW + timedelta(days=3))
    read_all(session, enrolment, release, now=NOW + timedelta(days=1))
    assert record(session, enrolment).passed_at == {"c6-method": NOW}


def test_what_was_done_before_a_transfer_still_counts(session, actor, enrolment, release):
    read_all(session, enrolment, release)
    pass_quiz(session, actor, enrolment, release)
    there = enrol(session, enrolment.person, cohort_on(session, release, country="SN"))
    there.transferred_from_id = enrolment.id
    further = enrol(session, enrolment.person, cohort_on(session, release, country="BE"))
    further.transferred_from_id = there.id
    session.flush()
    for one in (there, further):
        assert service.completed_modules(session, [one.id]) == {one.id: {"c6-method"}}


def test_attempts_are_listed_newest_first(session, actor, enrolment, release):
    pass_quiz(session, actor, enrolment, release)
    start(session, actor, enrolment, release)
    session.expire_all()
    assert [a.number for a in quizzes.attempts_of(session, enrolment.id, "c6-method")] == [2, 1]


def test_no_two_attempts_have_the_same_number(session, actor, enrolment, release):
    first = start(session, actor, enrolment, release)
    assert session.get(QuizAttempt, first.id) is first
