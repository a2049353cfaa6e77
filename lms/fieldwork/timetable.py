"""Where a person is expected: training days of their cohorts, and sessions of supervision."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from lms.cohorts.training import calendars as training
from lms.core.calendar import write
from lms.core.db import AnySession
from lms.fieldwork.supervision import feeds as supervision
from lms.people.models import Person


def feed(session: AnySession, person: Person, base_url: str, now: datetime) -> bytes:
    """All of it for a person's calendar, without names of people: whoever has the address reads."""
    with force_locale(person.language):
        dates = [
            *training.appointments(session, person, base_url, now),
            *supervision.appointments(session, person, base_url, now),
        ]
        return write(dates, "timetable", name=_("Timetable"))
