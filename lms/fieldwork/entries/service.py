"""One entry's life: written, handed in, decided, amended. What counts is decided here alone."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lms.cohorts.models import Enrolment
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core import audit, mail
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.files import FileStore, StoredFile, Upload, store
from lms.core.search import fold
from lms.core.transitions import advance, target
from lms.fieldwork.coachees import service as coachees
from lms.fieldwork.entries.content import (
    content_of,
    document_of,
    faults_of,
    names_of,
    placements_of,
    standing_faults,
    versions_of,
    without_reflection,
)
from lms.fieldwork.entries.rules import (
    DECISIONS,
    EDITABLE,
    MAX_FILES,
    EntryContent,
    fingerprint,
    needs_reason,
)
from lms.fieldwork.models import EntryVersion, Evidence, Placement, PracticumEntry
from lms.fieldwork.queue.rules import held_by_other
from lms.fieldwork.rules import ENTRY_TRANSITIONS, EntryEvent, EntryState, EvidenceAccess
from lms.fieldwork.signing import service as signing
from lms.people import service as people
from lms.policy.actions import Action
from lms.policy.actor import Actor
from lms.policy.permits import permits

__all__ = [
    "amend",
    "content_of",
    "decide",
    "delete",
    "document_of",
    "edit_entry",
    "faults_of",
    "names_of",
    "placements_of",
    "revoke",
    "standing_faults",
    "submit",
    "tell_trainee",
    "total_minutes",
    "versions_of",
    "withdraw",
    "without_reflection",
    "write_entry",
]

# --- writing ---


def write_entry(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    entry_id: UUID,
    content: EntryContent,
    reflection: str,
    uploads: Sequence[Upload],
    files: FileStore,
    now: datetime,
    claimed_at: datetime | None = None,
    access: EvidenceAccess = EvidenceAccess.TEAM,
) -> PracticumEntry:
    """Begin an entry, as a draft. The same key makes it once.

    Coming back with the same key and other words changes the draft; what has been handed in
    stays as it is.
    """
    known = session.get(PracticumEntry, entry_id)
    if known is not None:
        if known.enrolment_id != enrolment.id:
            raise Refusal("entry_of_another")
        if content_of(known) == content and known.reflection == reflection:
            return known
        if known.state not in EDITABLE:
            raise Refusal("entry_handed_in_before")
        edit_entry(
            session,
            actor,
            known,
            known.revision,
            content,
            reflection,
            uploads,
            (),
            files,
            now,
            access,
        )
        return known
    _require_active(enrolment)
    entry = PracticumEntry(
        id=entry_id,
        enrolment=enrolment,
        state=EntryState.DRAFT,
        claimed_at=claimed_at or now,
        received_at=now,
        held_on=content.held_on,
        version=1,
        revision=1,
        evidence=[],
    )
    _fill(session, entry, content, reflection)
    session.add(entry)
    audit.record(session, actor, "entry.create", entry, now=now, after=entry.state.value)
    _attach(session, actor, entry, uploads, files, now, access)
    return entry


def edit_entry(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    seen: int,
    content: EntryContent,
    reflection: str,
    uploads: Sequence[Upload],
    removed: Collection[UUID],
    files: FileStore,
    now: datetime,
    access: EvidenceAccess = EvidenceAccess.TEAM,
) -> None:
    """Change an entry that is being written, sent back, or amended."""
    if entry.state not in EDITABLE:
        raise Late("illegal_transition", state=entry.state)
    if seen != entry.revision:
        raise Stale
    _fill(session, entry, content, reflection)
    for evidence in entry.evidence:
        if evidence.id in removed:
            evidence.removed_at = now
    session.flush()
    session.expire(entry, ["evidence"])
    _attach(session, actor, entry, uploads, files, now, access)
    entry.revision += 1
    session.flush()
    signing.refresh(session, entry, now)
    if entry.state is not EntryState.DRAFT:
        audit.record(session, actor, "entry.edit", entry, now=now)


def _require_active(enrolment: Enrolment) -> None:
    if enrolment.state is not EnrolmentState.ENROLLED:
        raise Refusal("enrolment_not_active", state=enrolment.state)
    if enrolment.cohort.state in {CohortState.PLANNED, CohortState.CANCELLED}:
        raise Refusal("cohort_not_running", state=enrolment.cohort.state)


def _fill(
    session: AnySession, entry: PracticumEntry, content: EntryContent, reflection: str
) -> None:
    if content.placement_id is not None:
        placement = session.get(Placement, content.placement_id)
        if placement is None or placement.enrolment_id != entry.enrolment.id:
            raise Refusal("placement_missing")
        entry.placement = placement
    else:
        entry.placement = None
    for name in (
        "type", "form", "held_on", "role", "summary", "consent_basis",
        "minutes_direct", "minutes_indirect", "minutes_preparation",
    ):  # fmt: skip
        setattr(entry, name, getattr(content, name))
    entry.participants = {key: number for key, number in content.participants.items() if number}
    entry.stakes = list(content.stakes)
    entry.limits = list(content.limits)
    entry.purposes = list(content.purposes)
    entry.reflection = reflection
    people = coachees.require_own(session, entry.enrolment, content.coachees)
    entry.coachees = list(content.coachees)
    place = [entry.placement.host, entry.placement.territory] if entry.placement else []
    entry.search_text = fold(" ".join([entry.summary, *place, *people]))


def _attach(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    uploads: Sequence[Upload],
    files: FileStore,
    now: datetime,
    access: EvidenceAccess,
) -> None:
    if len(entry.evidence) + len(uploads) > MAX_FILES:
        raise Refusal("entry_too_many_files", limit=MAX_FILES)
    for upload in uploads:
        row: StoredFile = store(session, files, upload, actor.person_id, now)
        session.add(Evidence(entry=entry, file=row, access=access))
    session.flush()


# --- the trainee's acts ---


def submit(session: AnySession, actor: Actor, entry: PracticumEntry, now: datetime) -> None:
    """Hand an entry in: a new version, for the placement's supervisor to decide."""
    target(ENTRY_TRANSITIONS, entry.state, EntryEvent.SUBMIT)
    _require_active(entry.enrolment)
    standing = standing_faults(session, entry, now)
    if standing:
        raise Refusal(standing[0].code, **standing[0].params)
    number = (
        session.scalar(
            select(func.max(EntryVersion.number)).where(EntryVersion.entry_id == entry.id)
        )
        or 0
    ) + 1
    document = document_of(entry) | {"version": number}
    entry.version = number
    entry.content_hash = fingerprint(document)
    entry.submitted_at = now
    entry.supervisor = entry.placement.supervisor if entry.placement else None
    _clear_decision(entry)
    session.add(
        EntryVersion(
            entry_id=entry.id,
            number=number,
            content=document,
            content_hash=entry.content_hash,
            submitted_at=now,
        )
    )
    details = {"version": number, "content_hash": entry.content_hash}
    _advance(session, actor, entry, EntryEvent.SUBMIT, now, details=details)


def withdraw(session: AnySession, actor: Actor, entry: PracticumEntry, now: datetime) -> None:
    """Take back what was handed in; it will not be decided."""
    _advance(session, actor, entry, EntryEvent.WITHDRAW, now)


def delete(session: AnySession, actor: Actor, entry: PracticumEntry, now: datetime) -> None:
    """Throw a draft away, the reflection with it."""
    _advance(session, actor, entry, EntryEvent.DELETE, now)
    entry.reflection = ""


def amend(
    session: AnySession, actor: Actor, entry: PracticumEntry, reason: str, now: datetime
) -> None:
    """Open an approved entry again: the approval is void until it is given anew."""
    if not reason:
        raise Refusal("reason_needed")
    _advance(session, actor, entry, EntryEvent.AMEND, now, reason)
    _void(session, entry, now)
    _clear_decision(entry)


# --- the supervisor's acts ---


def decide(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    seen: int,
    decision: EntryEvent,
    comment: str,
    now: datetime,
    *,
    tell: bool = True,
) -> None:
    """Approve, ask for more, or reject; the trainee is told. Words are owed unless approving."""
    if decision not in DECISIONS:
        raise Refusal("not_a_decision")
    if not permits(actor, Action.ENTRY_DECIDE, entry):
        raise Refusal("entry_not_yours_to_decide")
    if seen != entry.revision:
        raise Stale
    if held_by_other(entry, actor.person_id, now):
        name = entry.claimed_by.name if entry.claimed_by else ""
        raise Late("entry_claimed", name=name)
    if needs_reason(decision) and not comment:
        raise Refusal("reason_needed")
    _sign(session, actor, entry, decision, comment, now)
    if tell:
        tell_trainee(session, [entry], now)


def revoke(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """Take an approval back, before the dossier holds the entry fast."""
    if not reason:
        raise Refusal("reason_needed")
    if seen != entry.revision:
        raise Stale
    _advance(session, actor, entry, EntryEvent.REVOKE, now, reason)
    _void(session, entry, now)
    entry.decided_at, entry.decided_by_id = now, actor.person_id
    entry.decision_comment = reason
    session.flush()
    tell_trainee(session, [entry], now)


def tell_trainee(session: AnySession, entries: Sequence[PracticumEntry], now: datetime) -> None:
    """One mail to the trainee about entries decided together."""
    person = entries[0].enrolment.person
    mail.send(session, people.recipient(person), "entry_decided", {"entries": list(entries)}, now)


def _sign(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    decision: EntryEvent,
    comment: str,
    now: datetime,
) -> None:
    with session.no_autoflush:
        details = {"version": entry.version, "content_hash": entry.content_hash}
        _advance(session, actor, entry, decision, now, comment, details, flush=False)
        entry.decided_at, entry.decided_by_id = now, actor.person_id
        entry.decision_comment = comment
        entry.claimed_by_id = entry.claimed_until = None
        version = session.get(EntryVersion, (entry.id, entry.version))
    if version is not None:
        version.decision, version.decided_at = entry.state, now
        version.decided_by_id, version.comment = actor.person_id, comment
    session.flush()


def _void(session: AnySession, entry: PracticumEntry, now: datetime) -> None:
    version = session.get(EntryVersion, (entry.id, entry.version))
    if version is not None:
        version.voided_at = now


def _clear_decision(entry: PracticumEntry) -> None:
    entry.decided_at = entry.decided_by_id = entry.escalated_at = None
    entry.decision_comment = ""


def _advance(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    event: EntryEvent,
    now: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
    *,
    flush: bool = True,
) -> None:
    advance(
        session, actor, entry, event, ENTRY_TRANSITIONS, now=now, reason=reason, details=details
    )
    entry.revision += 1
    if flush:
        session.flush()


def total_minutes(entries: Iterable[PracticumEntry]) -> int:
    """Minutes of several entries together."""
    return sum(entry.minutes_total for entry in entries)
