"""The people who might judge a case, with all that segregation of duties asks about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import selectinload

from lms.assessment.models import Dossier
from lms.assessment.rules.segregation import Candidate, Conflict, Judge, conflicts
from lms.assessment.rules.states import CaseRole
from lms.assessment.service.counting import local_date
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.core.search import fold
from lms.fieldwork.models import Observation, Placement, PracticumEntry
from lms.fieldwork.rules import ObservationState
from lms.people.models import Person, RoleGrant
from lms.policy.actor import Role, Scope

_POOLS = (Role.ASSESSOR, Role.JUROR)
_TEAM = (Role.TRAINER, Role.SUPERVISOR)


@dataclass(frozen=True)
class Member:
    """One person of the pool."""

    person: Person
    judge: Judge

    def why_not(
        self, role: CaseRole, candidate: Candidate, dossier: Dossier, today: date
    ) -> tuple[Conflict, ...]:
        """Why the person may not take the place; empty if they may."""
        return conflicts(self.judge, candidate, role, dossier.profile, today)


def candidate_of(dossier: Dossier) -> Candidate:
    """The trainee, as the rules of segregation see them."""
    person, cohort = dossier.enrolment.person, dossier.enrolment.cohort
    return Candidate(
        person_id=person.id,
        country_code=cohort.country_code,
        centre_id=cohort.centre_id,
        employer=fold(person.employer),
        commune=fold(person.commune),
    )


def pool(session: AnySession, dossier: Dossier, now: datetime) -> dict[UUID, Member]:
    """Assessors and jurors for the case's country, and whoever is assigned to it already.

    A constant number of queries, whatever the size of the pool.
    """
    today = local_date(now, dossier.enrolment)
    people = _people(session, dossier)
    cohorts = _cohorts(session, people.values())
    cases = _cases(session, dossier)
    supervised = _supervisors(session, cases.keys())
    observed = _observers(session, cases.keys())
    held = {a.person_id: a for a in dossier.assignments}
    found = {}
    for key, person in people.items():
        trained = [
            day
            for grant in person.grants
            if grant.role is Role.TRAINER and (cohort := cohorts.get(grant.scope_id)) is not None
            if cohort.id in cases.values()
            if (day := _last_day(grant, cohort, dossier, today)) is not None
        ]
        if key in observed:
            trained.append(observed[key])
        place = held.get(key)
        found[key] = Member(
            person,
            Judge(
                person_id=key,
                country_code=person.country_code,
                is_assessor=_belongs(person, Role.ASSESSOR, dossier.country_code),
                is_juror=_belongs(person, Role.JUROR, dossier.country_code),
                employer=fold(person.employer),
                commune=fold(person.commune),
                centre_ids=frozenset(
                    centre
                    for grant in person.grants
                    if grant.scope_id in cohorts
                    if (centre := cohorts[grant.scope_id].centre_id) is not None
                ),
                supervised=key in supervised,
                trained_on=max(trained, default=None),
                is_admin=_administers(person, dossier.country_code),
                stood_down=place is not None and not place.is_active,
                holds=place.role if place is not None and place.is_active else None,
            ),
        )
    return found


def _people(session: AnySession, dossier: Dossier) -> dict[UUID, Person]:
    in_scope = or_(
        RoleGrant.scope == Scope.ALL,
        (RoleGrant.scope == Scope.COUNTRY) & (RoleGrant.scope_id == dossier.country_code),
    )
    named = select(RoleGrant.person_id).where(
        RoleGrant.role.in_(_POOLS), RoleGrant.ended_at.is_(None), in_scope
    )
    assigned = [assignment.person_id for assignment in dossier.assignments]
    query = (
        select(Person)
        .where(or_(Person.id.in_(named), Person.id.in_(assigned)), Person.left_at.is_(None))
        .options(selectinload(Person.grants))
        .order_by(Person.sort_name, Person.id)
    )
    return {person.id: person for person in session.scalars(query)}


def _cohorts(session: AnySession, people: Iterable[Person]) -> dict[str, Cohort]:
    """Cohorts in whose teams these people are, or were, by their key as text."""
    wanted = {
        UUID(grant.scope_id)
        for person in people
        for grant in person.grants
        if grant.scope is Scope.COHORT and grant.role in _TEAM
    }
    rows = session.scalars(select(Cohort).where(Cohort.id.in_(wanted)))
    return {str(cohort.id): cohort for cohort in rows}


def _cases(session: AnySession, dossier: Dossier) -> dict[UUID, UUID]:
    """All enrolments of the candidate, with their cohorts: an earlier trainer is a trainer too."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.cohort_id).where(Enrolment.person_id == dossier.person_id)
    )
    return {key: role for key, role in rows}  # noqa: C416 - rows are no tuples


def _supervisors(session: AnySession, cases: Iterable[UUID]) -> frozenset[UUID]:
    keys = list(cases)
    found = session.scalars(
        union(
            select(Placement.supervisor_id).where(Placement.enrolment_id.in_(keys)),
            select(PracticumEntry.supervisor_id).where(PracticumEntry.enrolment_id.in_(keys)),
            select(PracticumEntry.decided_by_id).where(PracticumEntry.enrolment_id.in_(keys)),
        )
    )
    return frozenset(key for key in found if key is not None)


def _observers(session: AnySession, cases: Iterable[UUID]) -> dict[UUID, date]:
    rows = session.execute(
        select(Observation.trainer_id, func.max(Observation.observed_on))
        .where(
            Observation.enrolment_id.in_(list(cases)), Observation.state != ObservationState.DRAFT
        )
        .group_by(Observation.trainer_id)
    )
    return {key: role for key, role in rows}  # noqa: C416 - rows are no tuples


def _last_day(grant: RoleGrant, cohort: Cohort, dossier: Dossier, today: date) -> date | None:
    """Last day on which a cohort's trainer trained its people; None before it began."""
    if cohort.starts_on > today:
        return None
    ended = local_date(grant.ended_at, dossier.enrolment) if grant.ended_at else today
    return min(ended, cohort.ends_on, today)


def _belongs(person: Person, role: Role, country_code: str) -> bool:
    return any(
        grant.role is role
        and (grant.scope is Scope.ALL or grant.scope_id == country_code)
        and grant.scope in {Scope.ALL, Scope.COUNTRY}
        for grant in person.active_grants
    )


def _administers(person: Person, country_code: str) -> bool:
    return any(
        grant.role is Role.PROGRAMME_ADMIN
        or (grant.role is Role.COUNTRY_ADMIN and grant.scope_id == country_code)
        for grant in person.active_grants
    )
