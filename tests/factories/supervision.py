"""Supervision sessions, planned and led on by the services."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from lms.fieldwork.rules import PresenceState, SupervisionKind, SupervisionState
from lms.fieldwork.supervision import service
from lms.fieldwork.supervision.evaluation import service as evaluation
from lms.fieldwork.supervision.evaluation.rules import QUESTIONS
from lms.fieldwork.supervision.rules import Agreed, Minutes, Plan, Presence
from tests.factories.cohorts import NOW


def asked(*trainees, at=NOW + timedelta(days=2), weeks=1, **fields):
    """What a supervisor plans."""
    given = {
        "kind": SupervisionKind.GROUP if len(trainees) > 1 else SupervisionKind.INDIVIDUAL,
        "starts_at": tuple(at + timedelta(weeks=week) for week in range(weeks)),
        "minutes": 60,
        "place": "Centre d’Oujda",
        "link": "",
        "topic": "Relire un atelier",
        "enrolment_ids": frozenset(one.id for one in trainees),
    }
    return Plan(**(given | fields))


def written(*there, absent=(), minutes=60, agreed=(), shared="Notes communes.", private=""):
    """What is written down afterwards: who was there, who was not."""
    presences = {one.id: Presence(PresenceState.PRESENT) for one in there}
    presences |= {one.id: Presence(PresenceState.EXCUSED, "Malade") for one in absent}
    return Minutes(minutes, presences, shared, private, tuple(agreed))


def will(text="Relire la charte", whom=None, due_on=None):
    """Something agreed."""
    return Agreed(text, whom.id if whom else None, due_on)


def session_of(session, supervisor, cohort, *trainees, now=NOW, **fields):
    """A session that is planned."""
    plan = asked(*trainees, **fields)
    return service.plan(session, supervisor.actor, cohort, uuid7(), plan, now)[0]


def held(session, supervisor, cohort, *trainees, days=3, now=NOW, absent=(), **fields):
    """A session that took place `days` before `now`."""
    at = now - timedelta(days=days)
    made = session_of(session, supervisor, cohort, *trainees, *absent, at=at, now=at)
    assert made.state is SupervisionState.PLANNED
    minutes = written(*trainees, absent=absent, **fields)
    later = at + timedelta(hours=2)
    service.hold(session, supervisor.actor, made, made.revision, minutes, later)
    return made


def answers(level=3, **levels):
    """To all the questions."""
    return dict.fromkeys(QUESTIONS, level) | levels


def evaluated(session, supervisor, cohort, *trainees, now=NOW, level=3):
    """Each was supervised a while ago, and answers now."""
    for one in trainees:
        held(session, supervisor, cohort, one, now=now)
        evaluation.give(session, one.person.actor, one, supervisor.id, answers(level), now)
