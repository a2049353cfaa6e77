"""An attempt's life: its states, its time, and whether another one may be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lms.core.errors import Refusal
from lms.curriculum.rules import Quiz, Review

EXAM = "@exam"
"""What stands in place of a module's slug for the final exam; no module can be called so."""
ATTEMPT_TIME = timedelta(days=14)
"""How long the answers of an attempt without a time limit may still change (our proposal)."""
GRACE = timedelta(seconds=30)
"""How much later than its time limit an answer may still arrive: networks are slow."""
GIVE_UP_AFTER = timedelta(days=14)
"""How long after its time an attempt without a limit waits to be handed in (our proposal)."""
EXTRA_PERCENT = (25, 50, 100)
"""How much more time a person may be given."""


class AttemptState(StrEnum):
    """Where an attempt at a quiz stands."""

    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    FINISHED = "finished"
    ABANDONED = "abandoned"


class AttemptEvent(StrEnum):
    """What can happen to an attempt."""

    EXPIRE = "expire"
    SUBMIT = "submit"
    ABANDON = "abandon"


TRANSITIONS: dict[tuple[AttemptState, AttemptEvent], AttemptState] = {
    (AttemptState.IN_PROGRESS, AttemptEvent.EXPIRE): AttemptState.OVERDUE,
    (AttemptState.IN_PROGRESS, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.IN_PROGRESS, AttemptEvent.ABANDON): AttemptState.ABANDONED,
    (AttemptState.OVERDUE, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.OVERDUE, AttemptEvent.ABANDON): AttemptState.ABANDONED,
}
"""Finished and abandoned attempts stay as they are: a new try is a new attempt."""

OPEN = frozenset({AttemptState.IN_PROGRESS, AttemptState.OVERDUE})
"""States in which an attempt still waits for its trainee; there is at most one a quiz."""


# Time ------------------------------------------------------------------------------------------


def due_at(started_at: datetime, minutes: int = 0, extra_percent: int = 0) -> datetime:
    """Until when answers may change. `minutes`: the time limit, 0 for none."""
    if not minutes:
        return started_at + ATTEMPT_TIME
    return started_at + timedelta(seconds=minutes * 60 * (100 + extra_percent) // 100)


def is_due(due: datetime, now: datetime) -> bool:
    """Whether the time for changing answers is over, as it is shown."""
    return now >= due


def is_too_late(due: datetime, now: datetime) -> bool:
    """Whether the server takes no more answers: a little later than shown."""
    return now > due + GRACE


def seconds_left(due: datetime, now: datetime) -> int:
    """Whole seconds until the time is over; never less than none."""
    return max(0, int((due - now).total_seconds()))


class Ending(StrEnum):
    """What the clock does with an attempt whose time is over."""

    WAIT = "wait"
    HAND_IN = "hand_in"
    GIVE_UP = "give_up"


def ending(due: datetime, now: datetime, *, timed: bool, answered: bool) -> Ending:
    """With a time limit, what was saved is handed in; without one, it waits a while longer.

    An attempt in which nothing was answered is given up, never scored.
    """
    if not is_too_late(due, now):
        return Ending.WAIT
    if timed:
        return Ending.HAND_IN if answered else Ending.GIVE_UP
    return Ending.GIVE_UP if now >= due + GIVE_UP_AFTER else Ending.WAIT


# Another attempt -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chances:
    """Whether another attempt may be made: how many are left, and from when."""

    used: int
    left: int | None
    """None: any number."""
    opens_at: datetime | None
    """From when the next may start; None where there is no waiting."""

    def is_waiting(self, now: datetime) -> bool:
        """Whether one is left, but not yet."""
        return self.opens_at is not None and now < self.opens_at

    def is_open(self, now: datetime) -> bool:
        """Whether one may start now."""
        return self.left != 0 and not self.is_waiting(now)

    def check(self, now: datetime) -> None:
        """Raises Refusal where none may start now."""
        if self.left == 0:
            raise Refusal("no_attempts_left", limit=self.used)
        if self.is_waiting(now):
            raise Refusal("attempt_too_soon")


def chances(quiz: Quiz, ended_at: Sequence[datetime]) -> Chances:
    """From when each attempt that was closed had ended; a given up one counts as used too."""
    left = max(0, quiz.attempts - len(ended_at)) if quiz.attempts else None
    opens_at = None
    if quiz.wait_hours and ended_at and left != 0:
        opens_at = max(ended_at) + timedelta(hours=quiz.wait_hours)
    return Chances(len(ended_at), left, opens_at)


def may_review(review: Review, *, passed: bool) -> bool:
    """Whether whoever took the quiz is shown right answers and feedback."""
    return review is Review.ALWAYS or (review is Review.PASSED and passed)
