"""Meetings of a cohort, whatever for: planned in series, found by time, changed as seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid5

from sqlalchemy import Select, select

from lms.cohorts.models import Meeting
from lms.cohorts.timetable.rules import Slot, clashes
from lms.core.db import AnySession
from lms.core.errors import Stale
from lms.core.transitions import advance, target
from lms.policy.actor import Actor

M = TypeVar("M", bound=Meeting)
MOST_TAKEN = 500
"""Meetings that are looked at for a clash."""


def keys_of(first: UUID, number: int) -> list[UUID]:
    """Keys of a series, told from that of its first date: planned twice, it is made once."""
    return [uuid5(first, str(turn)) if turn else first for turn in range(number)]


def with_keys(session: AnySession, model: type[M], keys: Sequence[UUID]) -> list[M]:
    """Those of a series that were made before, in order."""
    query = select(model).where(model.id.in_(keys)).order_by(model.starts_at)
    return list(session.scalars(query).unique())


def between(
    session: AnySession, query: Select[M], start: datetime, end: datetime, limit: int
) -> list[M]:
    """Those that begin in this time, in order."""
    model: type[M] = query.column_descriptions[0]["entity"]
    found = session.scalars(
        query.where(model.starts_at >= start, model.starts_at < end)
        .order_by(model.starts_at, model.id)
        .limit(limit)
    )
    return list(found.unique())


def overlapping(
    session: AnySession,
    query: Select[M],
    slots: Sequence[Slot],
    longest: int,
    but: UUID | None,
) -> list[M]:
    """Those of a query that overlap one of the slots, `but` the one being changed.

    longest: minutes that any of them may last.
    """
    if not slots:
        return []
    first = min(slot.starts_at for slot in slots) - timedelta(minutes=longest)
    last = max(slot.ends_at for slot in slots)
    return [
        other
        for other in between(session, query, first, last, MOST_TAKEN)
        if other.id != but and clashes(slot_of(other), slots)
    ]


def slot_of(meeting: Meeting) -> Slot:
    """The time it takes."""
    return Slot(meeting.starts_at, meeting.minutes)


# --- changing ---


def is_open_to(meeting: Meeting, event: StrEnum) -> bool:
    """Whether the event may happen to it as it stands."""
    return (meeting.state, event) in meeting.lifecycle


def require_open(meeting: Meeting, event: StrEnum, seen: int) -> None:
    """Whether it is open to an event, as somebody saw it. Raises Stale and Refusal."""
    target(meeting.lifecycle, meeting.state, event)
    if seen != meeting.revision:
        raise Stale


def touch(meeting: Meeting, now: datetime) -> None:
    """It has changed: forms opened before are stale, calendars show it anew."""
    meeting.revision += 1
    meeting.updated_at = now


def lead_on(
    session: AnySession,
    actor: Actor,
    meeting: Meeting,
    event: StrEnum,
    now: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Lead it on by an event."""
    with session.no_autoflush:
        table = meeting.lifecycle
        advance(session, actor, meeting, event, table, now=now, reason=reason, details=details)
    touch(meeting, now)
    session.flush()
