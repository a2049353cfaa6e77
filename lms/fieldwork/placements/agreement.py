"""The practice agreement: trainee, host and centre sign the same words; any change voids them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.files import FileStore, StoredFile, Upload, store
from lms.core.transitions import advance
from lms.fieldwork.entries.rules import fingerprint
from lms.fieldwork.models import ConfirmationLink, Placement, Signature
from lms.fieldwork.rules import (
    PLACEMENT_TRANSITIONS,
    Means,
    Party,
    PlacementEvent,
    PlacementState,
)
from lms.fieldwork.signing import links
from lms.fieldwork.signing.service import Answer
from lms.policy.actor import Actor

SIGNABLE = frozenset({PlacementState.PROPOSED, PlacementState.AGREED, PlacementState.RUNNING})


def terms(placement: Placement) -> dict[str, Any]:
    """What the three parties put their names to."""
    return {
        "placement": str(placement.id),
        "trainee": str(placement.person_id),
        "host": placement.host,
        "territory": placement.territory,
        "starts_on": placement.starts_on.isoformat(),
        "ends_on": placement.ends_on.isoformat(),
        "supervisor": str(placement.supervisor_id) if placement.supervisor_id else None,
        "own_institution": placement.own_institution,
        "conditions": placement.consent_note,
        "interests": placement.interests if placement.interests_declared else None,
    }


def fingerprint_of(placement: Placement) -> str:
    """SHA-256 of the terms as they read now."""
    return fingerprint(terms(placement))


def signable(placement: Placement) -> None:
    """Whether everything that will be signed is said.

    Raises Refusal: agreement_closed, agreement_without_supervisor, agreement_interests_first.
    """
    if placement.state not in SIGNABLE:
        raise Refusal("agreement_closed", state=placement.state)
    if placement.supervisor_id is None:
        raise Refusal("agreement_without_supervisor")
    if not placement.interests_declared:
        raise Refusal("agreement_interests_first")


def signatures_of(session: AnySession, placement: Placement) -> list[Signature]:
    """All signatures of an agreement, the latest first; what is void among them."""
    return list(
        session.scalars(
            select(Signature)
            .where(Signature.placement_id == placement.id)
            .order_by(Signature.signed_at.desc(), Signature.id.desc())
        )
    )


def standing(signatures: Iterable[Signature]) -> dict[Party, Signature]:
    """Who has signed what the agreement says now."""
    return {each.party: each for each in signatures if not each.voided_at and not each.objects}


def declare(
    session: AnySession, actor: Actor, placement: Placement, seen: int, ties: str, now: datetime
) -> None:
    """The trainee says what ties them to the host; '' for nothing."""
    if seen != placement.revision:
        raise Stale
    if placement.state not in SIGNABLE:
        raise Refusal("agreement_closed", state=placement.state)
    if placement.interests_declared and placement.interests == ties:
        return
    placement.interests_declared, placement.interests = True, ties
    placement.revision += 1
    session.flush()
    audit.record(session, actor, "placement.declare", placement, now=now)
    refresh(session, actor, placement, now)


def sign(
    session: AnySession, actor: Actor, placement: Placement, seen: str, party: Party, now: datetime
) -> None:
    """Trainee or centre sign with their account. Signing again changes nothing."""
    _check(session, placement, seen)
    if standing(signatures_of(session, placement)).get(party) is not None:
        return
    signature = _signature(placement, party, Means.ACCOUNT, actor.display_name, now)
    signature.signer_id = actor.person_id
    _add(session, actor, placement, signature, now)


def answer(
    session: AnySession, link: ConfirmationLink, seen: str, given: Answer, now: datetime
) -> None:
    """The host signs without an account, or says what is not right. Uses the link."""
    placement = link.placement
    if placement is None:
        raise Refusal("link_unknown")
    _check(session, placement, seen)
    links.use(session, link, now)
    signature = _signature(placement, Party.HOST, link.means, given.name, now)
    signature.signer_role, signature.language = given.role, given.language
    signature.comment, signature.objects = given.comment, given.objects
    signature.link_id = link.id
    _add(session, given.author, placement, signature, now)


def sign_on_paper(
    session: AnySession,
    actor: Actor,
    placement: Placement,
    seen: str,
    name: str,
    role: str,
    scan: Upload,
    files: FileStore,
    now: datetime,
) -> None:
    """The host has signed the printed agreement: its scan is handed in."""
    _check(session, placement, seen)
    kept: StoredFile = store(session, files, scan, actor.person_id, now)
    signature = _signature(placement, Party.HOST, Means.PAPER, name, now)
    signature.signer_role, signature.file_id = role, kept.id
    _add(session, actor, placement, signature, now)


def agree_on_paper(
    session: AnySession,
    actor: Actor,
    placement: Placement,
    reason: str,
    scan: Upload,
    files: FileStore,
    now: datetime,
) -> None:
    """An administrator stands by an agreement that exists on paper alone: why, and its scan."""
    if not reason:
        raise Refusal("reason_needed")
    event, kept = PlacementEvent.AGREE, store(session, files, scan, actor.person_id, now)
    advance(session, actor, placement, event, PLACEMENT_TRANSITIONS, now=now, reason=reason)
    placement.revision += 1
    signature = _signature(placement, Party.CENTRE, Means.PAPER, actor.display_name, now)
    signature.signer_id, signature.file_id = actor.person_id, kept.id
    signature.comment = reason
    session.add(signature)
    session.flush()


def refresh(session: AnySession, actor: Actor, placement: Placement, now: datetime) -> None:
    """Void what was signed of other terms. Whoever changes a placement calls it."""
    reads = fingerprint_of(placement)
    void = [
        each
        for each in signatures_of(session, placement)
        if each.voided_at is None and each.fingerprint != reads
    ]
    for each in void:
        each.voided_at = now
    if void:
        session.flush()
        names = sorted(each.party.value for each in void)
        details = {"parties": names}
        audit.record(session, actor, "placement.void", placement, now=now, details=details)


def _check(session: AnySession, placement: Placement, seen: str) -> None:
    # two who sign at once must not each believe that the third is missing
    session.execute(select(Placement.id).where(Placement.id == placement.id).with_for_update())
    session.refresh(placement)
    signable(placement)
    if seen != fingerprint_of(placement):
        raise Stale


def _signature(
    placement: Placement, party: Party, means: Means, name: str, now: datetime
) -> Signature:
    return Signature(
        enrolment=placement.enrolment,
        placement_id=placement.id,
        party=party,
        means=means,
        fingerprint=fingerprint_of(placement),
        signer_name=name,
        signed_at=now,
    )


def _add(
    session: AnySession, author: Actor, placement: Placement, signature: Signature, now: datetime
) -> None:
    """Keep the signature; with the third, the placement is agreed."""
    session.add(signature)
    session.flush()
    details = {
        "party": signature.party.value,
        "means": signature.means.value,
        "fingerprint": signature.fingerprint,
    }
    if signature.objects:
        audit.record(session, author, "placement.object", placement, now=now, details=details)
    else:
        audit.record(session, author, "placement.sign", placement, now=now, details=details)
    signed = standing(signatures_of(session, placement))
    if placement.state is PlacementState.PROPOSED and set(signed) == set(Party):
        event = PlacementEvent.AGREE
        advance(session, author, placement, event, PLACEMENT_TRANSITIONS, now=now, details=details)
        placement.revision += 1
        session.flush()
