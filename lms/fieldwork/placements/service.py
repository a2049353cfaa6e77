"""Placements: proposed, agreed upon, given a supervisor."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import ENDED as ENROLMENT_ENDED
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.transitions import advance
from lms.fieldwork.models import Placement, PracticumEntry
from lms.fieldwork.placements import agreement
from lms.fieldwork.rules import (
    PLACEMENT_TRANSITIONS,
    EntryState,
    PlacementEvent,
    PlacementState,
)
from lms.people.models import Person
from lms.policy.actor import Actor, Role

OVER = frozenset({PlacementState.ENDED, PlacementState.CANCELLED})


@dataclass(frozen=True)
class PlacementData:
    """What a form says about a placement."""

    host: str
    host_contact: str
    territory: str
    starts_on: date
    ends_on: date
    own_institution: bool
    consent_note: str


def propose(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    placement_id: UUID,
    data: PlacementData,
    now: datetime,
) -> Placement:
    """Propose where to practise. The same key makes it once."""
    known = session.get(Placement, placement_id)
    if known is not None:
        return known
    _check(data)
    placement = Placement(
        id=placement_id,
        enrolment=enrolment,
        state=PlacementState.PROPOSED,
        created_at=now,
        revision=1,
        **asdict(data),
    )
    session.add(placement)
    session.flush()
    audit.record(
        session, actor, "placement.propose", placement, now=now, after=placement.state.value
    )
    return placement


def edit(
    session: AnySession,
    actor: Actor,
    placement: Placement,
    seen: int,
    data: PlacementData,
    now: datetime,
) -> None:
    """Change what is known of a placement that is not over."""
    if seen != placement.revision:
        raise Stale
    if placement.state in OVER:
        raise Late("illegal_transition", state=placement.state)
    _check(data)
    changed = {k: v for k, v in asdict(data).items() if getattr(placement, k) != v}
    for name, value in changed.items():
        setattr(placement, name, value)
    if changed:
        placement.revision += 1
        session.flush()
        audit.record(
            session, actor, "placement.edit", placement, now=now, details={"changed": list(changed)}
        )
        agreement.refresh(session, actor, placement, now)


def _check(data: PlacementData) -> None:
    if data.ends_on < data.starts_on:
        raise Refusal("placement_dates_reversed")


def change(
    session: AnySession,
    actor: Actor,
    placement: Placement,
    event: PlacementEvent,
    reason: str,
    now: datetime,
) -> None:
    """Agree, start, end or cancel. Cancelling wants a reason."""
    if event is PlacementEvent.CANCEL and not reason:
        raise Refusal("reason_needed")
    advance(session, actor, placement, event, PLACEMENT_TRANSITIONS, now=now, reason=reason)
    placement.revision += 1
    session.flush()


def supervisors(session: AnySession, cohort_id: UUID) -> list[Person]:
    """Who may be named as supervisor in a cohort."""
    return cohorts.team(session, cohort_id)[Role.SUPERVISOR]


def assign_supervisor(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    placement_ids: Collection[UUID],
    supervisor: Person,
    now: datetime,
) -> int:
    """Name the supervisor of several placements of a cohort; gives how many changed.

    What already waits for a decision goes to the new supervisor with its placement.
    """
    if supervisor not in supervisors(session, cohort.id):
        raise Refusal("not_supervisor_here")
    placements = session.scalars(
        select(Placement)
        .join(Placement.enrolment)
        .where(Placement.id.in_(placement_ids), Enrolment.cohort_id == cohort.id)
        .order_by(Placement.id)
    ).all()
    changed = []
    for placement in placements:
        if placement.person_id == supervisor.id:
            raise Refusal("self_supervision")
        if placement.state in OVER or placement.supervisor_id == supervisor.id:
            continue
        before = placement.supervisor.name if placement.supervisor else None
        placement.supervisor = supervisor
        placement.revision += 1
        changed.append(placement)
        audit.record(
            session,
            actor,
            "placement.assign_supervisor",
            placement,
            now=now,
            before=before,
            after=supervisor.name,
        )
    session.flush()
    for placement in changed:
        agreement.refresh(session, actor, placement, now)
    session.execute(
        update(PracticumEntry)
        .where(
            PracticumEntry.placement_id.in_([placement.id for placement in changed]),
            PracticumEntry.state.in_([EntryState.SUBMITTED, EntryState.NEEDS_INFO]),
        )
        .values(supervisor_id=supervisor.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(changed)


def roster(session: AnySession, cohort: Cohort) -> tuple[list[Placement], list[Enrolment]]:
    """A cohort's placements that are not over, and trainees who have none."""
    placements = list(
        session.scalars(
            select(Placement)
            .join(Placement.enrolment)
            .join(Enrolment.person)
            .where(Enrolment.cohort_id == cohort.id, Placement.state.not_in(OVER))
            .order_by(Person.sort_name, Placement.id)
        )
    )
    placed = {placement.enrolment_id for placement in placements}
    without = session.scalars(
        select(Enrolment)
        .join(Enrolment.person)
        .where(
            Enrolment.cohort_id == cohort.id,
            Enrolment.state.not_in(ENROLMENT_ENDED),
            Enrolment.id.not_in(placed),
        )
        .order_by(Person.sort_name, Enrolment.id)
    )
    return placements, list(without)
