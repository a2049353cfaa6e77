"""Cohorts, their team and their enrolments: found; cohorts founded, changed, led on."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, false, func, or_, select
from sqlalchemy.orm import aliased

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import (
    COHORT_TRANSITIONS,
    ENDED,
    REASON_OPTIONAL,
    CohortData,
    CohortEvent,
    CohortState,
    EnrolmentState,
    check_dates,
)
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.search import fold
from lms.core.transitions import advance
from lms.curriculum import service as curriculum
from lms.network.models import Centre
from lms.people import grants
from lms.people.models import Person, RoleGrant
from lms.policy.actions import Action
from lms.policy.actor import Actor, Role, Scope
from lms.policy.permits import permits

TEAM = (Role.TRAINER, Role.SUPERVISOR)


# --- finding ---


def find_cohort(session: AnySession, cohort_id: UUID) -> Cohort | None:
    """A cohort by key."""
    return session.get(Cohort, cohort_id)


def find_enrolment(session: AnySession, enrolment_id: UUID) -> Enrolment | None:
    """An enrolment by key, with its cohort and person."""
    return session.get(Enrolment, enrolment_id)


def enrolments_of(session: AnySession, person_id: UUID) -> list[Enrolment]:
    """A person's enrolments: those under way first, then the newest."""
    found = session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id)
    )
    return sorted(found, key=lambda enrolment: enrolment.state in ENDED)


def enrolment_in(session: AnySession, cohort_id: UUID, person_id: UUID) -> Enrolment | None:
    """A person's enrolment in one cohort, whatever its state."""
    return session.scalar(
        select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id)
    )


def lineage(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Each enrolment, and those that were transferred into it, with the one that goes on now."""
    found: dict[UUID, UUID] = {}
    for part, key in session.execute(_LINEAGE, {"ids": list(enrolment_ids)}):
        if part != key or part not in found:
            found[part] = key
    return found


def lineage_of(session: AnySession, enrolments: Collection[Enrolment]) -> dict[UUID, UUID]:
    """The same of enrolments at hand: nothing is asked where nobody was transferred."""
    found = {one.id: one.id for one in enrolments}
    moved = [one.id for one in enrolments if one.transferred_from_id is not None]
    return found | lineage(session, moved) if moved else found


def _lineage() -> Select[UUID, UUID]:
    ids: BindParameter[UUID] = bindparam("ids", expanding=True)
    start = (
        select(Enrolment.id.label("part"), Enrolment.id.label("whole"))
        .where(Enrolment.id.in_(ids))
        .cte("lineage", recursive=True)
    )
    earlier = aliased(Enrolment)
    later = aliased(Enrolment)
    step = (
        select(earlier.id, start.c.whole)
        .join(later, later.transferred_from_id == earlier.id)
        .join(start, start.c.part == later.id)
    )
    whole = start.union(step)
    return select(whole.c.part, whole.c.whole)


_LINEAGE = _lineage()
"""Made once: putting it together takes longer than running it."""


def visible_to(actor: Actor) -> Select[Cohort]:
    """Cohorts that the actor may look at: the same answer as the table's, as a query."""
    query = select(Cohort)
    if actor.sees_everything:
        return query
    mine = actor.own_cohorts
    return query.where(or_(false(), Cohort.country_code.in_(actor.countries), Cohort.id.in_(mine)))


def enrolments_visible_to(actor: Actor) -> Select[Enrolment]:
    """Enrolments that the actor may look at."""
    query = select(Enrolment)
    if actor.sees_everything:
        return query
    mine = actor.team_cohorts
    return query.where(
        or_(
            Enrolment.person_id == actor.person_id,
            Enrolment.cohort_id.in_(mine),
            Enrolment.cohort_id.in_(
                select(Cohort.id).where(Cohort.country_code.in_(actor.countries))
            ),
        )
    )


def counts(session: AnySession, cohort_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many people each cohort has, those who left or were transferred apart."""
    rows = session.execute(
        select(Enrolment.cohort_id, func.count())
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.state.not_in([EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED]),
        )
        .group_by(Enrolment.cohort_id)
    )
    return {cohort_id: number for cohort_id, number in rows}  # noqa: C416 - rows are no tuples


# --- cohorts ---


def create_cohort(
    session: AnySession, actor: Actor, cohort_id: UUID, data: CohortData, now: datetime
) -> Cohort:
    """Found a cohort, planned. The same key makes it once."""
    known = session.get(Cohort, cohort_id)
    if known is not None:
        return known
    cohort = Cohort(
        id=cohort_id, state=CohortState.PLANNED, created_at=now, revision=1, **asdict(data)
    )
    _check(session, actor, cohort)
    session.add(cohort)
    session.flush()
    audit.record(session, actor, "cohort.create", cohort, now=now, after=cohort.state.value)
    return cohort


def edit_cohort(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    seen: int,
    data: CohortData,
    reason: str,
    now: datetime,
) -> None:
    """Change what is known of a cohort. Moving it to another release wants a reason."""
    if seen != cohort.revision:
        raise Stale
    new = asdict(data)
    changed = {name: value for name, value in new.items() if getattr(cohort, name) != value}
    if not changed:
        return
    before = {name: str(getattr(cohort, name)) for name in changed}
    if {"programme", "country_code"} & changed.keys() and counts(session, [cohort.id]):
        raise Refusal("cohort_has_people")
    if "release_id" in changed and not reason:
        raise Refusal("reason_needed")
    for name, value in changed.items():
        setattr(cohort, name, value)
    _check(session, actor, cohort)
    cohort.revision += 1
    session.flush()
    after = {name: str(value) for name, value in changed.items()}
    audit.record(
        session,
        actor,
        "cohort.edit",
        cohort,
        now=now,
        reason=reason,
        details={"before": before, "after": after},
    )


def _check(session: AnySession, actor: Actor, cohort: Cohort) -> None:
    """Country within the actor's scope, centre within the country, programme in the release."""
    if not permits(actor, Action.COHORT_EDIT, cohort):
        raise Refusal("country_out_of_scope")
    check_dates(cohort.starts_on, cohort.ends_on)
    centre = session.get(Centre, cohort.centre_id) if cohort.centre_id else None
    if cohort.centre_id and (centre is None or centre.country_code != cohort.country_code):
        raise Refusal("centre_elsewhere")
    if curriculum.release(session, cohort.release_id).programme(cohort.programme) is None:
        raise Refusal("programme_not_in_release")
    cohort.search_text = fold(f"{cohort.name} {centre.name if centre else ''}")


def change_cohort(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    event: CohortEvent,
    reason: str,
    now: datetime,
) -> None:
    """Lead a cohort on. All but opening and starting want a reason."""
    if not reason and event not in REASON_OPTIONAL:
        raise Refusal("reason_needed")
    if event is CohortEvent.CANCEL and counts(session, [cohort.id]):
        raise Refusal("cohort_has_people")
    advance(session, actor, cohort, event, COHORT_TRANSITIONS, now=now, reason=reason)
    cohort.revision += 1
    session.flush()


# --- team ---


def team(session: AnySession, cohort_id: UUID) -> dict[Role, list[Person]]:
    """Trainers and supervisors of a cohort, by name."""
    rows = session.execute(
        select(RoleGrant.role, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.scope == Scope.COHORT,
            RoleGrant.scope_id == str(cohort_id),
            RoleGrant.role.in_(TEAM),
            RoleGrant.ended_at.is_(None),
        )
        .order_by(Person.sort_name, Person.id)
    ).all()
    return {role: [person for held, person in rows if held is role] for role in TEAM}


def assign(
    session: AnySession, actor: Actor, cohort: Cohort, person: Person, role: Role, now: datetime
) -> None:
    """Let somebody train or supervise in the cohort."""
    if role not in TEAM:
        raise Refusal("not_a_team_role")
    if person.country_code != cohort.country_code or person.left_at is not None:
        raise Refusal("person_not_available")
    if enrolment_in(session, cohort.id, person.id) is not None:
        raise Refusal("is_trainee_here")
    if person not in team(session, cohort.id)[role]:
        grants.give(session, actor, person, role, Scope.COHORT, str(cohort.id), now)


def unassign(
    session: AnySession, actor: Actor, cohort: Cohort, person: Person, role: Role, now: datetime
) -> None:
    """End somebody's work in the cohort's team."""
    if role not in TEAM:
        raise Refusal("not_a_team_role")
    grants.end(session, actor, person, role, Scope.COHORT, str(cohort.id), now)
