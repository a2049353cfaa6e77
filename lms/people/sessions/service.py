"""Signed-in browsers: opened, recognised by one query, listed, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import and_, bindparam, case, select, update
from sqlalchemy.orm import joinedload

from lms.core import audit
from lms.core.db import AnySession, UTCDateTime
from lms.people.models import AccountSession, Person, RoleGrant
from lms.people.rules import IDLE, IDLE_KEPT, SEEN_EVERY
from lms.policy.actor import Actor, Grant


@dataclass(frozen=True)
class SignedIn:
    """Whoever a cookie's token belongs to, as Flask-Login wants it."""

    actor: Actor
    session_id: UUID
    last_seen_at: datetime
    token: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def id(self) -> UUID | None:
        """Key of the person."""
        return self.actor.person_id

    def get_id(self) -> str:
        """What the cookie carries: the session's token."""
        return self.token

    def is_seen_long_ago(self, now: datetime) -> bool:
        """Whether it is time to write down that the session is in use."""
        return now - self.last_seen_at >= SEEN_EVERY


@dataclass(frozen=True)
class Device:
    """Where somebody signs in from."""

    address: str = ""
    browser: str = ""


NO_DEVICE = Device()


_ALIVE = (
    AccountSession.ended_at.is_(None),
    AccountSession.last_seen_at
    > case(
        (AccountSession.kept, bindparam("oldest_kept", type_=UTCDateTime())),
        else_=bindparam("oldest", type_=UTCDateTime()),
    ),
)
_LOAD = (
    select(
        AccountSession.id,
        AccountSession.last_seen_at,
        Person.id,
        Person.given_name,
        Person.family_name,
        Person.given_name_ar,
        Person.family_name_ar,
        Person.country_code,
        Person.language,
        Person.time_zone,
        RoleGrant.role,
        RoleGrant.scope,
        RoleGrant.scope_id,
    )
    .join(Person, Person.id == AccountSession.person_id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)))
    .where(AccountSession.token_hash == bindparam("token"), *_ALIVE, Person.left_at.is_(None))
)
"""Built once: it is asked with every request of somebody signed in."""


def _oldest(now: datetime) -> dict[str, datetime]:
    return {"oldest": now - IDLE, "oldest_kept": now - IDLE_KEPT}


def hash_token(token: str) -> str:
    """What is kept of a token of 128 random bits."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def open_session(
    session: AnySession,
    person: Person,
    now: datetime,
    *,
    device: Device = NO_DEVICE,
    kept: bool = False,
) -> str:
    """A new session; returns the token for the cookie."""
    token = token_urlsafe(16)
    session.add(
        AccountSession(
            person_id=person.id,
            token_hash=hash_token(token),
            created_at=now,
            last_seen_at=now,
            kept=kept,
            address=device.address[:60],
            browser=device.browser[:300],
        )
    )
    session.flush()
    return token


def load(session: AnySession, token: str, now: datetime) -> SignedIn | None:
    """Session, person and roles in one query; None if it ended, grew old, or the person left."""
    rows = session.execute(_LOAD, {"token": hash_token(token), **_oldest(now)}).all()
    if not rows:
        return None
    session_id, seen, person_id, given, family, given_ar, family_ar, *place = rows[0]
    country, language, zone, *_ = place
    actor = Actor(
        person_id=person_id,
        display_name=f"{given} {family}".strip(),
        arabic_name=f"{given_ar} {family_ar}".strip(),
        country_code=country,
        language=language,
        time_zone=zone,
        grants=frozenset(
            Grant(row.role, row.scope, row.scope_id) for row in rows if row.role is not None
        ),
    )
    return SignedIn(actor, session_id, seen, token)


def touch(session: AnySession, session_id: UUID, now: datetime) -> None:
    """Write down that the session is in use, unless another request just did."""
    session.execute(
        update(AccountSession)
        .where(AccountSession.id == session_id, AccountSession.last_seen_at <= now - SEEN_EVERY)
        .values(last_seen_at=now)
    )


def listed(session: AnySession, person_id: UUID, now: datetime) -> Sequence[AccountSession]:
    """A person's open sessions, the latest used first."""
    return session.scalars(
        select(AccountSession)
        .where(AccountSession.person_id == person_id, *_ALIVE)
        .order_by(AccountSession.last_seen_at.desc(), AccountSession.id),
        _oldest(now),
    ).all()


def find_session(session: AnySession, session_id: UUID) -> AccountSession | None:
    """One session with its person."""
    return session.scalar(
        select(AccountSession)
        .where(AccountSession.id == session_id)
        .options(joinedload(AccountSession.person))
    )


def end(session: AnySession, actor: audit.Author, ended: AccountSession, now: datetime) -> None:
    """End one session: its cookie is worth nothing from now on."""
    if ended.ended_at is None:
        ended.ended_at = now
        audit.record(session, actor, "session.end", ended, now=now)


def end_one(session: AnySession, session_id: UUID, now: datetime) -> None:
    """Sign out: end one's own session."""
    session.execute(
        update(AccountSession)
        .where(AccountSession.id == session_id, AccountSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: AnySession, person_id: UUID, now: datetime, *, but: UUID | None = None) -> int:
    """End all sessions of a person, or all but one; returns how many."""
    ending = update(AccountSession).where(
        AccountSession.person_id == person_id, AccountSession.ended_at.is_(None)
    )
    if but is not None:
        ending = ending.where(AccountSession.id != but)
    done = session.execute(ending.values(ended_at=now))
    return int(done.rowcount)  # type: ignore[attr-defined]
