"""An enrolment's life: begun, paused, resumed, ended, moved to another cohort."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import (
    ENDED,
    ENROLMENT_TRANSITIONS,
    TAKES_PEOPLE,
    EnrolmentEvent,
    EnrolmentState,
    may_transfer,
)
from lms.cohorts.service import enrolment_in, team
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.settings import Settings
from lms.core.transitions import advance
from lms.people import grants
from lms.people import service as people
from lms.people.models import Person
from lms.people.rules import NewPerson
from lms.policy.actor import Actor, Role, Scope


def enrol(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    person: Person,
    now: datetime,
    came_from: Enrolment | None = None,
) -> Enrolment:
    """Enrol somebody, who becomes a trainee of the cohort. Repeating it changes nothing."""
    if cohort.state not in TAKES_PEOPLE:
        raise Refusal("cohort_takes_nobody", state=cohort.state)
    if person.country_code != cohort.country_code or person.left_at is not None:
        raise Refusal("person_not_available")
    known = enrolment_in(session, cohort.id, person.id)
    if known is not None:
        if known.state in ENDED:
            raise Refusal("enrolment_ended_before", state=known.state)
        return known
    if any(person in members for members in team(session, cohort.id).values()):
        raise Refusal("is_on_team")
    enrolment = Enrolment(
        cohort=cohort,
        person=person,
        state=EnrolmentState.ENROLLED,
        enrolled_at=now,
        transferred_from_id=came_from.id if came_from else None,
    )
    session.add(enrolment)
    session.flush()
    grants.give(session, actor, person, Role.TRAINEE, Scope.COHORT, str(cohort.id), now)
    audit.record(
        session, actor, "enrolment.create", enrolment, now=now, after=enrolment.state.value
    )
    return enrolment


def invite(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    new: NewPerson,
    now: datetime,
    settings: Settings,
    person_id: UUID | None = None,
) -> tuple[Enrolment, str]:
    """Invite somebody new into the cohort; gives the enrolment and the token of their link."""
    person, token = people.invite(session, actor, new, now, settings, person_id=person_id)
    return enrol(session, actor, cohort, person, now), token


def change(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    event: EnrolmentEvent,
    reason: str,
    now: datetime,
) -> None:
    """Pause, resume, withdraw or complete; the trainee's role follows."""
    if not reason:
        raise Refusal("reason_needed")
    if event is EnrolmentEvent.TRANSFER:
        raise Refusal("transfer_needs_cohort")
    _advance(session, actor, enrolment, event, reason, now)


def transfer(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    target: Cohort,
    reason: str,
    now: datetime,
) -> Enrolment:
    """Move a trainee to another cohort of the same programme and country."""
    if not reason:
        raise Refusal("reason_needed")
    here = enrolment.cohort
    if target.id == here.id or not may_transfer(
        programme=here.programme,
        country=here.country_code,
        to_programme=target.programme,
        to_country=target.country_code,
        to_state=target.state,
    ):
        raise Refusal("transfer_not_there")
    _advance(session, actor, enrolment, EnrolmentEvent.TRANSFER, reason, now)
    return enrol(session, actor, target, enrolment.person, now, came_from=enrolment)


def transfer_targets(session: AnySession, enrolment: Enrolment) -> list[Cohort]:
    """Cohorts to which the trainee could move."""
    here = enrolment.cohort
    return list(
        session.scalars(
            select(Cohort)
            .where(
                Cohort.programme == here.programme,
                Cohort.country_code == here.country_code,
                Cohort.state.in_(TAKES_PEOPLE),
                Cohort.id != here.id,
            )
            .order_by(Cohort.starts_on.desc(), Cohort.id)
            .limit(50)
        )
    )


def _advance(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    event: EnrolmentEvent,
    reason: str,
    now: datetime,
) -> None:
    was_over = enrolment.state in ENDED
    with session.no_autoflush:
        advance(session, actor, enrolment, event, ENROLMENT_TRANSITIONS, now=now, reason=reason)
        enrolment.ended_at = now if enrolment.state in ENDED else None
    session.flush()
    scope_id, person = str(enrolment.cohort_id), enrolment.person
    if enrolment.state in ENDED:
        grants.end(session, actor, person, Role.TRAINEE, Scope.COHORT, scope_id, now)
    elif was_over:
        grants.give(session, actor, person, Role.TRAINEE, Scope.COHORT, scope_id, now)
