"""Sessions for calendars: one file, or a feed under a secret address of one's own."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event, vDuration, vText, vUri
from sqlalchemy import select

from lms.core.db import AnySession
from lms.core.labels import label
from lms.fieldwork.models import CalendarFeed, SupervisionSession
from lms.fieldwork.rules import SupervisionState
from lms.fieldwork.supervision import queries
from lms.people.models import Person
from lms.policy.actor import Actor

PAST_DAYS = 92
"""How far back a feed goes."""
AHEAD_DAYS = 400
MOST_EVENTS = 500
REFRESH = timedelta(hours=6)
_STATUS = {SupervisionState.CANCELLED: "CANCELLED"}


# --- the address ---


def feed_of(session: AnySession, actor: Actor) -> CalendarFeed | None:
    """The person's feed, if they have one."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == actor.person_id)
    return session.scalars(query).first()


def make_feed(session: AnySession, actor: Actor, now: datetime) -> str:
    """A new secret address; an earlier one stops working. The token is told once."""
    if actor.person_id is None:
        raise PermissionError("nobody's calendar")
    end_feed(session, actor)
    token = secrets.token_urlsafe(16)
    session.add(CalendarFeed(person_id=actor.person_id, token_hash=_hash(token), created_at=now))
    session.flush()
    return token


def end_feed(session: AnySession, actor: Actor) -> None:
    """Nobody reads it any more."""
    known = feed_of(session, actor)
    if known is not None:
        session.delete(known)
        session.flush()


def holder(session: AnySession, token: str) -> Person | None:
    """Whose feed it is; nobody's once they have left."""
    query = select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token))
    found = session.scalars(query).first()
    return None if found is None or found.person.left_at is not None else found.person


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


# --- what it says ---


def feed(session: AnySession, person: Person, base_url: str, now: datetime) -> bytes:
    """A person's own sessions, without names, topics or links: whoever has the address reads it."""
    start, end = now - timedelta(days=PAST_DAYS), now + timedelta(days=AHEAD_DAYS)
    found = queries.between(session, queries.own(person.actor), start, end, MOST_EVENTS)
    with force_locale(person.language):
        made = _calendar(found, base_url, in_full=False)
        name = _("Supervision")
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(REFRESH))
        return bytes(made.to_ical())


def single(meeting: SupervisionSession, base_url: str) -> bytes:
    """One session as a file, for whoever may see its page."""
    return bytes(_calendar([meeting], base_url, in_full=True).to_ical())


def _calendar(meetings: Iterable[SupervisionSession], base_url: str, *, in_full: bool) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//territorial-coaching-lms//supervision//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for meeting in meetings:
        made.add_component(_event(meeting, base_url, in_full=in_full))
    return made


def _event(meeting: SupervisionSession, base_url: str, *, in_full: bool) -> Event:
    """Times are in UTC: every calendar shows them in its own zone, whatever zones it knows."""
    address = f"{base_url}/practice/supervision/{meeting.id}"
    made = Event()
    made.add("uid", f"{meeting.id}@{base_url.partition('//')[2].partition(':')[0]}")
    made.add("sequence", meeting.revision - 1)
    made.add("dtstamp", meeting.updated_at or meeting.created_at)
    made.add("dtstart", meeting.starts_at)
    made.add("dtend", meeting.ends_at)
    made.add("summary", f"{_('Supervision')} ({label(meeting.kind)})")
    made.add("status", _STATUS.get(meeting.state, "CONFIRMED"))
    made.add("url", vUri(address))
    place = meeting.place or (_("Online") if meeting.link else "")
    if place:
        made.add("location", vText(place))
    lines = [meeting.topic, meeting.link, meeting.supervisor.name] if in_full else []
    made.add("description", "\n".join([*filter(None, lines), address]))
    return made
