"""What other rooms ask of supervised practice: who sees it, what counts, and locking it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
)

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.training import service as training
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.transitions import advance
from lms.fieldwork.feedback import counting as feedback
from lms.fieldwork.models import (
    Attestation,
    Evidence,
    Observation,
    OfCase,
    Placement,
    PracticumEntry,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import (
    COUNTS,
    ENTRY_TRANSITIONS,
    CountedAttestation,
    CountedEntry,
    CountedObservation,
    CountedSupervision,
    EntryEvent,
    EntryState,
    EvidenceAccess,
    ObservationState,
    PresenceState,
    SupervisionState,
)
from lms.learning.quizzes import marking
from lms.policy.actor import Actor, Role

Record = TypeVar("Record", PracticumEntry, Observation, Placement, Attestation)

# --- finding ---


def find_entry(session: AnySession, entry_id: UUID) -> PracticumEntry | None:
    """An entry by key; a deleted draft is gone."""
    entry = session.get(PracticumEntry, entry_id)
    return None if entry is None or entry.state is EntryState.DELETED else entry


def find_evidence(session: AnySession, evidence_id: UUID) -> Evidence | None:
    """A file of an entry by key, unless it was taken away."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None or evidence.removed_at is not None:
        return None
    return None if evidence.entry.state is EntryState.DELETED else evidence


def find_placement(session: AnySession, placement_id: UUID) -> Placement | None:
    """A placement by key."""
    return session.get(Placement, placement_id)


def find_observation(session: AnySession, observation_id: UUID) -> Observation | None:
    """An observation by key."""
    return session.get(Observation, observation_id)


def find_observed(session: AnySession, observation_id: UUID) -> Observation | None:
    """An observation that has a photo."""
    observation = session.get(Observation, observation_id)
    return None if observation is None or observation.file_id is None else observation


def find_attestation(session: AnySession, attestation_id: UUID) -> Attestation | None:
    """An attestation by key."""
    return session.get(Attestation, attestation_id)


# --- who sees what: the table's answer, as queries ---


def _own(model: type[OfCase], actor: Actor) -> ColumnElement[bool]:
    mine = select(Enrolment.id).where(Enrolment.person_id == actor.person_id)
    return model.enrolment_id.in_(mine)


def _within(actor: Actor, *roles: Role) -> Select[UUID]:
    """Enrolments of the countries that the actor administers, and of cohorts where they work."""
    query = select(Enrolment.id)
    if actor.sees_everything:
        return query
    teams = frozenset[UUID]().union(*(actor.cohorts(role) for role in roles))
    return query.join(Cohort, Cohort.id == Enrolment.cohort_id).where(
        or_(Cohort.country_code.in_(actor.countries), Enrolment.cohort_id.in_(teams))
    )


def decided_by(actor: Actor) -> ColumnElement[bool]:
    """Entries on which the actor decides: named for them or standing in, and of the team now.

    Whether they are handed in, and not the actor's own, is for the caller to ask.
    """
    team = select(Enrolment.id).where(Enrolment.cohort_id.in_(actor.cohorts(Role.SUPERVISOR)))
    supervisors = {actor.person_id} | actor.stands_in_for
    return and_(
        PracticumEntry.supervisor_id.in_([key for key in supervisors if key is not None]),
        PracticumEntry.enrolment_id.in_(team),
    )


def entries_visible_to(actor: Actor) -> Select[PracticumEntry]:
    """Entries that the actor may read: their own, and what was handed in to them or theirs."""
    handed_in = PracticumEntry.state != EntryState.DRAFT
    return select(PracticumEntry).where(
        PracticumEntry.state != EntryState.DELETED,
        or_(
            _own(PracticumEntry, actor),
            and_(handed_in, decided_by(actor)),
            and_(handed_in, PracticumEntry.enrolment_id.in_(_within(actor, Role.TRAINER))),
        ),
    )


def evidence_visible_to(actor: Actor) -> Select[Evidence]:
    """Files that the actor may open: their own, and what was handed in for them to see."""
    handed_in = PracticumEntry.state != EntryState.DRAFT
    for_the_team = Evidence.access != EvidenceAccess.SUPERVISOR
    shared = and_(handed_in, for_the_team)
    return (
        select(Evidence)
        .join(PracticumEntry, PracticumEntry.id == Evidence.entry_id)
        .where(
            Evidence.removed_at.is_(None),
            PracticumEntry.state != EntryState.DELETED,
            or_(
                _own(PracticumEntry, actor),
                and_(
                    handed_in,
                    decided_by(actor),
                    or_(for_the_team, PracticumEntry.supervisor_id == actor.person_id),
                ),
                and_(shared, PracticumEntry.enrolment_id.in_(_within(actor, Role.TRAINER))),
            ),
        )
    )


def observations_visible_to(actor: Actor) -> Select[Observation]:
    """Observations that the actor may read: their own drafts, and what was shared."""
    team = _within(actor, Role.TRAINER, Role.SUPERVISOR)
    shared = Observation.state != ObservationState.DRAFT
    return select(Observation).where(
        or_(
            Observation.trainer_id == actor.person_id,
            and_(shared, _own(Observation, actor)),
            and_(shared, Observation.enrolment_id.in_(team)),
        )
    )


def placements_visible_to(actor: Actor) -> Select[Placement]:
    """Placements that the actor may look at."""
    team = _within(actor, Role.TRAINER, Role.SUPERVISOR)
    return select(Placement).where(or_(_own(Placement, actor), Placement.enrolment_id.in_(team)))


# --- what counts: for the ledger, one or two queries whatever the number of cases ---

Lineage = Mapping[UUID, UUID]
"""`cohorts.lineage` of the enrolments, for callers who ask more than one of these questions."""


_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
# made once: putting them together takes longer than running them
_ENTRIES = (
    select(
        PracticumEntry.id,
        PracticumEntry.enrolment_id,
        PracticumEntry.type,
        PracticumEntry.form,
        PracticumEntry.role,
        PracticumEntry.held_on,
        PracticumEntry.minutes_direct,
        PracticumEntry.minutes_indirect,
        PracticumEntry.minutes_preparation,
        func.coalesce(Placement.own_institution, ~true()),
        PracticumEntry.state,
        PracticumEntry.version,
        PracticumEntry.content_hash,
    )
    .outerjoin(Placement, Placement.id == PracticumEntry.placement_id)
    .where(
        PracticumEntry.enrolment_id.in_(_IDS),
        PracticumEntry.state.in_(bindparam("states", expanding=True)),
    )
    .order_by(PracticumEntry.held_on, PracticumEntry.id)
)
_OBSERVATIONS = (
    select(
        Observation.id,
        Observation.enrolment_id,
        Observation.observed_on,
        Observation.setting,
        Observation.trainer_id,
        Observation.scores,
    )
    .where(
        Observation.enrolment_id.in_(_IDS),
        Observation.state == ObservationState.COUNTERSIGNED,
    )
    .order_by(Observation.observed_on, Observation.id)
)
_ATTESTATIONS = (
    select(
        Attestation.id,
        Attestation.enrolment_id,
        Attestation.requirement,
        Attestation.amount,
        Attestation.attested_at,
        Attestation.reason,
    )
    .where(Attestation.enrolment_id.in_(_IDS), Attestation.revoked_at.is_(None))
    .order_by(Attestation.attested_at, Attestation.id)
)
_SUPERVISION = (
    select(
        SupervisionSession.id,
        SupervisionPresence.enrolment_id,
        SupervisionSession.kind,
        SupervisionSession.starts_at,
        SupervisionSession.minutes,
    )
    .join(SupervisionPresence, SupervisionPresence.session_id == SupervisionSession.id)
    .where(
        SupervisionPresence.enrolment_id.in_(_IDS),
        SupervisionPresence.state == PresenceState.PRESENT,
        SupervisionSession.state == SupervisionState.HELD,
    )
    .order_by(SupervisionSession.starts_at, SupervisionSession.id)
)


def counted_entries(
    session: AnySession,
    enrolment_ids: Collection[UUID],
    whole: Lineage | None = None,
    states: Collection[EntryState] = COUNTS,
) -> dict[UUID, list[CountedEntry]]:
    """Entries whose minutes count, by enrolment, in the order in which they were held.

    What was approved before a transfer goes on counting after it. Others by their `states`.
    """
    whole = whole or cohorts.lineage(session, enrolment_ids)
    rows = session.execute(_ENTRIES, {"ids": list(whole), "states": list(states)})
    found: dict[UUID, list[CountedEntry]] = {key: [] for key in enrolment_ids}
    for row in rows:
        found[whole[row.enrolment_id]].append(CountedEntry(*tuple(row)))
    return found


def people_coached(
    session: AnySession, enrolment_ids: Collection[UUID], whole: Lineage | None = None
) -> dict[UUID, int]:
    """How many different people were coached in what counts, by enrolment: by pseudonym."""
    whole = whole or cohorts.lineage(session, enrolment_ids)
    rows = session.execute(
        select(PracticumEntry.enrolment_id, PracticumEntry.coachees).where(
            PracticumEntry.enrolment_id.in_(whole), PracticumEntry.state.in_(COUNTS)
        )
    )
    found: dict[UUID, set[str]] = {key: set() for key in enrolment_ids}
    for enrolment_id, keys in rows:
        found[whole[enrolment_id]].update(keys)
    return {key: len(people) for key, people in found.items()}


def countersigned_observations(
    session: AnySession, enrolment_ids: Collection[UUID], whole: Lineage | None = None
) -> dict[UUID, list[CountedObservation]]:
    """Observations that both sides have signed, by enrolment."""
    whole = whole or cohorts.lineage(session, enrolment_ids)
    rows = session.execute(_OBSERVATIONS, {"ids": list(whole)})
    found: dict[UUID, list[CountedObservation]] = {key: [] for key in enrolment_ids}
    for row in rows:
        found[whole[row.enrolment_id]].append(CountedObservation(*row))
    return found


def attestations(
    session: AnySession, enrolment_ids: Collection[UUID], whole: Lineage | None = None
) -> dict[UUID, list[CountedAttestation]]:
    """Attestations that stand, by enrolment."""
    whole = whole or cohorts.lineage(session, enrolment_ids)
    rows = session.execute(_ATTESTATIONS, {"ids": list(whole)})
    found: dict[UUID, list[CountedAttestation]] = {key: [] for key in enrolment_ids}
    for row in rows:
        found[whole[row.enrolment_id]].append(CountedAttestation(*row))
    return found


def counted_supervision(
    session: AnySession, enrolment_ids: Collection[UUID], whole: Lineage | None = None
) -> dict[UUID, list[CountedSupervision]]:
    """Supervision that was held with the trainee there, by enrolment, in order of time."""
    whole = whole or cohorts.lineage(session, enrolment_ids)
    rows = session.execute(_SUPERVISION, {"ids": list(whole)})
    found: dict[UUID, list[CountedSupervision]] = {key: [] for key in enrolment_ids}
    for row in rows:
        found[whole[row.enrolment_id]].append(CountedSupervision(*row))
    return found


counted_host_feedbacks = feedback.counted_host_feedbacks

# --- the dossier holds entries fast, and lets them go ---


def lock_entries(
    session: AnySession, actor: Actor, enrolment: Enrolment, now: datetime
) -> list[PracticumEntry]:
    """Hold all approved entries of a case fast while its dossier is looked at."""
    return _each(session, actor, enrolment, EntryEvent.LOCK, EntryState.APPROVED, "", now)


def unlock_entries(
    session: AnySession, actor: Actor, enrolment: Enrolment, now: datetime, reason: str
) -> list[PracticumEntry]:
    """Let the entries of a case go: its dossier was returned or withdrawn."""
    if not reason:
        raise Refusal("reason_needed")
    return _each(session, actor, enrolment, EntryEvent.UNLOCK, EntryState.LOCKED, reason, now)


def _each(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    event: EntryEvent,
    state: EntryState,
    reason: str,
    now: datetime,
) -> list[PracticumEntry]:
    whole = cohorts.lineage(session, [enrolment.id])
    held = select(SupervisionSession.id).where(SupervisionSession.state == SupervisionState.HELD)
    presences = select(SupervisionPresence).where(
        SupervisionPresence.enrolment_id.in_(whole), SupervisionPresence.session_id.in_(held)
    )
    for presence in session.scalars(presences).unique():
        presence.locked_at = now if event is EntryEvent.LOCK else None
    training.hold_fast(session, whole, now if event is EntryEvent.LOCK else None)
    marking.hold_fast(session, whole, now if event is EntryEvent.LOCK else None)
    entries = list(
        session.scalars(
            select(PracticumEntry)
            .where(PracticumEntry.enrolment_id.in_(whole), PracticumEntry.state == state)
            .order_by(PracticumEntry.id)
        )
    )
    for entry in entries:
        advance(session, actor, entry, event, ENTRY_TRANSITIONS, now=now, reason=reason)
        entry.revision += 1
    session.flush()
    return entries
