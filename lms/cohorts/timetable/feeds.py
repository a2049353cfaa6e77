"""The secret address under which a person's calendar reads where they are expected."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from lms.cohorts.models import CalendarFeed
from lms.core.db import AnySession
from lms.people.models import Person
from lms.policy.actor import Actor

PAST_DAYS = 92
"""How far back a feed goes."""
AHEAD_DAYS = 400
MOST_EVENTS = 500
"""Of each kind, in one feed."""


def window(now: datetime) -> tuple[datetime, datetime]:
    """From when to when a feed goes."""
    return now - timedelta(days=PAST_DAYS), now + timedelta(days=AHEAD_DAYS)


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
    made = CalendarFeed(person_id=actor.person_id, token_hash=token_hash(token), created_at=now)
    session.add(made)
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
    query = select(CalendarFeed).where(CalendarFeed.token_hash == token_hash(token))
    found = session.scalars(query).first()
    return None if found is None or found.person.left_at is not None else found.person


def token_hash(token: str) -> str:
    """What is kept of an address."""
    return sha256(token.encode()).hexdigest()
