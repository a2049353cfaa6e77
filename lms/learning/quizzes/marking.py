"""Open answers: who waits for marks, and marking them on the criteria of a rubric."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import lazyload

from lms.cohorts.models import Enrolment
from lms.core import audit, mail
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.curriculum.release import Release
from lms.curriculum.rules import Criterion, Question
from lms.learning.models import OpenMark, QuizAttempt
from lms.learning.quizzes import service
from lms.learning.quizzes.rules import scoring
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.learning.quizzes.shown import Shown, shown
from lms.people import service as people
from lms.policy.actor import Actor, Role

COMMENT_LENGTH = 2_000


def waiting_for(actor: Actor) -> Select[QuizAttempt]:
    """Attempts with open answers that the actor may mark, in no particular order."""
    query = (
        select(QuizAttempt)
        .join(Enrolment, Enrolment.id == QuizAttempt.enrolment_id)
        .where(QuizAttempt.state == AttemptState.FINISHED, QuizAttempt.to_mark > 0)
    )
    teaches = actor.cohorts(Role.TRAINER)
    if not teaches:
        return query.where(false())
    return query.where(Enrolment.cohort_id.in_(teaches), Enrolment.person_id != actor.person_id)


def number_waiting(session: AnySession, actor: Actor) -> int:
    """How many attempts wait for the actor's marks."""
    if not actor.cohorts(Role.TRAINER):
        return 0
    waiting = waiting_for(actor).with_only_columns(QuizAttempt.id).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def open_answers(release: Release, attempt: QuizAttempt) -> list[tuple[Shown, Sequence[Criterion]]]:
    """What a trainer marks in an attempt, each with its criteria."""
    rows = shown(service.asked(release, attempt), attempt.answers)
    chosen = {
        question.id for question in scoring.to_mark([r.question for r in rows], attempt.answers)
    }
    return [(row, criteria_of(release, row.question)) for row in rows if row.question.id in chosen]


def criteria_of(release: Release, question: Question) -> Sequence[Criterion]:
    """The criteria on which an open question is marked."""
    rubric = release.rubric(question.rubric or "")
    known = rubric.criteria if rubric else ()
    return [criterion for criterion in known if criterion.id in question.criteria]


def mark(
    session: AnySession,
    actor: Actor,
    attempt: QuizAttempt,
    marks: Mapping[str, tuple[Mapping[str, int], str]],
    now: datetime,
) -> None:
    """Mark every open answer of an attempt: it is scored, and the trainee is told.

    marks: question id → levels by criterion, and a comment. Raises Refusal where a level is
    missing, a comment too long, or a colleague was quicker.
    """
    session.refresh(attempt, attribute_names=["state", "to_mark"], with_for_update=True)
    if attempt.state is not AttemptState.FINISHED or not attempt.to_mark or not actor.person_id:
        raise Refusal("already_marked")
    release, paper = service.paper_taken(session, attempt)
    levels = {}
    for row, criteria in open_answers(release, attempt):
        given, comment = marks.get(row.question.id, ({}, ""))
        if set(given) != {criterion.id for criterion in criteria}:
            raise Refusal("levels_missing")
        words = scoring.clean(comment, COMMENT_LENGTH + 1)
        if len(words) > COMMENT_LENGTH:
            raise Refusal("comment_too_long", limit=COMMENT_LENGTH)
        levels[row.question.id] = dict(given)
        session.add(
            OpenMark(
                attempt_id=attempt.id,
                question=row.question.id,
                levels=dict(given),
                comment=words,
                marked_by_id=actor.person_id,
                marked_at=now,
            )
        )
    questions = [question for question, _ in service.asked(release, attempt)]
    service.decide(session, attempt, questions, paper, levels)
    attempt.to_mark = 0
    session.flush()
    details = service.outcome(attempt)
    audit.record(session, actor, "quizattempt.mark", attempt, now=now, details=details)
    person = attempt.enrolment.person
    context = {"attempt": attempt, "paper": paper, "release": release}
    mail.send(session, people.recipient(person), "answers_marked", context, now)


NEWS = timedelta(days=7)
"""How long a trainee's home says that answers have been marked."""


def news_of(session: AnySession, enrolment_id: UUID, now: datetime) -> Sequence[QuizAttempt]:
    """Attempts of one enrolment that wait for marks, or were marked lately; newest first."""
    lately = select(OpenMark.attempt_id).where(OpenMark.marked_at >= now - NEWS)
    query = (
        select(QuizAttempt)
        .where(
            QuizAttempt.enrolment_id == enrolment_id,
            or_(QuizAttempt.to_mark > 0, QuizAttempt.id.in_(lately)),
        )
        .order_by(QuizAttempt.finished_at.desc())
        .options(lazyload(QuizAttempt.enrolment))
        .limit(MOST_NEWS)
    )
    return session.scalars(query).all()


MOST_NEWS = 5
