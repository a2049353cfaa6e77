"""Ways in: links and codes, used once; a new password."""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from uuid_utils.compat import uuid7

from lms.core import audit, jobs, throttle
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.settings import Settings
from lms.network.models import Country
from lms.people.access.tries import Attempt, is_meant, network_of, read_identifier, unknown_key
from lms.people.models import AccessToken, AccountSession, Person
from lms.people.rules import (
    FORGET_SESSIONS,
    IDLE_KEPT,
    LIFETIME,
    Names,
    TokenKind,
    name_faults,
    new_code,
    read_code,
)
from lms.people.sessions import service as sessions
from lms.people.sessions.service import hash_token
from lms.policy.actor import Actor

RESET_LIMIT = throttle.Limit(3, timedelta(hours=1))
RESET_ADDRESS_LIMIT = throttle.Limit(60, timedelta(hours=1))

ALL_KINDS = frozenset(TokenKind)

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
        (f"reset:{unknown_key(read_identifier(session, who))}", RESET_LIMIT),
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
            .where(
                is_meant(read_identifier(session, who)),
                Person.left_at.is_(None),
                Person.email.is_not(None),
            )
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
