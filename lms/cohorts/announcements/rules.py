"""The life of an announcement."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lms.core.errors import Refusal

MOST_AHEAD = timedelta(days=366)
"""How far ahead one may plan."""


class AnnouncementState(StrEnum):
    """Where an announcement stands."""

    PLANNED = "planned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class AnnouncementEvent(StrEnum):
    """What happens to an announcement."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    PLAN = "plan"


ANNOUNCEMENT_TRANSITIONS: dict[tuple[AnnouncementState, AnnouncementEvent], AnnouncementState] = {
    (AnnouncementState.PLANNED, AnnouncementEvent.PUBLISH): AnnouncementState.PUBLISHED,
    (AnnouncementState.PLANNED, AnnouncementEvent.WITHDRAW): AnnouncementState.WITHDRAWN,
    (AnnouncementState.PUBLISHED, AnnouncementEvent.WITHDRAW): AnnouncementState.WITHDRAWN,
    (AnnouncementState.WITHDRAWN, AnnouncementEvent.RESTORE): AnnouncementState.PUBLISHED,
    (AnnouncementState.WITHDRAWN, AnnouncementEvent.PLAN): AnnouncementState.PLANNED,
}


def way_back(*, was_published: bool) -> AnnouncementEvent:
    """How a withdrawal is undone: back to everybody, or back to waiting for its hour."""
    return AnnouncementEvent.RESTORE if was_published else AnnouncementEvent.PLAN


def hour_of(day: date | None, at: time | None, zone: str, now: datetime) -> datetime:
    """When it appears: now where nothing was planned, else at this hour on the cohort's clocks.

    Raises Refusal: half a time, an hour that has gone by, a day too far away.
    """
    if day is None and at is None:
        return now
    if day is None or at is None:
        raise Refusal("announcement_half_time")
    planned = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    if planned <= now:
        raise Refusal("announcement_past")
    if planned > now + MOST_AHEAD:
        raise Refusal("announcement_far")
    return planned
