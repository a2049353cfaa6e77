"""Days, hours and weeks on the clocks of a cohort; what overlaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from lms.core.errors import Refusal

MOST_DATES = 26
"""That are planned at once: half a year of weeks."""


@dataclass(frozen=True)
class Slot:
    """A stretch of time that somebody is taken up by."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Clash:
    """Somebody, or a cohort, that is taken up already when something is to take place."""

    name: str
    slot: Slot


def instant(day: date, at: time, zone: str) -> datetime:
    """The moment at which clocks there show this. Raises Refusal when they never do.

    Where they show it twice, the first of the two.
    """
    local = datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(zone))
    found = local.astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refusal("no_such_time", day=day.isoformat(), time=f"{at:%H:%M}")
    return found


def weekly(day: date, at: time, zone: str, times: int) -> tuple[datetime, ...]:
    """The same weekday and the same hour on the clocks there, `times` weeks. Raises Refusal."""
    return tuple(instant(day + timedelta(weeks=week), at, zone) for week in range(times))


def tomorrow(now: datetime, zone: str) -> date:
    """The next day on the calendars there."""
    return (now + timedelta(days=1)).astimezone(ZoneInfo(zone)).date()


def week_of(day: date) -> tuple[date, date]:
    """Monday of the day's week, and the Monday after."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)


def clashes(slot: Slot, others: Iterable[Slot]) -> list[Slot]:
    """Those of the others that overlap it; one that begins as it ends does not."""
    return [
        other
        for other in others
        if other.starts_at < slot.ends_at and slot.starts_at < other.ends_at
    ]


class Planned(Protocol):
    """What is planned, for one date or several."""

    @property
    def slots(self) -> Sequence[Slot]:
        """When."""

    @property
    def place(self) -> str:
        """Where; or `link`."""

    @property
    def link(self) -> str:
        """Where, online."""


def check_planned(
    plan: Planned, starts_on: date, ends_on: date, zone: str, now: datetime, back_days: int
) -> None:
    """Whether a cohort with these dates may meet then and there. Raises Refusal.

    back_days: how long after the day what nobody had planned may still be entered.
    """
    if not 1 <= len(plan.slots) <= MOST_DATES:
        raise Refusal("meeting_too_many_dates", limit=MOST_DATES)
    if not plan.place and not plan.link:
        raise Refusal("meeting_without_place")
    for slot in plan.slots:
        if not starts_on <= slot.starts_at.astimezone(ZoneInfo(zone)).date() <= ends_on:
            raise Refusal("meeting_outside_cohort")
        if slot.starts_at < now - timedelta(days=back_days):
            raise Refusal("meeting_too_late", days=back_days)
