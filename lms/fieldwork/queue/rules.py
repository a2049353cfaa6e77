"""Rules of the queue: what is usual, who has taken what, how long something can be undone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Protocol
from uuid import UUID

BULK_LIMIT = 100
"""Entries approved at once, at most: a page of them can still be looked through."""
CLAIM_FOR = timedelta(minutes=20)
UNDO_FOR = timedelta(minutes=2)
"""For so long the trainee is told nothing, and an approval can be undone."""
ESCALATE_AFTER = timedelta(days=10)
REMIND_AFTER = timedelta(days=3)
"""A supervisor is reminded of nothing that came in later."""
LONGEST_ABSENCE = timedelta(days=366)


class Claimable(Protocol):
    """What somebody may have taken from the queue."""

    claimed_by_id: UUID | None
    claimed_until: datetime | None


def held_by_other(entry: Claimable, person_id: UUID | None, now: datetime) -> bool:
    """Whether somebody else is looking at it right now."""
    if entry.claimed_by_id is None or entry.claimed_until is None:
        return False
    return entry.claimed_by_id != person_id and now < entry.claimed_until


def usual_days(waits: Collection[timedelta]) -> int | None:
    """After how many days decisions usually came: the median, a day at least. None without any."""
    if not waits:
        return None
    return max(1, round(median(wait.total_seconds() for wait in waits) / 86_400))


@dataclass(frozen=True)
class Away:
    """When somebody is away, and who stands in."""

    supervisor_id: UUID
    stand_in_id: UUID
    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether it holds on this day; first and last day are part of it."""
        return self.starts_on <= day <= self.ends_on

    def meets(self, other: "Away") -> bool:
        """Whether both hold on some day."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def absence_fault(new: Away, others: Collection[Away], today: date) -> str | None:
    """Code of what speaks against an absence, or None."""
    if new.ends_on < new.starts_on:
        return "absence_dates_reversed"
    if new.ends_on < today:
        return "absence_over"
    if new.ends_on - new.starts_on > LONGEST_ABSENCE:
        return "absence_too_long"
    if new.stand_in_id == new.supervisor_id:
        return "stand_in_oneself"
    for other in others:
        if not new.meets(other):
            continue
        if other.supervisor_id == new.supervisor_id:
            return "absence_overlaps"
        if other.supervisor_id == new.stand_in_id:
            return "stand_in_away"
        if other.stand_in_id == new.supervisor_id:
            return "stands_in_then"
    return None
