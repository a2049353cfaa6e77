"""Answers given, and what of them may be shown. Single answers leave this module by no way."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.fieldwork.entries.rules import local_date
from lms.fieldwork.models import SupervisionFeedback, SupervisionPresence, SupervisionSession
from lms.fieldwork.rules import PresenceState, SupervisionState
from lms.fieldwork.supervision.evaluation.rules import (
    QUESTIONS,
    SUPERVISED_WITHIN_DAYS,
    Answer,
    Block,
    Quarter,
    check_answers,
    shown,
)
from lms.people.models import Person
from lms.policy.actor import Actor, Role


@dataclass(frozen=True)
class Evaluable:
    """A supervisor about whom a trainee may answer this quarter, or has answered."""

    supervisor: Person
    given: bool


def quarter_of(enrolment: Enrolment, now: datetime) -> Quarter:
    """The quarter that it is where the cohort is."""
    return Quarter.of(local_date(now, enrolment.cohort.time_zone))


def evaluable(session: AnySession, enrolment: Enrolment, now: datetime) -> list[Evaluable]:
    """Who has supervised the trainee of late, by name."""
    whole = list(cohorts.lineage(session, [enrolment.id]))
    since = now - timedelta(days=SUPERVISED_WITHIN_DAYS)
    there = (
        select(SupervisionSession.supervisor_id)
        .join(SupervisionPresence, SupervisionPresence.session_id == SupervisionSession.id)
        .where(
            SupervisionPresence.enrolment_id.in_(whole),
            SupervisionPresence.state == PresenceState.PRESENT,
            SupervisionSession.state == SupervisionState.HELD,
            SupervisionSession.starts_at >= since,
        )
    )
    found = session.scalars(
        select(Person).where(Person.id.in_(there)).order_by(Person.sort_name, Person.id)
    ).all()
    given = set(
        session.scalars(
            select(SupervisionFeedback.supervisor_id).where(
                SupervisionFeedback.enrolment_id.in_(whole),
                SupervisionFeedback.period == str(quarter_of(enrolment, now)),
            )
        )
    )
    return [Evaluable(person, person.id in given) for person in found]


def give(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    supervisor_id: UUID,
    levels: Mapping[str, int],
    now: datetime,
) -> None:
    """Keep a trainee's answers for this quarter. The trail says that, not what, nor about whom."""
    found = {one.supervisor.id: one for one in evaluable(session, enrolment, now)}
    if supervisor_id not in found:
        raise Refusal("evaluation_not_supervised")
    if found[supervisor_id].given:
        raise Refusal("evaluation_given_before")
    check_answers(levels)
    given = SupervisionFeedback(
        enrolment=enrolment,
        supervisor_id=supervisor_id,
        period=str(quarter_of(enrolment, now)),
        answers=dict(levels),
        given_at=now,
    )
    session.add(given)
    session.flush()
    audit.record(session, actor, "supervision.evaluate", given, now=now)


def results(
    session: AnySession, supervisor_ids: Collection[UUID], now: datetime
) -> dict[UUID, list[Block]]:
    """What may be shown of each, the oldest block first."""
    rows = session.execute(
        select(
            SupervisionFeedback.supervisor_id,
            Enrolment.person_id,
            SupervisionFeedback.period,
            SupervisionFeedback.answers,
        )
        .join(Enrolment, Enrolment.id == SupervisionFeedback.enrolment_id)
        .where(SupervisionFeedback.supervisor_id.in_(supervisor_ids))
    )
    of_supervisor: dict[UUID, list[Answer]] = {key: [] for key in supervisor_ids}
    for supervisor_id, person_id, period, levels in rows:
        if levels.keys() >= set(QUESTIONS):
            answer = Answer(person_id, Quarter.read(period), levels)
            of_supervisor[supervisor_id].append(answer)
    return {key: shown(answers, now) for key, answers in of_supervisor.items()}


def supervisors_visible_to(actor: Actor) -> Select[Person]:
    """Those who have supervised, and whose evaluation the actor may see."""
    held = select(SupervisionSession.supervisor_id).where(
        SupervisionSession.state == SupervisionState.HELD
    )
    query = select(Person).where(Person.id.in_(held))
    if actor.has(Role.PROGRAMME_ADMIN):
        return query
    return query.where(or_(Person.id == actor.person_id, Person.country_code.in_(actor.countries)))


def cohorts_of(session: AnySession, supervisor_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Names of the cohorts in which each has held sessions."""
    rows = session.execute(
        select(SupervisionSession.supervisor_id, Cohort.name)
        .join(Cohort, Cohort.id == SupervisionSession.cohort_id)
        .where(SupervisionSession.supervisor_id.in_(supervisor_ids))
        .distinct()
        .order_by(Cohort.name)
    )
    found: dict[UUID, list[str]] = {key: [] for key in supervisor_ids}
    for key, name in rows:
        found[key].append(name)
    return found
