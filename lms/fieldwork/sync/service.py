"""Taking in what devices send: each thing once, its author whoever is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.files import FileStore, Upload, store
from lms.curriculum.rules import Rubric
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import EDITABLE, MAX_FILES, EntryContent, Fault
from lms.fieldwork.models import Evidence, Observation, PracticumEntry, SyncedItem
from lms.fieldwork.observations import rules as observation_rules
from lms.fieldwork.observations import service as observations
from lms.fieldwork.observations.service import ObservationContent
from lms.fieldwork.rules import SyncKind, SyncStatus
from lms.fieldwork.sync.reading import enrolment_of, entry_content, observation_content
from lms.fieldwork.sync.rules import Item, Unreadable, is_same, photo_key
from lms.fieldwork.words import release_of
from lms.policy.actions import Action
from lms.policy.actor import Actor
from lms.policy.permits import permits

CREATED, REPEATED, CONFLICT, REFUSED = 201, 200, 409, 422
"""What became of an item, as HTTP would say it."""

_MAY = {
    SyncKind.ENTRY: Action.ENTRY_CREATE,
    SyncKind.OBSERVATION: Action.OBSERVATION_CREATE,
}


@dataclass(frozen=True)
class Outcome:
    """What became of one item."""

    status: int
    receipt: str


def find_item(session: AnySession, item_id: UUID) -> SyncedItem | None:
    """Something that a device sent, by key."""
    return session.get(SyncedItem, item_id)


def items_visible_to(actor: Actor) -> Select[SyncedItem]:
    """What the actor's own devices have sent."""
    return select(SyncedItem).where(SyncedItem.person_id == actor.person_id)


def open_conflicts(actor: Actor) -> Select[SyncedItem]:
    """Second versions that wait for their author's choice, the oldest first."""
    return (
        items_visible_to(actor)
        .where(SyncedItem.status == SyncStatus.CONFLICT, SyncedItem.settled_at.is_(None))
        .order_by(SyncedItem.received_at, SyncedItem.id)
    )


# --- receiving ---


def receive(
    session: AnySession, actor: Actor, item: Item, files: FileStore, now: datetime
) -> Outcome:
    """Take one item in. The same again changes nothing; another content is kept beside the first.

    Raises Unreadable and Refusal: then nothing of it is kept here, and it stays on the device.
    """
    known = session.scalars(select(SyncedItem).where(SyncedItem.device_id == item.id)).all()
    if any(each.person_id != actor.person_id for each in known):
        raise Refusal("sync_of_another")
    for each in known:
        if each.content_hash == item.content_hash:
            repeated = each.status is SyncStatus.STORED or each.settled_at is not None
            return Outcome(REPEATED if repeated else CONFLICT, each.receipt)
    if any(each.kind is not item.kind for each in known):
        raise Unreadable(Fault("", "sync_unreadable"))
    enrolment = _case(session, actor, item)
    if item.kind is SyncKind.ENTRY:
        status = _take_entry(session, actor, enrolment, item, files, now)
    else:
        status = _take_observation(session, actor, enrolment, item, now)
    row = SyncedItem(
        device_id=item.id,
        person_id=actor.person_id,
        kind=item.kind,
        content=dict(item.content),
        content_hash=item.content_hash,
        status=status,
        receipt=item.receipt,
        claimed_at=item.claimed_at,
        received_at=now,
    )
    session.add(row)
    session.flush()
    return Outcome(CREATED if status is SyncStatus.STORED else CONFLICT, item.receipt)


def _case(session: AnySession, actor: Actor, item: Item) -> Enrolment:
    key = enrolment_of(item.content)
    enrolment = find_enrolment(session, key) if key is not None else None
    if enrolment is None or not permits(actor, _MAY[item.kind], enrolment):
        raise Unreadable(Fault("enrolment", "sync_case"))
    return enrolment


def _take_entry(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    item: Item,
    files: FileStore,
    now: datetime,
) -> SyncStatus:
    content = entry_content(item.content, release_of(session, enrolment.cohort).practicum)
    known = session.get(PracticumEntry, item.id)
    if known is not None:
        if known.enrolment_id != enrolment.id:
            raise Refusal("entry_of_another")
        same = entries.content_of(known) == content
        return SyncStatus.STORED if same else SyncStatus.CONFLICT
    entries.write_entry(
        session, actor, enrolment, item.id, content, "", (), files, now, item.claimed_at
    )
    return SyncStatus.STORED


def _take_observation(
    session: AnySession, actor: Actor, enrolment: Enrolment, item: Item, now: datetime
) -> SyncStatus:
    rubric = _rubric(session, enrolment)
    content = _observed(session, enrolment, item.content, rubric)
    known = session.get(Observation, item.id)
    if known is not None:
        if known.trainer_id != actor.person_id or known.enrolment_id != enrolment.id:
            raise Refusal("observation_of_another")
        return SyncStatus.CONFLICT
    made = observations.begin(session, actor, enrolment, item.id, content, rubric, now)
    made.claimed_at = item.claimed_at
    return SyncStatus.STORED


def _rubric(session: AnySession, enrolment: Enrolment) -> Rubric:
    release = release_of(session, enrolment.cohort)
    programme = release.programme(enrolment.cohort.programme)
    rubric = release.rubric(programme.rubric) if programme else None
    if rubric is None:
        raise Refusal("observation_scores_strange")
    return rubric


def _observed(
    session: AnySession, enrolment: Enrolment, content: object, rubric: Rubric
) -> ObservationContent:
    indicators = [each.id for criterion in rubric.criteria for each in criterion.indicators]
    lists = release_of(session, enrolment.cohort).practicum
    if not isinstance(content, dict):
        raise Unreadable(Fault("", "sync_unreadable"))
    return observation_content(content, lists, indicators)


# --- photos ---


def attach_photo(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    sha256: str,
    upload: Upload,
    files: FileStore,
    now: datetime,
) -> bool:
    """Add a photo that followed its entry; False if it had arrived before."""
    key = photo_key(entry.id, sha256)
    if session.get(Evidence, key) is not None:
        return False
    if entry.state not in EDITABLE:
        raise Refusal("entry_handed_in_before")
    if len(entry.evidence) >= MAX_FILES:
        raise Refusal("entry_too_many_files", limit=MAX_FILES)
    row = store(session, files, upload, actor.person_id, now)
    session.add(Evidence(id=key, entry=entry, file=row))
    session.flush()
    return True


def attach_to_observation(
    session: AnySession,
    actor: Actor,
    observation: Observation,
    upload: Upload,
    files: FileStore,
    now: datetime,
) -> bool:
    """Keep the photo of a visit; False if it had arrived before."""
    if observation.file is not None and is_same(observation.file.sha256, upload.data):
        return False
    if observation.state not in observation_rules.EDITABLE:
        raise Refusal("entry_handed_in_before")
    observations.attach(session, actor, observation, upload, files, now)
    return True


# --- choosing between two versions ---


def first_version(session: AnySession, item: SyncedItem) -> PracticumEntry | Observation | None:
    """What is kept now under the key that the device gave."""
    if item.kind is SyncKind.ENTRY:
        return session.get(PracticumEntry, item.device_id)
    return session.get(Observation, item.device_id)


def second_entry(session: AnySession, item: SyncedItem, enrolment: Enrolment) -> EntryContent:
    """What the later version of an entry says."""
    return entry_content(item.content, release_of(session, enrolment.cohort).practicum)


def second_observation(
    session: AnySession, item: SyncedItem, enrolment: Enrolment
) -> ObservationContent:
    """What the later version of an observation says."""
    return _observed(session, enrolment, item.content, _rubric(session, enrolment))


def still_open(record: PracticumEntry | Observation | None) -> bool:
    """Whether the later version may still take the first one's place."""
    if isinstance(record, PracticumEntry):
        return record.state in EDITABLE
    return record is not None and record.state in observation_rules.EDITABLE


def settle(
    session: AnySession,
    actor: Actor,
    item: SyncedItem,
    files: FileStore,
    now: datetime,
    *,
    take: bool,
) -> None:
    """Its author chooses: the later version takes the first one's place, or is put aside."""
    if item.status is not SyncStatus.CONFLICT or item.settled_at is not None:
        raise Refusal("sync_settled_before")
    record = first_version(session, item)
    if record is None:
        raise Refusal("sync_settled_before")
    if take:
        _replace(session, actor, item, record, files, now)
    item.settled_at = now
    session.flush()
    chosen = "second" if take else "first"
    audit.record(
        session,
        actor,
        "sync.settle",
        record,
        now=now,
        details={"kept": chosen, "content_hash": item.content_hash},
    )


def _replace(
    session: AnySession,
    actor: Actor,
    item: SyncedItem,
    record: PracticumEntry | Observation,
    files: FileStore,
    now: datetime,
) -> None:
    if isinstance(record, PracticumEntry):
        if record.state not in EDITABLE:
            raise Refusal("entry_handed_in_before")
        content = second_entry(session, item, record.enrolment)
        seen, words = record.revision, record.reflection
        entries.edit_entry(session, actor, record, seen, content, words, (), (), files, now)
    else:
        content_seen = second_observation(session, item, record.enrolment)
        rubric = _rubric(session, record.enrolment)
        observations.edit(session, actor, record, record.version, content_seen, rubric, now)


def latest(session: AnySession, actor: Actor, limit: int = 20) -> Sequence[SyncedItem]:
    """What came last from the actor's devices."""
    query = items_visible_to(actor).order_by(SyncedItem.received_at.desc(), SyncedItem.id.desc())
    return session.scalars(query.limit(limit)).all()
