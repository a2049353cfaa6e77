"""Rules of a training day: what may be planned, who came, what it counts. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from lms.cohorts.timetable.rules import Slot, check_planned, instant
from lms.core.errors import Refusal

LEAST_MINUTES = 30
MOST_MINUTES = 720
BACK_DAYS = 60
"""How long after the day training that nobody had planned may still be entered."""
EARLY = timedelta(minutes=60)
"""How long before the beginning a code is taken."""
LATE = timedelta(minutes=60)
"""How long after the end."""


class TrainingState(StrEnum):
    """Where a training session stands. Its days count once held."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class TrainingEvent(StrEnum):
    """What happens to a training session."""

    HOLD = "hold"
    REOPEN = "reopen"
    CANCEL = "cancel"


TRAINING_TRANSITIONS = {
    (TrainingState.PLANNED, TrainingEvent.HOLD): TrainingState.HELD,
    (TrainingState.PLANNED, TrainingEvent.CANCEL): TrainingState.CANCELLED,
    (TrainingState.HELD, TrainingEvent.REOPEN): TrainingState.PLANNED,
}


class Worth(StrEnum):
    """What a session counts as; our ledger adds up half days, so that sums stay exact."""

    WHOLE = "whole"
    HALF = "half"
    NONE = "none"

    @property
    def halves(self) -> int:
        """In half days."""
        return {Worth.WHOLE: 2, Worth.HALF: 1, Worth.NONE: 0}[self]

    @classmethod
    def of(cls, halves: int) -> "Worth":
        """Of so many half days."""
        return next(one for one in cls if one.halves == halves)


class Rhythm(StrEnum):
    """How the dates of a series follow each other."""

    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def days(self) -> int:
        """From one date to the next."""
        return 1 if self is Rhythm.DAILY else 7


class Attended(StrEnum):
    """Whether somebody came."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


THERE = frozenset({Attended.PRESENT, Attended.LATE, Attended.LEFT_EARLY})


class Noting(StrEnum):
    """How it came to be known."""

    LIST = "list"
    CODE = "code"


def counted_halves(mark: Attended, halves: int) -> int:
    """What a session of so many half days brings to one trainee.

    Who came late has the whole of it; who left early has half of a whole day (our proposal).
    """
    if mark not in THERE:
        return 0
    return (halves + 1) // 2 if mark is Attended.LEFT_EARLY else halves


# --- planning ---


@dataclass(frozen=True)
class Plan:
    """What is planned, or changed."""

    slots: tuple[Slot, ...]
    worth: Worth
    title: str
    place: str
    link: str
    note: str
    modules: tuple[str, ...]
    trainer_ids: frozenset[UUID]


def slot(day: date, begins: time, ends: time, zone: str) -> Slot:
    """From when to when, on the clocks there. Raises Refusal.

    Where clocks are put forward or back in between, it lasts as long as it does.
    """
    if ends <= begins:
        raise Refusal("training_ends_before")
    start, end = instant(day, begins, zone), instant(day, ends, zone)
    return Slot(start, int((end - start).total_seconds()) // 60)


def series(
    day: date, begins: time, ends: time, zone: str, times: int, rhythm: Rhythm
) -> tuple[Slot, ...]:
    """The same hours on the clocks there, several times. Raises Refusal."""
    return tuple(
        slot(day + timedelta(days=turn * rhythm.days), begins, ends, zone) for turn in range(times)
    )


def check_plan(plan: Plan, starts_on: date, ends_on: date, zone: str, now: datetime) -> None:
    """Whether training may be planned so, in a cohort with these dates. Raises Refusal."""
    if not plan.trainer_ids:
        raise Refusal("training_without_trainer")
    if any(not LEAST_MINUTES <= one.minutes <= MOST_MINUTES for one in plan.slots):
        raise Refusal("training_length", most=MOST_MINUTES // 60)
    check_planned(plan, starts_on, ends_on, zone, now, BACK_DAYS)


# --- the list ---


@dataclass(frozen=True)
class Tick:
    """What a trainer notes of one trainee, and what stood there when they looked."""

    mark: Attended
    reason: str
    seen: Attended


def check_close(
    starts_at: datetime,
    expected: Collection[UUID],
    marks: Mapping[UUID, tuple[Attended, bool]],
    now: datetime,
) -> None:
    """Whether the list may be closed: everybody is spoken of, somebody was there.

    marks: of each enrolment, and whether a reason is known. Raises Refusal.
    """
    if starts_at > now:
        raise Refusal("training_in_future")
    missing = [
        key
        for key in expected
        if marks.get(key, (Attended.EXPECTED, False))[0] is Attended.EXPECTED
    ]
    if missing:
        raise Refusal("training_list_incomplete", number=len(missing))
    if any(mark is Attended.EXCUSED and not reason for mark, reason in marks.values()):
        raise Refusal("training_excuse_missing")
    if not any(mark in THERE for mark, _ in marks.values()):
        raise Refusal("training_nobody_there")


def takes_code(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether a code is taken now."""
    return starts_at - EARLY <= now <= ends_at + LATE
