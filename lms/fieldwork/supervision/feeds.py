"""Sessions for calendars: without names, topics or links in a feed, in full in a file."""

from datetime import datetime

from flask_babel import gettext as _

from lms.cohorts.timetable.feeds import MOST_EVENTS, window
from lms.cohorts.timetable.meetings import between
from lms.core.calendar import Appointment, uid_of, write
from lms.core.db import AnySession
from lms.core.labels import label
from lms.fieldwork.models import SupervisionSession
from lms.fieldwork.rules import SupervisionState
from lms.fieldwork.supervision import queries
from lms.people.models import Person


def appointments(
    session: AnySession, person: Person, base_url: str, now: datetime
) -> list[Appointment]:
    """A person's own sessions for their feed: whoever has its address reads it."""
    found = between(session, queries.own(person.actor), *window(now), MOST_EVENTS)
    return [_appointment(meeting, base_url, in_full=False) for meeting in found]


def single(meeting: SupervisionSession, base_url: str) -> bytes:
    """One session as a file, for whoever may see its page."""
    return write([_appointment(meeting, base_url, in_full=True)], "supervision")


def _appointment(meeting: SupervisionSession, base_url: str, *, in_full: bool) -> Appointment:
    lines = [meeting.topic, meeting.link, meeting.supervisor.name] if in_full else []
    return Appointment(
        uid=uid_of(meeting.id, base_url),
        sequence=meeting.revision - 1,
        changed_at=meeting.updated_at or meeting.created_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=f"{_('Supervision')} ({label(meeting.kind)})",
        url=f"{base_url}/practice/supervision/{meeting.id}",
        place=meeting.place or (_("Online") if meeting.link else ""),
        text="\n".join(filter(None, lines)),
        is_cancelled=meeting.state is SupervisionState.CANCELLED,
    )
