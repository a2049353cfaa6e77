"""What hosts confirm of an entry, and what of it still stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.fieldwork.entries.content import content_of
from lms.fieldwork.entries.rules import facts_fingerprint
from lms.fieldwork.models import ConfirmationLink, PracticumEntry, Signature
from lms.fieldwork.rules import Means, Party
from lms.fieldwork.signing import links
from lms.fieldwork.signing.rules import CONFIRMABLE, STRENGTH
from lms.policy.actor import Actor


@dataclass(frozen=True)
class Answer:
    """What somebody without an account typed."""

    name: str
    role: str
    language: str
    comment: str = ""
    objects: bool = False

    @property
    def author(self) -> Actor:
        """How the trail names them: a name that was typed is not taken for an account."""
        return Actor(display_name=f"hôte : {self.name}")


def confirmable(entry: PracticumEntry) -> None:
    """Whether there is something for a host to confirm.

    Raises Refusal: confirm_closed, confirm_incomplete.
    """
    if entry.state not in CONFIRMABLE:
        raise Refusal("confirm_closed", state=entry.state)
    known = entry.type and entry.placement_id and entry.minutes_direct
    if not known or not sum(entry.participants.values()):
        raise Refusal("confirm_incomplete")


def answer_entry(
    session: AnySession, link: ConfirmationLink, seen: str, given: Answer, now: datetime
) -> Signature:
    """A host confirms what they were shown, or says that it is not right. Uses the link.

    Raises Refusal, and Stale when the entry reads otherwise by now.
    """
    entry = link.entry
    if entry is None:
        raise Refusal("link_unknown")
    hold(session, [entry])
    confirmable(entry)
    fingerprint = facts_fingerprint(content_of(entry))
    if seen != fingerprint:
        raise Stale
    links.use(session, link, now)
    signature = Signature(
        enrolment=entry.enrolment,
        entry_id=entry.id,
        party=Party.HOST,
        means=link.means,
        fingerprint=fingerprint,
        signer_name=given.name,
        signer_role=given.role,
        language=given.language,
        comment=given.comment,
        objects=given.objects,
        link_id=link.id,
        signed_at=now,
    )
    session.add(signature)
    details = {"means": link.means.value, "fingerprint": fingerprint}
    if given.objects:
        audit.record(session, given.author, "entry.host-object", entry, now=now, details=details)
    else:
        audit.record(session, given.author, "entry.host-confirm", entry, now=now, details=details)
    session.flush()
    refresh(session, entry, now)
    return signature


def hold(session: AnySession, entries: Iterable[PracticumEntry]) -> None:
    """Read entries afresh, and let nobody change them before this is committed."""
    held = {entry.id: entry for entry in entries}
    query = select(PracticumEntry.id).where(PracticumEntry.id.in_(held))
    session.execute(query.order_by(PracticumEntry.id).with_for_update())
    for entry in held.values():
        session.refresh(entry)


def signatures_of(session: AnySession, entry: PracticumEntry) -> list[Signature]:
    """All that hosts have said of an entry, the latest first; what is void among it."""
    return list(
        session.scalars(
            select(Signature)
            .where(Signature.entry_id == entry.id)
            .order_by(Signature.signed_at.desc(), Signature.id.desc())
        )
    )


def find_paper(session: AnySession, signature_id: UUID) -> Signature | None:
    """An agreement's signature that has a scan; an entry's lies among its evidence."""
    found = session.get(Signature, signature_id)
    is_paper = found is not None and found.placement_id is not None and found.file_id is not None
    return found if is_paper else None


def refresh(session: AnySession, entry: PracticumEntry, now: datetime) -> None:
    """Void what was signed of other facts; show how the host has confirmed these ones.

    Whoever changes what an entry says calls it. An objection takes no confirmation away: both
    are shown.
    """
    given = session.scalars(
        select(Signature).where(Signature.entry_id == entry.id, Signature.voided_at.is_(None))
    ).all()
    if not given and entry.host_means is None:
        return
    fingerprint = facts_fingerprint(content_of(entry))
    for signature in given:
        if signature.fingerprint != fingerprint:
            signature.voided_at = now
    entry.host_means = means_of(given)
    session.flush()


def means_of(signatures: Iterable[Signature]) -> Means | None:
    """How an entry's host has confirmed it, of all signatures that stand."""
    standing = [each.means for each in signatures if not each.voided_at and not each.objects]
    return max(standing, key=STRENGTH.__getitem__, default=None)
