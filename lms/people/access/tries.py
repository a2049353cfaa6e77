"""Tries with a password or code: counted before they are checked, by account and by address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, func, or_, select

from lms.core import throttle
from lms.core.db import AnySession
from lms.network.models import Country
from lms.people.models import AccountSession, Person
from lms.people.passwords import dummy_hash, verify
from lms.people.rules import IDLE_KEPT, Identifier, identify

ACCOUNT_LIMIT = throttle.Limit(10, timedelta(minutes=15))
"""Failed tries on one account, whoever makes them."""
ADDRESS_LIMIT = throttle.Limit(20, timedelta(minutes=15))
"""Failed tries from one address on accounts that never signed in from there."""


@dataclass(frozen=True)
class Attempt:
    """One try that has been counted and may now be checked, outside any transaction."""

    candidates: tuple[tuple[UUID, str | None], ...]
    """Key and password hash of whoever may be meant; None where nothing fits."""
    account_keys: tuple[str, ...]
    address_key: str | None

    def match(self, password: str, *, cheap: bool = False) -> tuple[UUID, str] | None:
        """Key and hash of the person whom the password fits. As slow for people unknown."""
        hashes = [(key, kept) for key, kept in self.candidates if kept is not None]
        if not hashes:
            verify(dummy_hash(cheap), password)
            return None
        return next(((key, kept) for key, kept in hashes if verify(kept, password)), None)


def begin(session: AnySession, who: str, address: str, now: datetime) -> Attempt:
    """Count a try on the account that `who` names. Raises Refusal("throttled").

    It is counted before it is checked, so that a thousand tries at once are no more than ten.
    """
    meant = read_identifier(session, who)
    found = session.execute(
        select(Person.id, Person.password_hash, Person.left_at)
        .where(is_meant(meant))
        .order_by(Person.id)
        .limit(3)
        .with_for_update()
    ).all()
    keys = tuple(f"sign-in:person:{key}" for key, *_ in found) or (unknown_key(meant),)
    attempt = Attempt(
        tuple((key, kept if left is None else None) for key, kept, left in found),
        keys,
        None
        if _is_at_home(session, [key for key, *_ in found], address, now)
        else f"sign-in:address:{network_of(address)}",
    )
    _count(session, attempt, now)
    return attempt


def begin_known(session: AnySession, person: Person, now: datetime) -> Attempt:
    """Count a try of somebody signed in who is asked for the password again."""
    attempt = Attempt(((person.id, person.password_hash),), (f"sign-in:person:{person.id}",), None)
    _count(session, attempt, now)
    return attempt


def succeed(session: AnySession, attempt: Attempt, person_id: UUID, now: datetime) -> Person | None:
    """The try was right: it no longer counts. None if the person has left since."""
    person = session.get(Person, person_id)
    if person is None or person.left_at is not None:
        return None
    forgiven = session.scalar(
        select(func.count()).where(throttle.Try.key.in_(attempt.account_keys))
    )
    for key in attempt.account_keys:
        throttle.forget(session, key)
    if attempt.address_key is not None:
        # a classroom's typing errors go with the sign-in that follows them
        latest = (
            select(throttle.Try.id)
            .where(throttle.Try.key == attempt.address_key)
            .order_by(throttle.Try.at.desc(), throttle.Try.id.desc())
            .limit(forgiven)
        )
        session.execute(
            delete(throttle.Try)
            .where(throttle.Try.id.in_(latest))
            .execution_options(synchronize_session=False)
        )
    return person


def _count(session: AnySession, attempt: Attempt, now: datetime) -> None:
    for key in attempt.account_keys:
        throttle.check(session, key, ACCOUNT_LIMIT, now)
    if attempt.address_key is not None:
        throttle.check(session, attempt.address_key, ADDRESS_LIMIT, now)
        throttle.note(session, attempt.address_key, now)
    for key in attempt.account_keys:
        throttle.note(session, key, now)
    session.flush()


def _is_at_home(session: AnySession, keys: list[UUID], address: str, now: datetime) -> bool:
    """Whether one of these people signed in from this address lately."""
    if not keys or not address:
        return False
    return (
        session.scalar(
            select(AccountSession.id)
            .where(
                AccountSession.person_id.in_(keys),
                AccountSession.address == address,
                AccountSession.last_seen_at > now - IDLE_KEPT,
            )
            .limit(1)
        )
        is not None
    )


# --- whom a text names ---


def read_identifier(session: AnySession, who: str) -> Identifier:
    """What somebody typed: an address, a number as any country writes it, or a chosen name."""
    return identify(who, session.scalars(select(Country.code).order_by(Country.code)).all())


def is_meant(meant: Identifier) -> ColumnElement[bool]:
    """Whether a person answers to it."""
    # a comparison with None would mean "has none", and fit nearly everybody
    ways: list[ColumnElement[bool]] = [false()]
    if meant.email is not None:
        ways.append(Person.email == meant.email)
    if meant.phones:
        ways.append(Person.phone.in_(meant.phones))
    if meant.login_name is not None:
        ways.append(Person.login_name == meant.login_name)
    return or_(*ways)


def unknown_key(meant: Identifier) -> str:
    """Under which key tries on somebody unknown are counted; it does not tell what was typed."""
    return f"sign-in:unknown:{sha256(meant.key.encode('utf-8', 'replace')).hexdigest()[:32]}"


def network_of(address: str) -> str:
    """What is counted as one address: an IPv4 address, or the first half of an IPv6 one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:60]
    return ":".join(ip.exploded.split(":")[:4]) if isinstance(ip, IPv6Address) else str(ip)
