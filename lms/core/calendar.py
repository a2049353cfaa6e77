"""Dates for calendars (RFC 5545, RFC 5546): a file, a feed, or what a message brings along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration, vText, vUri

REFRESH = timedelta(hours=6)


class Method(StrEnum):
    """What a calendar is to do with the dates."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Appointment:
    """One date, as a calendar shows it."""

    uid: str
    sequence: int
    """Counts every change: a calendar keeps the highest."""
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    url: str
    place: str = ""
    text: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class Invited:
    """Between whom a message about a date goes: addresses."""

    organizer: str
    attendee: str


def uid_of(key: object, base_url: str) -> str:
    """The name of a date, the same in a feed, a file and a message."""
    return f"{key}@{base_url.partition('//')[2].partition(':')[0]}"


def write(
    appointments: Iterable[Appointment],
    area: str,
    *,
    method: Method = Method.PUBLISH,
    name: str = "",
    invited: Invited | None = None,
) -> bytes:
    """A calendar. `name` is a feed's. Times are in UTC: every calendar shows its own zone."""
    made = Calendar()
    made.add("prodid", f"-//territorial-coaching-lms//{area}//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method.value)
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(REFRESH))
    for one in appointments:
        made.add_component(_event(one, invited))
    return bytes(made.to_ical())


def _event(one: Appointment, invited: Invited | None) -> Event:
    made = Event()
    made.add("uid", one.uid)
    made.add("sequence", one.sequence)
    made.add("dtstamp", one.changed_at)
    made.add("dtstart", one.starts_at)
    made.add("dtend", one.ends_at)
    made.add("summary", one.summary)
    made.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    made.add("url", vUri(one.url))
    if one.place:
        made.add("location", vText(one.place))
    made.add("description", "\n".join(filter(None, [one.text, one.url])))
    if invited is not None:
        made.add("organizer", vCalAddress(f"mailto:{invited.organizer}"))
        made.add(
            "attendee",
            vCalAddress(f"mailto:{invited.attendee}"),
            parameters={"RSVP": "FALSE", "PARTSTAT": "ACCEPTED", "ROLE": "REQ-PARTICIPANT"},
        )
    return made
