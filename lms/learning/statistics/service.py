"""Finished attempts as statistics: all quizzes in one query, one quiz question by question."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Integer, Select, cast, func, select
from sqlalchemy.orm import lazyload, load_only

from lms.cohorts.models import Enrolment
from lms.cohorts.service import enrolments_visible_to
from lms.core.db import AnySession
from lms.curriculum.release import Release
from lms.curriculum.rules import Question, QuestionKind
from lms.curriculum.service import release as load_release
from lms.learning.models import OpenMark, QuizAttempt
from lms.learning.quizzes.rules import scoring
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.learning.quizzes.rules.scoring import Given, Levels
from lms.learning.statistics.rules import LEAST, Figures, Response, figures
from lms.policy.actor import Actor

MOST = 2_000
"""Attempts that are read, the newest first; the page says when there are more."""


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """A quiz as a whole, by the first finished attempt of each person."""

    key: str
    people: int
    passed: int
    mean_percent: int


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """A question as it stands now, and what attempts at exactly this wording tell."""

    question: Question
    figures: Figures


def quizzes(session: AnySession, actor: Actor, cohort_id: UUID | None = None) -> list[QuizFigures]:
    """Every quiz that enough people have finished, among those the actor may look at. One query."""
    first = _first(actor, cohort_id).subquery()
    share = cast(QuizAttempt.score, Integer) * 100.0 / QuizAttempt.out_of
    query = (
        select(
            QuizAttempt.module,
            func.count(),
            func.sum(cast(QuizAttempt.passed, Integer)),
            func.avg(share),
        )
        .join(first, first.c.id == QuizAttempt.id)
        .where(QuizAttempt.out_of > 0)
        .group_by(QuizAttempt.module)
        .having(func.count() >= LEAST)
    )
    return [
        QuizFigures(key, people, int(passed or 0), int(mean or 0))
        for key, people, passed, mean in session.execute(query).all()
    ]


def questions(
    session: AnySession,
    actor: Actor,
    release: Release,
    key: str,
    pool: Sequence[Question],
    cohort_id: UUID | None = None,
) -> tuple[list[QuestionFigures], int]:
    """Figures of each question of a quiz, and how many attempts they rest on."""
    first = _first(actor, cohort_id).where(QuizAttempt.module == key).subquery()
    attempts = list(
        session.scalars(
            select(QuizAttempt)
            .join(first, first.c.id == QuizAttempt.id)
            .options(
                lazyload(QuizAttempt.enrolment),
                load_only(QuizAttempt.release_id, QuizAttempt.questions, QuizAttempt.answers),
            )
            .order_by(QuizAttempt.finished_at.desc(), QuizAttempt.id)
            .limit(MOST)
        )
    )
    marks = _marks(session, attempts) if any(q.kind is QuestionKind.OPEN for q in pool) else {}
    found: dict[str, list[Response]] = defaultdict(list)
    for attempt in attempts:
        then = load_release(session, attempt.release_id)
        for response in _responses(attempt, then, marks.get(attempt.id, {})):
            name = response.question
            if then is release or then.question(name) == release.question(name):
                found[name].append(response)
    rows = [
        QuestionFigures(question, figures(question.id, found[question.id], offered(question)))
        for question in pool
    ]
    return rows, len(attempts)


def offered(question: Question) -> dict[str, bool]:
    """Every answer that can be taken, and whether it is right; steps stand before their answers."""
    if question.kind is QuestionKind.SCENARIO:
        return {
            f"{step.id}/{answer.id}": answer.correct
            for step in question.steps
            for answer in step.answers
        }
    if question.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        return {answer.id: answer.correct for answer in question.answers}
    return {}


def _first(actor: Actor, cohort_id: UUID | None) -> Select[UUID]:
    """Ids of each person's first finished attempt at each quiz: later ones have seen feedback."""
    mine = enrolments_visible_to(actor).with_only_columns(Enrolment.id)
    if cohort_id is not None:
        mine = mine.where(Enrolment.cohort_id == cohort_id)
    done = (QuizAttempt.state == AttemptState.FINISHED, QuizAttempt.score.is_not(None))
    numbered = (
        select(
            QuizAttempt.enrolment_id,
            QuizAttempt.module,
            func.min(QuizAttempt.number).label("number"),
        )
        .where(*done, QuizAttempt.enrolment_id.in_(mine))
        .group_by(QuizAttempt.enrolment_id, QuizAttempt.module)
        .subquery()
    )
    return select(QuizAttempt.id).join(
        numbered,
        (numbered.c.enrolment_id == QuizAttempt.enrolment_id)
        & (numbered.c.module == QuizAttempt.module)
        & (numbered.c.number == QuizAttempt.number),
    )


def _marks(session: AnySession, attempts: Sequence[QuizAttempt]) -> dict[UUID, dict[str, Levels]]:
    marks: dict[UUID, dict[str, Levels]] = defaultdict(dict)
    query = select(OpenMark.attempt_id, OpenMark.question, OpenMark.levels)
    for attempt_id, question, levels in session.execute(
        query.where(OpenMark.attempt_id.in_([attempt.id for attempt in attempts])).order_by(
            OpenMark.number
        )
    ):
        marks[attempt_id][question] = levels
    return marks


def _responses(
    attempt: QuizAttempt, release: Release, marks: dict[str, Levels]
) -> Iterator[Response]:
    asked = [q for row in attempt.questions if (q := release.question(row["id"])) is not None]
    given: dict[str, Given] = {q.id: attempt.answers.get(q.id, {}) for q in asked}
    earned = {q.id: scoring.earned(q, given[q.id], marks.get(q.id)) for q in asked}
    whole, worth = sum(earned.values()), scoring.out_of(asked)
    for question in asked:
        own = scoring.points(question)
        yield Response(
            question.id,
            earned[question.id],
            own,
            whole - earned[question.id],
            worth - own,
            tuple(_chosen(question, given[question.id])),
        )


def _chosen(question: Question, given: Given) -> Iterator[str]:
    if question.kind is QuestionKind.SCENARIO:
        yield from (f"{step}/{answer}" for step, answer in given.items())
    elif question.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        yield from given
