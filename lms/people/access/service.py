"""Ways in: tries with a password or code, counted before they are checked; links used once."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, func, or_, select, update
from uuid_utils.compat import uuid7

from lms.core import audit, jobs, throttle
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.settings import Settings
from lms.network.models import Country
from lms.people.models import AccessToken, AccountSession, Person
from lms.people.passwords import dummy_hash, verify
from lms.people.rules import (
    FORGET_SESSIONS,
    IDLE_KEPT,
    LIFETIME,
    Identifier,
    Names,
    TokenKind,
    identify,
    name_faults,
    new_code,
    read_code,
)
from lms.people.sessions import service as sessions
from lms.people.sessions.service import hash_token
from lms.policy.actor import Actor

ACCOUNT_LIMIT = throttle.Limit(10, timedelta(minutes=15))
"""Failed tries on one account, whoever makes them."""
ADDRESS_LIMIT = throttle.Limit(20, timedelta(minutes=15))
"""Failed tries from one address on accounts that never signed in from there."""
RESET_LIMIT = throttle.Limit(3, timedelta(hours=1))
RESET_ADDRESS_LIMIT = throttle.Limit(60, timedelta(hours=1))

ALL_KINDS = frozenset(TokenKind)

# --- tries ---


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
    meant = _meant(session, who)
    found = session.execute(
        select(Person.id, Person.password_hash, Person.left_at)
        .where(_is(meant))
        .order_by(Person.id)
        .limit(3)
        .with_for_update()
    ).all()
    keys = tuple(f"sign-in:person:{key}" for key, *_ in found) or (_unknown(meant),)
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


def _meant(session: AnySession, who: str) -> Identifier:
    return identify(who, session.scalars(select(Country.code).order_by(Country.code)).all())


def _is(meant: Identifier) -> ColumnElement[bool]:
    # a comparison with None would mean "has none", and fit nearly everybody
    ways: list[ColumnElement[bool]] = [false()]
    if meant.email is not None:
        ways.append(Person.email == meant.email)
    if meant.phones:
        ways.append(Person.phone.in_(meant.phones))
    if meant.login_name is not None:
        ways.append(Person.login_name == meant.login_name)
    return or_(*ways)


def _unknown(meant: Identifier) -> str:
    return f"sign-in:unknown:{sha256(meant.key.encode('utf-8', 'replace')).hexdigest()[:32]}"


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


def network_of(address: str) -> str:
    """What is counted as one address: an IPv4 address, or the first half of an IPv6 one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:60]
    return ":".join(ip.exploded.split(":")[:4]) if isinstance(ip, IPv6Address) else str(ip)


# --- links ---


def expiry(kind: TokenKind, now: datetime) -> datetime:
    """Until when a way in made now stays open."""
    return now + LIFETIME[kind]


def link_url(settings: Settings, kind: TokenKind, token: str) -> str:
    """The address in mails and on slips; its page opens in the person's language."""
    area = "invitations" if kind is TokenKind.INVITATION else "reset"
    return f"{settings.base_url}/{area}/{token}"


def make_link(
    session: AnySession, actor: Actor, person: Person, kind: TokenKind, now: datetime
) -> str:
    """A link's token of 128 bits; only its hash is kept. Raises Refusal for who may not come in."""
    if person.left_at is not None:
        raise Refusal("person_left")
    if kind is TokenKind.INVITATION and person.password_hash is not None:
        raise Refusal("already_in")
    token = token_urlsafe(16)
    _keep(session, actor, person, kind, hash_token(token), now)
    return token


def _keep(
    session: AnySession,
    actor: Actor,
    person: Person,
    kind: TokenKind,
    token_hash: str,
    now: datetime,
) -> None:
    kept = AccessToken(
        person_id=person.id,
        person=person,
        kind=kind,
        token_hash=token_hash,
        created_at=now,
        created_by_id=actor.person_id,
        expires_at=expiry(kind, now),
    )
    session.add(kept)
    session.flush()
    audit.record(session, actor, f"access.make-{kind.value}", person, now=now)


def open_link(session: AnySession, kind: TokenKind, token: str, now: datetime) -> AccessToken:
    """The link's record; changes nothing. Raises Refusal: link_unknown, link_used, link_expired."""
    found = session.scalar(
        select(AccessToken).where(
            AccessToken.token_hash == hash_token(token), AccessToken.kind == kind
        )
    )
    if found is None or found.person.left_at is not None:
        raise Refusal("link_unknown")
    if found.used_at is not None:
        raise Refusal("link_used")
    if found.expires_at <= now:
        raise Refusal("link_expired")
    return found


def _use(session: AnySession, token: AccessToken, now: datetime) -> None:
    used = session.execute(
        update(AccessToken)
        .where(AccessToken.id == token.id, AccessToken.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("link_used")
    session.refresh(token)


def void_tokens(
    session: AnySession, person_id: UUID, now: datetime, kinds: Collection[TokenKind] = ALL_KINDS
) -> None:
    """Close all ways in of these kinds."""
    session.execute(
        update(AccessToken)
        .where(
            AccessToken.person_id == person_id,
            AccessToken.kind.in_(list(kinds)),
            AccessToken.used_at.is_(None),
        )
        .values(used_at=now)
    )


def accept_invitation(
    session: AnySession,
    token: AccessToken,
    names: Names,
    language: str,
    password_hash: str,
    now: datetime,
) -> Person:
    """The invited person comes in: names, language and password are theirs."""
    person = token.person
    country = session.get_one(Country, person.country_code)
    for code in name_faults(names, needs_arabic=country.needs_arabic_names).values():
        raise Refusal(code)
    _use(session, token, now)
    person.family_name, person.given_name = names.family_name, names.given_name
    person.family_name_ar, person.given_name_ar = names.family_name_ar, names.given_name_ar
    person.language = language
    set_password(session, person.actor, person, password_hash, now, how="invitation")
    return person


def reset_password(
    session: AnySession, token: AccessToken, password_hash: str, now: datetime
) -> Person:
    """A new password by a mailed link or a code; whoever was signed in is no longer."""
    _use(session, token, now)
    person = token.person
    set_password(session, person.actor, person, password_hash, now, how=token.kind.value)
    return person


def set_password(
    session: AnySession,
    actor: Actor,
    person: Person,
    password_hash: str,
    now: datetime,
    *,
    how: str,
    keep: UUID | None = None,
) -> None:
    """Keep a new hash; end all sessions but `keep`; close all other ways in."""
    person.password_hash = password_hash
    person.version += 1
    sessions.end_all(session, person.id, now, but=keep)
    void_tokens(session, person.id, now)
    throttle.forget(session, f"sign-in:person:{person.id}")
    audit.record(session, actor, "person.set-password", person, now=now, details={"by": how})
    session.flush()


# --- one-time codes ---


def make_code(session: AnySession, actor: Actor, person: Person, now: datetime, secret: str) -> str:
    """Eight digits that let the person set a password within a day; an earlier code is void."""
    if person.left_at is not None:
        raise Refusal("person_left")
    void_tokens(session, person.id, now, {TokenKind.CODE})
    code = new_code()
    while _code(session, person.id, code, secret) is not None:
        code = new_code()
    _keep(session, actor, person, TokenKind.CODE, _code_hash(person.id, code, secret), now)
    return code


def find_code(
    session: AnySession, attempt: Attempt, code: str, secret: str, now: datetime
) -> AccessToken | None:
    """The open code of whoever the try may mean."""
    digits = read_code(code)
    for person_id, _ in attempt.candidates:
        found = _code(session, person_id, digits, secret)
        usable = found is not None and found.used_at is None and found.expires_at > now
        if found is not None and usable and found.person.left_at is None:
            return found
    return None


def _code(session: AnySession, person_id: UUID, code: str, secret: str) -> AccessToken | None:
    return session.scalar(
        select(AccessToken).where(AccessToken.token_hash == _code_hash(person_id, code, secret))
    )


def _code_hash(person_id: UUID, code: str, secret: str) -> str:
    # eight digits could be tried out on a stolen database: the key is not in it
    return hmac.digest(secret.encode(), f"code:{person_id}:{code}".encode(), "sha256").hex()


# --- reset by mail ---


def ask_reset(session: AnySession, who: str, address: str, now: datetime) -> None:
    """Ask a job to mail a link, if anybody is meant. Known or not, the same is written."""
    keys = (
        (f"reset:{_unknown(_meant(session, who))}", RESET_LIMIT),
        (f"reset:address:{network_of(address)}", RESET_ADDRESS_LIMIT),
    )
    try:
        for key, limit in keys:
            throttle.check(session, key, limit, now)
    except Refusal:
        return
    for key, _ in keys:
        throttle.note(session, key, now)
    jobs.enqueue(session, "people.send_reset", str(uuid7()), {"who": who[:254]}, now)


def meant_by(session: AnySession, who: str) -> list[Person]:
    """Persons, not gone, with an e-mail address, whom the text may mean."""
    return list(
        session.scalars(
            select(Person)
            .where(_is(_meant(session, who)), Person.left_at.is_(None), Person.email.is_not(None))
            .limit(3)
        )
    )


def forget_old(session: AnySession, now: datetime) -> None:
    """Delete sessions and links that ended long ago: personal data without use."""
    old = now - FORGET_SESSIONS
    session.execute(
        delete(AccountSession).where(
            or_(AccountSession.ended_at < old, AccountSession.last_seen_at < old - IDLE_KEPT)
        )
    )
    session.execute(
        delete(AccessToken).where(or_(AccessToken.used_at < old, AccessToken.expires_at < old))
    )
