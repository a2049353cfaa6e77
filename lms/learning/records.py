"""What enrolments have read, passed and attended: one query, however many they are."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    BindParameter,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)

from lms.cohorts.models import Attendance, Cohort, Enrolment, TrainingSession
from lms.cohorts.training.rules import THERE, TrainingState
from lms.core.db import AnySession
from lms.learning.exercises.rules import WorkState
from lms.learning.models import ExerciseWork, LessonCompletion, QuizAttempt
from lms.learning.quizzes.rules.attempts import EXAM
from lms.learning.rules import Done

CHUNK = 10_000
"""Most enrolments asked about at once: SQLite takes no more than 32,766 values in a query."""


@dataclass(frozen=True, slots=True)
class ExamPass:
    """The attempt by which the final exam was first passed."""

    attempt_id: UUID
    passed_at: datetime


@dataclass(slots=True)
class Record:
    """One enrolment's learning, with dates."""

    programme: str
    release_id: str
    read_at: dict[str, datetime] = field(default_factory=dict)
    """Lesson id → when it was read to its end."""
    passed_at: dict[str, datetime] = field(default_factory=dict)
    """Module slug (or `@exam`) → when its quiz was first passed."""

    accepted_at: dict[str, datetime] = field(default_factory=dict)
    """Exercise → when a trainer accepted it."""
    waiting: set[str] = field(default_factory=set)
    """Exercises that a trainer has to look at."""
    returned: set[str] = field(default_factory=set)
    """Exercises that came back."""
    attended_at: dict[str, datetime] = field(default_factory=dict)
    """Module slug → when a training day about it was first attended."""
    exam: ExamPass | None = None
    """None as long as the final exam was not passed."""

    @property
    def done(self) -> Done:
        """The same for the rules, which need no dates."""
        accepted = frozenset(self.accepted_at)
        return Done(
            read=frozenset(self.read_at),
            passed=frozenset(self.passed_at),
            accepted=accepted,
            waiting=frozenset(self.waiting) - accepted,
            returned=frozenset(self.returned) - accepted - self.waiting,
            attended=frozenset(self.attended_at),
        )

    @property
    def last_read(self) -> str | None:
        """The lesson read last."""
        return max(self.read_at, key=lambda name: (self.read_at[name], name), default=None)

    @property
    def last_active_at(self) -> datetime | None:
        """When anything was last read or passed."""
        return max([*self.read_at.values(), *self.passed_at.values()], default=None)


def records(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, Record]:
    """The learning of each enrolment, in one query (for each ten thousand)."""
    found: dict[UUID, Record] = {}
    waiting = list(enrolment_ids)
    for start in range(0, len(waiting), CHUNK):
        for row in session.execute(FACTS, {"ids": waiting[start : start + CHUNK]}):
            note_fact(found, *row)
    return found


def record(session: AnySession, enrolment: Enrolment) -> Record:
    """The learning of one enrolment."""
    return records(session, [enrolment.id])[enrolment.id]


def _sources(ids: BindParameter[Any]) -> CTE:
    """Each enrolment with itself and those that it continues after a transfer."""
    enrolment = Enrolment.__table__
    sources = (
        select(enrolment.c.id.label("enrolment_id"), enrolment.c.id.label("source_id"))
        .where(enrolment.c.id.in_(ids))
        .cte("source", recursive=True)
    )
    before = (
        select(sources.c.enrolment_id, enrolment.c.transferred_from_id)
        .join(enrolment, enrolment.c.id == sources.c.source_id)
        .where(enrolment.c.transferred_from_id.is_not(None))
    )
    return sources.union(before)


def _facts() -> Select[Any]:
    """The case of each enrolment first, then what it has done, before a transfer too."""
    ids = bindparam("ids", expanding=True, type_=Uuid())
    enrolment, cohort = Enrolment.__table__, Cohort.__table__
    completion, attempt = LessonCompletion.__table__, QuizAttempt.__table__
    work = ExerciseWork.__table__
    sources = _sources(ids)
    cases = (
        select(
            enrolment.c.id.label("enrolment_id"),
            literal("case").label("kind"),
            cohort.c.programme.label("first"),
            cohort.c.release_id.label("second"),
            enrolment.c.enrolled_at.label("at"),
        )
        .join(cohort, cohort.c.id == enrolment.c.cohort_id)
        .where(enrolment.c.id.in_(ids))
    )
    lessons = select(
        sources.c.enrolment_id,
        literal("lesson"),
        completion.c.module,
        completion.c.lesson,
        completion.c.completed_at,
    ).join(completion, completion.c.enrolment_id == sources.c.source_id)
    quizzes = (
        select(
            sources.c.enrolment_id,
            literal("quiz"),
            attempt.c.module,
            cast(attempt.c.id, String),
            attempt.c.finished_at,
        )
        .join(attempt, attempt.c.enrolment_id == sources.c.source_id)
        .where(attempt.c.passed, ~attempt.c.superseded)
    )
    exercises = select(
        sources.c.enrolment_id,
        literal("work"),
        work.c.exercise,
        type_coerce(work.c.state, String),
        func.coalesce(work.c.decided_at, work.c.handed_in_at),
    ).join(work, work.c.enrolment_id == sources.c.source_id)
    exercises = exercises.where(work.c.handed_in_at.is_not(None))
    facts = union_all(cases, lessons, quizzes, exercises, _days(sources)).subquery()
    return select(
        facts.c.enrolment_id, facts.c.kind, facts.c.first, facts.c.second, facts.c.at
    ).order_by(facts.c.kind)  # "case" comes before "lesson" and "quiz"


def _days(sources: CTE) -> Select[Any]:
    """Training held with the trainee there, of which it is said what it was about."""
    there, day = Attendance.__table__, TrainingSession.__table__
    about = cast(day.c.modules, String)
    return (
        select(sources.c.enrolment_id, literal("there"), about, literal(""), day.c.starts_at)
        .join(there, there.c.enrolment_id == sources.c.source_id)
        .join(day, day.c.id == there.c.session_id)
        .where(there.c.mark.in_(sorted(THERE)), day.c.state == TrainingState.HELD, about != "[]")
    )


FACTS = _facts()
"""Made once: putting it together takes longer than running it."""


def _earliest(dates: dict[str, datetime], key: str, at: datetime) -> None:
    dates[key] = min(dates.get(key, at), at)


@lru_cache(maxsize=1_000)
def _slugs(modules: str) -> tuple[str, ...]:
    """What a day was about, as its column says; a whole cohort has attended the same days."""
    return tuple(json.loads(modules))


def note_fact(
    found: dict[UUID, Record], key: UUID, kind: str, first: str, second: str, at: datetime
) -> None:
    """Put one row of `FACTS` where it belongs."""
    if kind == "case":
        found[key] = Record(first, second)
    elif kind == "lesson":
        _earliest(found[key].read_at, f"{first}/{second}", at)
    elif kind == "quiz":
        _earliest(found[key].passed_at, first, at)
        exam = found[key].exam
        if first == EXAM and (exam is None or at < exam.passed_at):
            found[key].exam = ExamPass(UUID(second), at)
    elif kind == "there":
        for slug in _slugs(first):
            _earliest(found[key].attended_at, slug, at)
    elif second == WorkState.ACCEPTED.value:
        _earliest(found[key].accepted_at, first, at)
    elif second == WorkState.RETURNED.value:
        found[key].returned.add(first)
    else:
        found[key].waiting.add(first)
