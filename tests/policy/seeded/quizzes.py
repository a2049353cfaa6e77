"""Quizzes for the matrix: one under way, one that waits for marks, one marked; extra time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.curriculum import service as curriculum
from lms.curriculum.rules import QuestionKind
from lms.learning.models import ExtraTime, OpenMark, QuizAttempt
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.people.models import Person
from tests.policy.seeded.things import Thing, case_facts

NOW = datetime.now(UTC)


def things(session):
    """Attempts, marks and extra time, with the facts from the raw rows."""
    of_case = case_facts(session)
    facts = {}
    for attempt in session.scalars(select(QuizAttempt).order_by(QuizAttempt.id)).unique():
        facts[attempt.id] = of_case[attempt.enrolment_id] | {
            "state": attempt.state.value,
            "handed_in": attempt.finished_at is not None,
        }
        yield Thing("attempt", attempt, **facts[attempt.id])
    for mark in session.scalars(select(OpenMark).order_by(OpenMark.id)).unique():
        yield Thing("open mark", mark, **facts[mark.attempt_id])
    for row in session.scalars(select(ExtraTime).order_by(ExtraTime.id)).unique():
        yield Thing("extra time", row, **of_case[row.enrolment_id])


def add(session, salma, colleague):
    """One attempt of each sort for Salma; extra time for her, a colleague and somebody abroad."""
    release = curriculum.current_release(session)
    opened = next(q for q in release.content.questions.values() if q.kind is QuestionKind.OPEN)
    answers = {opened.id: {"text": "Les habitants d’abord."}}
    for number, more in (
        (9, {}),
        (10, {"state": AttemptState.FINISHED, "finished_at": NOW, "to_mark": 1}),
        (11, {"state": AttemptState.FINISHED, "finished_at": NOW, "score": 1, "passed": True}),
    ):
        attempt = QuizAttempt(
            enrolment=salma,
            module=opened.lesson.partition("/")[0],
            number=number,
            release_id=release.id,
            questions=[{"id": opened.id, "answers": []}],
            answers=answers,
            started_at=NOW,
            due_at=NOW + timedelta(days=14),
            saved_at=NOW,
            out_of=1,
            **more,
        )
        session.add(attempt)
    session.flush()
    trainer = session.scalars(select(Person).where(Person.email == "trainer@demo.example")).one()
    for version, reason in ((1, ""), (2, "Lu trop vite.")):
        session.add(
            OpenMark(
                attempt_id=attempt.id,
                question=opened.id,
                number=version,
                levels=dict.fromkeys(opened.criteria, 1 + version),
                comment="Qui manque ?",
                reason=reason,
                marked_by_id=trainer.id,
                marked_at=NOW,
            )
        )
    abroad = session.scalars(
        select(Enrolment).join(Cohort).where(Cohort.country_code == "SN").order_by(Enrolment.id)
    ).first()
    for enrolment in (salma, colleague, abroad):
        session.add(
            ExtraTime(
                enrolment=enrolment,
                percent=25,
                reason="Vue fatiguée.",
                given_by_id=trainer.id,
                given_at=NOW,
            )
        )
    session.flush()
