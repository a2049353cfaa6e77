"""Training for calendars."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from lms.cohorts.models import TrainingSession
from lms.cohorts.timetable.feeds import MOST_EVENTS, window
from lms.cohorts.timetable.meetings import between
from lms.cohorts.training import queries
from lms.cohorts.training.rules import TrainingState
from lms.core.calendar import Appointment, uid_of, write
from lms.core.db import AnySession
from lms.people.models import Person


def appointments(
    session: AnySession, person: Person, base_url: str, now: datetime
) -> list[Appointment]:
    """A person's own training for their feed: whoever has its address reads it."""
    found = between(session, queries.own(person.actor), *window(now), MOST_EVENTS)
    return [appointment(one, base_url, person.language, in_full=False) for one in found]


def single(meeting: TrainingSession, base_url: str, language: str) -> bytes:
    """One session as a file, for whoever may see its page."""
    return write([appointment(meeting, base_url, language)], "training")


def appointment(
    meeting: TrainingSession,
    base_url: str,
    language: str,
    *,
    in_full: bool = True,
    cancelled: bool = False,
) -> Appointment:
    """A session as a date; in a feed without title, names and link."""
    with force_locale(language):
        kind, online = _("Training"), _("Online")
        lines = [meeting.link, ", ".join(one.name for one in meeting.trainers)] if in_full else []
        return Appointment(
            uid=uid_of(meeting.id, base_url),
            sequence=meeting.revision - 1,
            changed_at=meeting.updated_at or meeting.created_at,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            summary=f"{kind}{_(': ')}{meeting.title}" if in_full else kind,
            url=f"{base_url}/training/{meeting.id}",
            place=meeting.place or (online if meeting.link else ""),
            text="\n".join(filter(None, lines)),
            is_cancelled=cancelled or meeting.state is TrainingState.CANCELLED,
        )
