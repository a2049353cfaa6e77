"""Supervision for the matrix: sessions in every state, absences with reasons, what was agreed."""

from datetime import timedelta

from sqlalchemy import select

from lms.cohorts.models import CalendarFeed, Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.cohorts.timetable.feeds import token_hash
from lms.core import clock
from lms.fieldwork.models import (
    SupervisionAction,
    SupervisionFeedback,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import PresenceState, SupervisionKind, SupervisionState
from lms.fieldwork.supervision.evaluation.rules import QUESTIONS
from lms.people.models import Person
from lms.policy.actor import Role
from tests.policy.seeded.things import Thing

FEED = "seeded-calendar-token"
COHORTS = ("Coachs, Oujda 2026", "Animateurs, Kaolack 2026")


def things(session):
    """Sessions, presences, actions and answers, with the facts from the raw rows."""
    where = {
        key: {"cohort": key, "country": country}
        for key, country in session.execute(select(Cohort.id, Cohort.country_code))
    }
    people = dict(session.execute(select(Enrolment.id, Enrolment.person_id)).all())
    invited, there, of_session = {}, {}, {}
    for row in session.scalars(select(SupervisionPresence)).all():
        invited.setdefault(row.session_id, set()).add(people[row.enrolment_id])
        if row.state.value == "present":
            there.setdefault(row.session_id, set()).add(people[row.enrolment_id])
    order = select(SupervisionSession).order_by(SupervisionSession.id)
    for row in session.scalars(order).unique():
        facts = where[row.cohort_id] | {"supervisor": row.supervisor_id}
        of_session[row.id] = facts
        yield Thing(
            "supervision",
            row,
            invited=frozenset(invited.get(row.id, ())),
            there=frozenset(there.get(row.id, ())),
            state=row.state.value,
            **facts,
        )
    for kind, model in (("presence", SupervisionPresence), ("agreed", SupervisionAction)):
        for row in session.scalars(select(model).order_by(model.id)).unique():
            facts = of_session[row.session_id]
            yield Thing(kind, row, owner=people[row.enrolment_id], **facts)
    for row in session.scalars(select(SupervisionFeedback)).unique():
        yield Thing("evaluation", row, owner=people[row.enrolment_id])


def add(session):
    """In two cohorts: planned, held with an absence and an action, cancelled; by one removed."""
    now = clock.now()
    removed = select(Person).where(Person.email == "removed@demo.example")
    for name in COHORTS:
        cohort = session.scalars(select(Cohort).where(Cohort.name == name)).one()
        trainees = session.scalars(
            select(Enrolment)
            .where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
            .order_by(Enrolment.id)
            .limit(3)
        ).all()
        supervisor = _supervisor(session, cohort)
        for state in SupervisionState:
            _session(session, cohort, supervisor, trainees, state, now)
        _session(
            session, cohort, session.scalars(removed).one(), trainees, SupervisionState.HELD, now
        )
        session.add(
            SupervisionFeedback(
                enrolment=trainees[0],
                supervisor_id=supervisor.id,
                period="2020-Q1",
                answers=dict.fromkeys(QUESTIONS, 3),
                given_at=now,
            )
        )
    holder = session.scalars(select(Person).where(Person.email == "trainee@demo.example")).one()
    session.add(CalendarFeed(person_id=holder.id, token_hash=token_hash(FEED), created_at=now))
    session.flush()


def _supervisor(session, cohort):
    return next(
        person
        for person in session.scalars(select(Person).order_by(Person.id))
        if any(
            grant.role is Role.SUPERVISOR and grant.scope_id == str(cohort.id)
            for grant in person.active_grants
        )
    )


def _session(session, cohort, supervisor, trainees, state, now):
    held = state is SupervisionState.HELD
    made = SupervisionSession(
        cohort=cohort,
        supervisor=supervisor,
        kind=SupervisionKind.GROUP,
        state=state,
        starts_at=now + timedelta(days=-3 if held else 3),
        minutes=60,
        place="Centre",
        topic="topic",
        shared_notes="shared" if held else "",
        private_notes="private",
        created_at=now,
        held_at=now if held else None,
        cancel_reason="reason" if state is SupervisionState.CANCELLED else "",
    )
    came = (PresenceState.PRESENT, PresenceState.EXCUSED, PresenceState.PRESENT)
    for enrolment, presence in zip(trainees, came, strict=True):
        made.presences.append(
            SupervisionPresence(
                enrolment=enrolment,
                state=presence if held else PresenceState.EXPECTED,
                reason="ill" if held and presence is PresenceState.EXCUSED else "",
            )
        )
    session.add(made)
    session.flush()
    if held:
        for enrolment in trainees[:2]:
            session.add(
                SupervisionAction(session_id=made.id, enrolment_id=enrolment.id, text="agreed")
            )
