"""What an administration sees to: entries that wait too long, trainees whose supervisor is gone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.fieldwork.models import Placement, PracticumEntry
from lms.fieldwork.placements import service as placements
from lms.fieldwork.queue.rules import ESCALATE_AFTER
from lms.fieldwork.rules import EntryState
from lms.fieldwork.service import entries_visible_to, placements_visible_to
from lms.people.models import Person, RoleGrant
from lms.policy.actions import Action
from lms.policy.actor import Actor, Role, Scope
from lms.policy.permits import permits


def entries(actor: Actor, now: datetime, cohort_id: UUID | None) -> Select[PracticumEntry]:
    """Entries of the actor's countries that have waited for ten days, not their own."""
    query = (
        entries_visible_to(actor)
        .join(PracticumEntry.enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(PracticumEntry.enrolment).contains_eager(Enrolment.cohort),
            joinedload(PracticumEntry.supervisor),
        )
        .where(
            PracticumEntry.state == EntryState.SUBMITTED,
            PracticumEntry.submitted_at <= now - ESCALATE_AFTER,
            Enrolment.person_id != actor.person_id,
            *_administered(actor),
        )
    )
    return query if cohort_id is None else query.where(Enrolment.cohort_id == cohort_id)


def _administered(actor: Actor) -> list[ColumnElement[bool]]:
    everywhere = actor.has(Role.PROGRAMME_ADMIN)
    return [] if everywhere else [Cohort.country_code.in_(actor.countries)]


def cohorts_of(session: AnySession, actor: Actor) -> Sequence[Cohort]:
    """Cohorts under way that the actor administers."""
    query = select(Cohort).where(Cohort.state.in_([CohortState.OPEN, CohortState.RUNNING]))
    if not actor.has(Role.PROGRAMME_ADMIN):
        query = query.where(Cohort.country_code.in_(actor.countries))
    return session.scalars(query.order_by(Cohort.name, Cohort.id)).all()


def teams(session: AnySession, cohorts: Collection[Cohort]) -> dict[Person, set[UUID]]:
    """Who supervises in which of the cohorts, by name."""
    rows = session.execute(
        select(RoleGrant.scope_id, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.SUPERVISOR,
            RoleGrant.scope == Scope.COHORT,
            RoleGrant.scope_id.in_([str(cohort.id) for cohort in cohorts]),
            RoleGrant.ended_at.is_(None),
            Person.left_at.is_(None),
        )
        .order_by(Person.sort_name, Person.id)
    )
    found: dict[Person, set[UUID]] = {}
    for scope_id, person in rows:
        found.setdefault(person, set()).add(UUID(scope_id))
    return found


def orphans(
    actor: Actor, cohorts: Collection[Cohort], team: dict[Person, set[UUID]]
) -> Select[Placement]:
    """Placements under way whose supervisor is not named, or has left the team."""
    pairs = [(key, person.id) for person, keys in team.items() for key in keys]
    named = tuple_(Enrolment.cohort_id, Placement.supervisor_id).in_(pairs)
    return (
        placements_visible_to(actor)
        .join(Placement.enrolment)
        .join(Enrolment.person)
        .options(contains_eager(Placement.enrolment).contains_eager(Enrolment.person))
        .where(
            Enrolment.cohort_id.in_([cohort.id for cohort in cohorts]),
            Placement.state.not_in(placements.OVER),
            or_(Placement.supervisor_id.is_(None), ~named),
        )
    )


def reassign(
    session: AnySession,
    actor: Actor,
    entry_ids: Collection[UUID],
    placement_ids: Collection[UUID],
    supervisor: Person,
    now: datetime,
) -> int:
    """Give the placements of these entries, and these placements, to another supervisor.

    All that waits there goes along. Gives how many placements changed. Raises Refusal
    ("not_supervisor_here") unless the supervisor is of each cohort's team.
    """
    of_entries = select(PracticumEntry.placement_id).where(
        PracticumEntry.id.in_(entry_ids), PracticumEntry.state == EntryState.SUBMITTED
    )
    chosen = session.scalars(
        placements_visible_to(actor)
        .join(Placement.enrolment)
        .where(or_(Placement.id.in_(placement_ids), Placement.id.in_(of_entries)))
        .order_by(Enrolment.cohort_id, Placement.id)
    ).all()
    if not chosen:
        raise Refusal("nothing_chosen")
    by_cohort: dict[Cohort, list[UUID]] = {}
    for placement in chosen:
        if permits(actor, Action.PLACEMENT_EDIT, placement):
            by_cohort.setdefault(placement.enrolment.cohort, []).append(placement.id)
    return sum(
        placements.assign_supervisor(session, actor, cohort, keys, supervisor, now)
        for cohort, keys in by_cohort.items()
    )
