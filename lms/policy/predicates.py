"""Small questions about an actor and an object; the table combines them. Pure, typed by Protocols.

A predicate that is asked about an object without the attribute it needs fails loudly: a buggy row
must never read as a permission.
"""

from collections.abc import Callable, Collection
from typing import Any, Protocol
from uuid import UUID

from lms.policy.actor import Actor, Grant, Role, Scope

Predicate = Callable[[Actor, Any], bool]


class Owned(Protocol):
    """Belongs to one person."""

    person_id: UUID


class InCountry(Protocol):
    """Administered by one country."""

    country_code: str


class InCohort(Protocol):
    """Part of one cohort."""

    cohort_id: UUID


class Supervised(Protocol):
    """Has one supervisor, of the cohort's team."""

    cohort_id: UUID
    supervisor_id: UUID | None


class StoodIn(Protocol):
    """Names who decides in somebody's place."""

    stand_in_id: UUID


class Observed(Protocol):
    """Was written by one trainer."""

    trainer_id: UUID


class HandedIn(Protocol):
    """Is written first, and shown to others later."""

    handed_in: bool


class Evidenced(Protocol):
    """Was handed in for a smaller or larger circle."""

    open_to_team: bool


class Published(Protocol):
    """Is written first, and told to everybody when its hour has come."""

    published: bool


class UnderCharter(Protocol):
    """Is for those who have accepted a cohort's charter."""

    charter_ids: Collection[UUID]


class Reported(Protocol):
    """Was handed to those who moderate, perhaps to the country's administration too."""

    to_office: bool


class Meeting(Protocol):
    """Is for some people, of whom some come."""

    invited_ids: Collection[UUID]
    present_ids: Collection[UUID]


class Case(Protocol):
    """Is decided by people assigned to it."""

    assessor_ids: Collection[UUID]
    juror_ids: Collection[UUID]
    chair_id: UUID | None


class Reachable(Protocol):
    """A person whom cohort teams may look up."""

    cohort_ids: Collection[UUID]


class Holder(Protocol):
    """A person with the roles held now."""

    @property
    def held(self) -> Collection[Grant]:
        """Roles that have not ended."""


def anyone(_actor: Actor, _obj: object) -> bool:
    """The public."""
    return True


def signed_in(actor: Actor, _obj: object) -> bool:
    """Anybody with an account."""
    return actor.is_authenticated


def own(actor: Actor, obj: Owned) -> bool:
    """The person it belongs to."""
    return actor.person_id is not None and obj.person_id == actor.person_id


def not_own(actor: Actor, obj: Owned) -> bool:
    """Anybody but the person it belongs to."""
    return not own(actor, obj)


def admin_of_country(actor: Actor, obj: InCountry) -> bool:
    """Country admin of the country that administers it."""
    return obj.country_code in actor.countries


def not_its_admin(actor: Actor, obj: InCountry) -> bool:
    """Administers neither its country nor the programme: admins never score or judge."""
    return not admin_of_country(actor, obj) and not actor.has(Role.PROGRAMME_ADMIN)


def programme_admin(actor: Actor, _obj: object) -> bool:
    """Programme admin."""
    return actor.has(Role.PROGRAMME_ADMIN)


def auditor(actor: Actor, _obj: object) -> bool:
    """Auditor (reads only)."""
    return actor.has(Role.AUDITOR)


def some_country_admin(actor: Actor, _obj: object) -> bool:
    """Country admin of any country."""
    return actor.has(Role.COUNTRY_ADMIN)


def some_partner(actor: Actor, _obj: object) -> bool:
    """A partner body's verifier."""
    return actor.has(Role.PARTNER)


def some_case_worker(actor: Actor, _obj: object) -> bool:
    """Anybody who may be assigned to a case."""
    return actor.has(Role.ASSESSOR) or actor.has(Role.JUROR)


def some_supervisor(actor: Actor, _obj: object) -> bool:
    """Supervises in some cohort."""
    return actor.has(Role.SUPERVISOR)


def some_trainer(actor: Actor, _obj: object) -> bool:
    """Trains in some cohort."""
    return actor.has(Role.TRAINER)


def trainer_of_cohort(actor: Actor, obj: InCohort) -> bool:
    """Trains in the cohort it is part of."""
    return obj.cohort_id in actor.cohorts(Role.TRAINER)


def supervisor_of_cohort(actor: Actor, obj: InCohort) -> bool:
    """Supervises in the cohort it is part of."""
    return obj.cohort_id in actor.cohorts(Role.SUPERVISOR)


def trainee_of_cohort(actor: Actor, obj: InCohort) -> bool:
    """Is enrolled in the cohort it is part of."""
    return obj.cohort_id in actor.cohorts(Role.TRAINEE)


def of_cohort(actor: Actor, obj: InCohort) -> bool:
    """Trainee, trainer or supervisor of the cohort it is part of."""
    return (
        trainee_of_cohort(actor, obj)
        or trainer_of_cohort(actor, obj)
        or supervisor_of_cohort(actor, obj)
    )


def published(_actor: Actor, obj: Published) -> bool:
    """What has been told to everybody, and not been withdrawn."""
    return obj.published


def under_charter(actor: Actor, obj: UnderCharter) -> bool:
    """Has accepted the charter of its cohort."""
    return actor.person_id is not None and actor.person_id in obj.charter_ids


def for_office(_actor: Actor, obj: Reported) -> bool:
    """What was handed to the country's administration."""
    return obj.to_office


def its_supervisor(actor: Actor, obj: Supervised) -> bool:
    """The supervisor named for it, as long as they supervise in its cohort."""
    named = actor.person_id is not None and obj.supervisor_id == actor.person_id
    return named and supervisor_of_cohort(actor, obj)


def stands_in(actor: Actor, obj: Supervised) -> bool:
    """Decides in the place of the supervisor named for it, who is away; of the same team."""
    return obj.supervisor_id in actor.stands_in_for and supervisor_of_cohort(actor, obj)


def its_stand_in(actor: Actor, obj: StoodIn) -> bool:
    """Whoever stands in during this absence."""
    return actor.person_id is not None and obj.stand_in_id == actor.person_id


def its_trainer(actor: Actor, obj: Observed) -> bool:
    """The trainer who wrote it."""
    return actor.person_id is not None and obj.trainer_id == actor.person_id


def handed_in(_actor: Actor, obj: HandedIn) -> bool:
    """What its author has handed in or shared: a draft is nobody else's."""
    return obj.handed_in


def open_to_team(_actor: Actor, obj: Evidenced) -> bool:
    """What its author has not kept for the supervisor alone."""
    return obj.open_to_team


def invited(actor: Actor, obj: Meeting) -> bool:
    """A trainee whom it is for."""
    return actor.person_id is not None and actor.person_id in obj.invited_ids


def was_there(actor: Actor, obj: Meeting) -> bool:
    """A trainee who was there."""
    return actor.person_id is not None and actor.person_id in obj.present_ids


def its_assessor(actor: Actor, obj: Case) -> bool:
    """An assessor assigned to the case."""
    return actor.person_id is not None and actor.person_id in obj.assessor_ids


def its_juror(actor: Actor, obj: Case) -> bool:
    """A juror assigned to the case, the chair among them."""
    return actor.person_id is not None and actor.person_id in obj.juror_ids


def its_chair(actor: Actor, obj: Case) -> bool:
    """The chair of the case's jury."""
    return actor.person_id is not None and obj.chair_id == actor.person_id


def teaches_person(actor: Actor, obj: Reachable) -> bool:
    """Trains or supervises in a cohort of the person."""
    mine = actor.team_cohorts
    return not mine.isdisjoint(obj.cohort_ids)


def within_reach(actor: Actor, obj: Holder) -> bool:
    """Holds no role that reaches beyond the countries the actor administers."""
    return all(
        grant.scope is not Scope.ALL
        and (grant.scope is not Scope.COUNTRY or grant.scope_id in actor.countries)
        for grant in obj.held
    )


def only_trainee(_actor: Actor, obj: Holder) -> bool:
    """Holds no role but trainee."""
    return all(grant.role is Role.TRAINEE for grant in obj.held)
