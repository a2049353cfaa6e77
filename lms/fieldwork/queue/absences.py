"""A supervisor is away and somebody of the same team stands in, by a grant that lasts as long."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import ENDED, CohortState
from lms.core import audit, mail
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.fieldwork.entries.rules import local_date
from lms.fieldwork.models import Absence, Placement
from lms.fieldwork.queue.rules import Away, absence_fault
from lms.people import grants
from lms.people import service as people
from lms.people.models import Person, RoleGrant
from lms.policy.actor import SYSTEM, Actor, Role, Scope

OVER = frozenset({CohortState.CLOSED, CohortState.CANCELLED})
"""Cohorts in which a supervisor who is away is missed no more."""


def find_absence(session: AnySession, absence_id: UUID) -> Absence | None:
    """An absence by key."""
    return session.get(Absence, absence_id)


def visible_to(actor: Actor) -> Select[Absence]:
    """Absences that concern the actor, or supervisors whom they administer."""
    administered = select(Person.id).where(Person.country_code.in_(actor.countries))
    return select(Absence).where(
        or_(
            Absence.supervisor_id == actor.person_id,
            Absence.stand_in_id == actor.person_id,
            Absence.supervisor_id.in_(administered),
        )
    )


def current(session: AnySession, actor: Actor, today: date) -> Sequence[Absence]:
    """Those that hold now or later, the next to end first."""
    query = visible_to(actor).where(Absence.ended_at.is_(None), Absence.ends_on >= today)
    return session.scalars(query.order_by(Absence.starts_on, Absence.id)).unique().all()


def may_be_away(session: AnySession, actor: Actor) -> list[Person]:
    """Whose absence the actor may note: their own, and that of supervisors they administer."""
    ways = [Person.id == actor.person_id]
    if actor.countries:
        ways.append(Person.country_code.in_(actor.countries))
    return list(session.scalars(_supervisors().where(or_(*ways))))


def colleagues(session: AnySession, actor: Actor, people_away: Sequence[Person]) -> list[Person]:
    """Who could stand in for any of them: supervisors of a cohort in which they supervise."""
    teams = session.scalars(
        select(RoleGrant.scope_id).where(
            RoleGrant.person_id.in_([person.id for person in people_away]), *_SUPERVISES
        )
    ).all()
    in_team = select(RoleGrant.person_id).where(RoleGrant.scope_id.in_(teams), *_SUPERVISES)
    return list(session.scalars(_supervisors().where(Person.id.in_(in_team))))


_SUPERVISES = (
    RoleGrant.role == Role.SUPERVISOR,
    RoleGrant.scope == Scope.COHORT,
    RoleGrant.ended_at.is_(None),
)


def _supervisors() -> Select[Person]:
    held = select(RoleGrant.person_id).where(*_SUPERVISES)
    query = select(Person).where(Person.id.in_(held), Person.left_at.is_(None))
    return query.order_by(Person.sort_name, Person.id)


def plan(
    session: AnySession,
    actor: Actor,
    absence_id: UUID,
    supervisor: Person,
    stand_in: Person,
    starts_on: date,
    ends_on: date,
    reason: str,
    now: datetime,
) -> Absence:
    """Note an absence and who stands in; it holds from its first day. The same key makes it once.

    Raises Refusal when it cannot be: not one's own to note, dates, conflicts, another team.
    """
    known = session.get(Absence, absence_id)
    if known is not None:
        return known
    if actor.person_id != supervisor.id and supervisor.country_code not in actor.countries:
        raise Refusal("absence_not_yours")
    new = Away(supervisor.id, stand_in.id, starts_on, ends_on)
    fault = absence_fault(new, _others(session, new), local_date(now, supervisor.time_zone))
    if fault is not None:
        raise Refusal(fault)
    _check_team(session, supervisor, stand_in)
    absence = Absence(
        id=absence_id,
        supervisor=supervisor,
        stand_in=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        created_at=now,
    )
    session.add(absence)
    session.flush()
    details = {"from": starts_on.isoformat(), "to": ends_on.isoformat()}
    audit.record(session, actor, "absence.plan", absence, now=now, details=details)
    mail.send(session, people.recipient(stand_in), "stand_in", {"absence": absence}, now)
    settle(session, now)
    return absence


def _others(session: AnySession, new: Away) -> list[Away]:
    """Absences not ended early that concern either of the two."""
    both = (new.supervisor_id, new.stand_in_id)
    rows = session.execute(
        select(
            Absence.supervisor_id, Absence.stand_in_id, Absence.starts_on, Absence.ends_on
        ).where(
            Absence.ended_at.is_(None),
            or_(Absence.supervisor_id.in_(both), Absence.stand_in_id.in_(both)),
        )
    )
    return [Away(*row) for row in rows]


def _check_team(session: AnySession, supervisor: Person, stand_in: Person) -> None:
    if stand_in.left_at is not None:
        raise Refusal("person_not_available")
    teams = supervisor.actor.cohorts(Role.SUPERVISOR)
    lively = session.scalars(
        select(Cohort).where(Cohort.id.in_(teams), Cohort.state.not_in(OVER)).order_by(Cohort.name)
    ).all()
    if not lively:
        raise Refusal("absence_without_team", name=supervisor.name)
    for cohort in lively:
        if cohort.id not in stand_in.actor.cohorts(Role.SUPERVISOR):
            raise Refusal("stand_in_not_of_team", name=stand_in.name, cohort=cohort.name)
    learns = session.scalar(
        select(Enrolment.id)
        .join(Placement, Placement.enrolment_id == Enrolment.id)
        .where(
            Enrolment.person_id == stand_in.id,
            Enrolment.state.not_in(ENDED),
            Placement.supervisor_id == supervisor.id,
        )
        .limit(1)
    )
    if learns is not None:
        raise Refusal("stand_in_is_trainee", name=stand_in.name)


def end(session: AnySession, actor: Actor, absence: Absence, now: datetime) -> None:
    """The supervisor is back sooner; whoever stood in decides no more. Done again, no change."""
    if absence.ended_at is not None:
        return
    absence.ended_at = now
    session.flush()
    audit.record(session, actor, "absence.end", absence, now=now)
    settle(session, now)


def settle(session: AnySession, now: datetime) -> tuple[int, int]:
    """Make the grants of stand-ins what the absences of this moment ask for.

    Gives how many were given and ended. Done again, it changes nothing.
    """
    around = now.date()
    absences = session.scalars(
        select(Absence)
        .where(
            Absence.ended_at.is_(None),
            Absence.starts_on <= around + timedelta(days=1),
            Absence.ends_on >= around - timedelta(days=1),
        )
        .options(joinedload(Absence.stand_in).selectinload(Person.grants))
    ).all()
    wanted = {
        (each.stand_in_id, str(each.supervisor_id)): each.stand_in
        for each in absences
        if _holds(each, now) and each.stand_in.left_at is None
    }
    held = session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.role == Role.SUPERVISOR,
            RoleGrant.scope == Scope.PERSON,
            RoleGrant.ended_at.is_(None),
        )
        .options(joinedload(RoleGrant.person).selectinload(Person.grants))
    ).all()
    known = {(grant.person_id, grant.scope_id): grant.person for grant in held}
    where = Role.SUPERVISOR, Scope.PERSON
    for key, person in known.items():
        if key not in wanted:
            grants.end(session, SYSTEM, person, *where, key[1], now, "absence")
    for key, person in wanted.items():
        if key not in known:
            grants.give(session, SYSTEM, person, *where, key[1], now)
    return len(wanted.keys() - known.keys()), len(known.keys() - wanted.keys())


def _holds(absence: Absence, now: datetime) -> bool:
    """Whether it is one of its days where the supervisor is."""
    today = local_date(now, absence.supervisor.time_zone)
    away = Away(absence.supervisor_id, absence.stand_in_id, absence.starts_on, absence.ends_on)
    return away.covers(today)
