"""Open answers: who waits for marks, and marking them on the criteria of a rubric.

A mark given by mistake is corrected as a new version beside it, until a dossier rests on it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select, update
from sqlalchemy.orm import lazyload

from lms.cohorts.models import Enrolment
from lms.core import audit, mail
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
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
Marks: TypeAlias = Mapping[str, tuple[Mapping[str, int], str]]
"""Question id → levels by criterion, and a comment."""


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
    marks: Marks,
    now: datetime,
) -> None:
    """Mark every open answer of an attempt: it is scored, and the trainee is told.

    Raises Refusal where a level is missing, a comment too long, or a colleague was quicker.
    """
    _lock(session, attempt)
    if attempt.state is not AttemptState.FINISHED or not attempt.to_mark or not actor.person_id:
        raise Refusal("already_marked")
    given = _checked(session, attempt, marks)
    for question, (levels, comment) in given.items():
        session.add(
            OpenMark(
                attempt_id=attempt.id,
                question=question,
                levels=dict(levels),
                comment=comment,
                marked_by_id=actor.person_id,
                marked_at=now,
            )
        )
    _settle(session, attempt, given)
    details = service.outcome(attempt)
    audit.record(session, actor, "quizattempt.mark", attempt, now=now, details=details)
    _tell(session, attempt, now)


def correct(
    session: AnySession,
    actor: Actor,
    attempt: QuizAttempt,
    seen: int,
    marks: Marks,
    reason: str,
    now: datetime,
) -> None:
    """Mark again what was marked wrongly: scored anew, and the trainee is told why.

    What was marked otherwise gets a new version; the old one is kept. Sent twice, it is done once.
    seen: how many marks had been given when the page was opened. Raises Refusal where nothing was
    marked yet or differs, a reason is missing or a dossier rests on it; Stale where a colleague
    has corrected it since.
    """
    _lock(session, attempt)
    known = service.marks_of(session, attempt)
    if attempt.to_mark or not known or not actor.person_id:
        raise Refusal("not_marked_yet")
    given = _checked(session, attempt, marks)
    changed = {
        question: (levels, comment)
        for question, (levels, comment) in given.items()
        if (levels, comment) != (known[question][0].levels, known[question][0].comment)
    }
    if seen != number_of(known):
        last = max((rows[0] for rows in known.values()), key=lambda row: row.marked_at)
        if not changed and (last.marked_by_id, last.reason) == (actor.person_id, reason):
            return
        raise Stale
    if not reason:
        raise Refusal("reason_needed")
    if attempt.locked_at is not None:
        raise Refusal("marks_locked")
    if not changed:
        raise Refusal("marks_unchanged")
    before = service.outcome(attempt)
    for question, (levels, comment) in changed.items():
        session.add(
            OpenMark(
                attempt_id=attempt.id,
                question=question,
                number=known[question][0].number + 1,
                levels=dict(levels),
                comment=comment,
                reason=reason,
                marked_by_id=actor.person_id,
                marked_at=now,
            )
        )
    _settle(session, attempt, given)
    details = service.outcome(attempt) | {
        "before": before,
        "levels": {
            question: {"before": known[question][0].levels, "after": dict(levels)}
            for question, (levels, _comment) in changed.items()
        },
    }
    audit.record(
        session, actor, "quizattempt.correct", attempt, now=now, reason=reason, details=details
    )
    _tell(session, attempt, now, reason)


def number_of(marks: Mapping[str, Sequence[OpenMark]]) -> int:
    """How many marks an attempt has had, corrections included: what a page was opened on."""
    return sum(len(versions) for versions in marks.values())


def hold_fast(session: AnySession, enrolment_ids: Collection[UUID], at: datetime | None) -> None:
    """Hold the marks of a case fast while its dossier is looked at; None lets them go."""
    session.execute(
        update(QuizAttempt)
        .where(
            QuizAttempt.enrolment_id.in_(enrolment_ids),
            QuizAttempt.state == AttemptState.FINISHED,
        )
        .values(locked_at=at)
    )


def _lock(session: AnySession, attempt: QuizAttempt) -> None:
    """Hold the row until the end of the transaction, as it is now."""
    columns = ["state", "to_mark", "locked_at", "score", "passed"]
    session.refresh(attempt, attribute_names=columns, with_for_update=True)


def _checked(session: AnySession, attempt: QuizAttempt, marks: Marks) -> Marks:
    """A level on every criterion of every open answer, and comments of a decent length."""
    release, _paper = service.paper_taken(session, attempt)
    found = {}
    for row, criteria in open_answers(release, attempt):
        levels, comment = marks.get(row.question.id, ({}, ""))
        if set(levels) != {criterion.id for criterion in criteria}:
            raise Refusal("levels_missing")
        words = scoring.clean(comment, COMMENT_LENGTH + 1)
        if len(words) > COMMENT_LENGTH:
            raise Refusal("comment_too_long", limit=COMMENT_LENGTH)
        found[row.question.id] = (levels, words)
    return found


def _settle(session: AnySession, attempt: QuizAttempt, marks: Marks) -> None:
    """Points, and whether it is passed."""
    release, paper = service.paper_taken(session, attempt)
    questions = [question for question, _ in service.asked(release, attempt)]
    levels = {question: levels for question, (levels, _comment) in marks.items()}
    service.decide(session, attempt, questions, paper, levels)
    attempt.to_mark = 0
    session.flush()


def _tell(session: AnySession, attempt: QuizAttempt, now: datetime, reason: str = "") -> None:
    release, paper = service.paper_taken(session, attempt)
    person = attempt.enrolment.person
    context = {"attempt": attempt, "paper": paper, "release": release, "reason": reason}
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


def marked_by(session: AnySession, actor: Actor, now: datetime) -> Sequence[QuizAttempt]:
    """What the actor has marked lately in a cohort that they teach, newest first."""
    last = (
        select(OpenMark.attempt_id, func.max(OpenMark.marked_at).label("at"))
        .where(OpenMark.marked_by_id == actor.person_id, OpenMark.marked_at >= now - NEWS)
        .group_by(OpenMark.attempt_id)
        .subquery()
    )
    query = (
        select(QuizAttempt)
        .join(last, last.c.attempt_id == QuizAttempt.id)
        .join(Enrolment, Enrolment.id == QuizAttempt.enrolment_id)
        .where(
            Enrolment.cohort_id.in_(actor.cohorts(Role.TRAINER)),
            Enrolment.person_id != actor.person_id,
        )
        .order_by(last.c.at.desc(), QuizAttempt.id)
        .limit(MOST_NEWS)
    )
    return session.scalars(query).all()
