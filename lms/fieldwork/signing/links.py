"""One-time ways to answer without an account. A token of 128 bits; only its hash is kept."""

from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select, update

from lms.core import audit, throttle
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.fieldwork.models import ConfirmationLink, OfCase, Placement, PracticumEntry
from lms.fieldwork.rules import EntryState, LinkPurpose, Means
from lms.fieldwork.signing.rules import lifetime
from lms.people.sessions.service import hash_token
from lms.policy.actor import Actor

MAKE_LIMIT = throttle.Limit(40, timedelta(hours=1))
"""Links that one person may make."""

ANSWER_LIMIT = throttle.Limit(30, timedelta(minutes=15))
"""Answers that lead nowhere, from one address."""


def find_link(session: AnySession, link_id: UUID) -> ConfirmationLink | None:
    """A link by key, for whoever made it."""
    return session.get(ConfirmationLink, link_id)


def make_link(
    session: AnySession,
    actor: Actor,
    about: PracticumEntry | Placement,
    purpose: LinkPurpose,
    means: Means,
    now: datetime,
) -> tuple[ConfirmationLink, str]:
    """A link and its token, told once. A new code on the spot closes the one shown before it.

    Raises Refusal("throttled").
    """
    key = f"confirm:make:{actor.person_id}"
    throttle.check(session, key, MAKE_LIMIT, now)
    throttle.note(session, key, now)
    if means is Means.QR:
        for shown in open_links(session, about, now, {purpose}):
            if shown.means is Means.QR:
                shown.cancelled_at = now
    token = token_urlsafe(16)
    link = ConfirmationLink(
        enrolment=about.enrolment,
        token_hash=hash_token(token),
        purpose=purpose,
        means=means,
        entry=about if isinstance(about, PracticumEntry) else None,
        placement=about if isinstance(about, Placement) else None,
        created_by_id=actor.person_id,
        created_at=now,
        expires_at=now + lifetime(purpose, means),
    )
    session.add(link)
    session.flush()
    details = {"purpose": purpose.value, "means": means.value}
    audit.record(session, actor, "link.make", link, now=now, details=details)
    return link, token


def open_links(
    session: AnySession,
    about: OfCase,
    now: datetime,
    purposes: Collection[LinkPurpose] = frozenset(LinkPurpose),
) -> list[ConfirmationLink]:
    """Links of an entry or a placement that may still be answered, the newest first."""
    is_entry = isinstance(about, PracticumEntry)
    column = ConfirmationLink.entry_id if is_entry else ConfirmationLink.placement_id
    return list(
        session.scalars(
            select(ConfirmationLink)
            .where(
                column == about.id,  # type: ignore[attr-defined]
                ConfirmationLink.purpose.in_(purposes),
                ConfirmationLink.used_at.is_(None),
                ConfirmationLink.cancelled_at.is_(None),
                ConfirmationLink.expires_at > now,
            )
            .order_by(ConfirmationLink.created_at.desc(), ConfirmationLink.id.desc())
        )
    )


def find_by_token(session: AnySession, token: str) -> ConfirmationLink:
    """The link's record, whatever became of it. Raises Refusal("link_unknown")."""
    query = select(ConfirmationLink).where(ConfirmationLink.token_hash == hash_token(token))
    found = session.scalar(query)
    gone = found is None or (found.entry is not None and found.entry.state is EntryState.DELETED)
    if found is None or gone:
        raise Refusal("link_unknown")
    return found


def open_link(session: AnySession, token: str, now: datetime) -> ConfirmationLink:
    """The link's record, if it may be answered; changes nothing.

    Raises Refusal: link_unknown, link_used, link_cancelled, link_expired.
    """
    found = find_by_token(session, token)
    if found.used_at is not None:
        raise Refusal("link_used")
    if found.cancelled_at is not None:
        raise Refusal("link_cancelled")
    if found.expires_at <= now:
        raise Refusal("link_expired")
    return found


def use(session: AnySession, link: ConfirmationLink, now: datetime) -> None:
    """The link has been answered, whoever of two at once came first. Raises Refusal."""
    used = session.execute(
        update(ConfirmationLink)
        .where(
            ConfirmationLink.id == link.id,
            ConfirmationLink.used_at.is_(None),
            ConfirmationLink.cancelled_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("link_used")
    session.refresh(link)


def cancel(session: AnySession, actor: Actor, link: ConfirmationLink, now: datetime) -> None:
    """Close a link that nobody has answered; once is enough."""
    if link.used_at is not None:
        raise Refusal("link_used")
    if link.cancelled_at is None:
        link.cancelled_at = now
        session.flush()
        audit.record(session, actor, "link.cancel", link, now=now)
