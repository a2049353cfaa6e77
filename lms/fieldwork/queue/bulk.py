"""Approving, many at once or one: the trainee is told a little later, so that it can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.core import jobs
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.jobs import Job, JobState
from lms.core.transitions import advance
from lms.fieldwork.entries.service import decide, tell_trainee
from lms.fieldwork.models import EntryVersion, PracticumEntry
from lms.fieldwork.queue.rules import BULK_LIMIT, UNDO_FOR, held_by_other
from lms.fieldwork.rules import COUNTS, ENTRY_TRANSITIONS, EntryEvent, EntryState
from lms.fieldwork.service import decided_by
from lms.policy.actions import Action
from lms.policy.actor import Actor
from lms.policy.permits import permits

TELL = "fieldwork.tell_approved"


@dataclass(frozen=True)
class Batch:
    """Approvals given together that can still be undone."""

    key: UUID
    number: int
    until: datetime


def approve_many(
    session: AnySession, actor: Actor, chosen: Mapping[UUID, int], now: datetime
) -> tuple[Batch | None, int]:
    """Approve what was chosen from the queue, as it was seen.

    Gives what can be undone, and how many were left alone: they had changed, or somebody else was
    looking at them.
    """
    keys = sorted(chosen, key=str)[:BULK_LIMIT]
    entries = session.scalars(
        select(PracticumEntry)
        .where(PracticumEntry.id.in_(keys), decided_by(actor))
        .order_by(PracticumEntry.submitted_at, PracticumEntry.id)
    ).all()
    approved = []
    for entry in entries:
        seen = chosen[entry.id]
        is_open = entry.state is EntryState.SUBMITTED and entry.revision == seen
        if (
            is_open
            and not held_by_other(entry, actor.person_id, now)
            and permits(actor, Action.ENTRY_DECIDE, entry)
        ):
            decide(session, actor, entry, seen, EntryEvent.APPROVE, "", now, tell=False)
            approved.append(entry)
    batch = tell_later(session, actor, approved, now) if approved else None
    return batch, len(chosen) - len(approved)


def tell_later(
    session: AnySession, actor: Actor, approved: Sequence[PracticumEntry], now: datetime
) -> Batch:
    """Have the trainees told, once it can no longer be undone."""
    key = UUID(str(uuid7()))
    kept = {str(entry.id): entry.revision for entry in approved}
    until = now + UNDO_FOR
    name = f"{actor.person_id}:{key}"
    jobs.enqueue(session, TELL, name, {"batch": name, "entries": kept}, now, run_after=until)
    return Batch(key, len(approved), until)


def last_batch(session: AnySession, actor: Actor, now: datetime) -> Batch | None:
    """What the actor approved a moment ago and may still undo."""
    found = session.scalars(
        select(Job)
        .where(
            Job.name == TELL,
            Job.key > f"{actor.person_id}:",
            Job.key < f"{actor.person_id};",
            Job.status == JobState.QUEUED,
            Job.run_after > now,
        )
        .order_by(Job.key.desc())
        .limit(1)
    ).first()
    if found is None or not found.payload["entries"]:
        return None
    key = UUID(found.key.partition(":")[2])
    return Batch(key, len(found.payload["entries"]), found.run_after)


def undo(session: AnySession, actor: Actor, key: UUID, now: datetime) -> tuple[int, int]:
    """Take approvals back at once, as if they had never been given; nobody has been told.

    Gives how many wait again, and how many were left alone since something else has happened.
    Raises Refusal("undo_too_late").
    """
    name = f"{actor.person_id}:{key}"
    job = session.scalar(select(Job).where(Job.name == TELL, Job.key == name))
    if job is None or job.status is not JobState.QUEUED or now >= job.run_after:
        raise Refusal("undo_too_late")
    kept: dict[str, int] = dict(job.payload["entries"])
    entries = session.scalars(
        select(PracticumEntry)
        .where(PracticumEntry.id.in_([UUID(each) for each in kept]))
        .order_by(PracticumEntry.submitted_at, PracticumEntry.id)
    ).all()
    undone = 0
    for entry in entries:
        untouched = entry.revision == kept[str(entry.id)] and entry.state is EntryState.APPROVED
        if untouched and permits(actor, Action.ENTRY_DECIDE, entry):
            _undo(session, actor, entry, now)
            undone += 1
    job.payload = job.payload | {"entries": {}}
    session.flush()
    return undone, len(kept) - undone


def _undo(session: AnySession, actor: Actor, entry: PracticumEntry, now: datetime) -> None:
    details = {"version": entry.version, "content_hash": entry.content_hash}
    advance(session, actor, entry, EntryEvent.UNDO, ENTRY_TRANSITIONS, now=now, details=details)
    entry.revision += 1
    entry.decided_at = entry.decided_by_id = None
    entry.decision_comment = ""
    version = session.get(EntryVersion, (entry.id, entry.version))
    if version is not None:
        version.decision = version.decided_at = version.decided_by_id = None
        version.comment = ""
    session.flush()


def tell(session: AnySession, batch: str, now: datetime) -> None:
    """Write to each trainee, once, about what is still approved."""
    job = session.scalars(select(Job).where(Job.name == TELL, Job.key == batch)).one()
    entries = session.scalars(
        select(PracticumEntry)
        .where(
            PracticumEntry.id.in_([UUID(each) for each in job.payload["entries"]]),
            PracticumEntry.state.in_(COUNTS),
        )
        .order_by(PracticumEntry.held_on, PracticumEntry.id)
    ).all()
    by_trainee: dict[UUID, list[PracticumEntry]] = {}
    for entry in entries:
        by_trainee.setdefault(entry.person_id, []).append(entry)
    for theirs in by_trainee.values():
        tell_trainee(session, theirs, now)
    job.payload = job.payload | {"entries": {}}
    session.flush()
