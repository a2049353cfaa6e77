"""Days, hours and weeks on the clocks of a cohort; what overlaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.core.errors import Refusal


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
