"""Training days, planned and led on by the services."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from lms.cohorts.timetable.rules import Slot
from lms.cohorts.training import attendance, service
from lms.cohorts.training.rules import Attended, Plan, Tick, TrainingState, Worth
from tests.factories.cohorts import NOW


def asked(*trainers, at=NOW + timedelta(days=2), times=1, minutes=420, **fields):
    """What a trainer plans."""
    given = {
        "slots": tuple(Slot(at + timedelta(days=turn), minutes) for turn in range(times)),
        "worth": Worth.WHOLE,
        "title": "Posture et outils",
        "place": "Centre d’Oujda",
        "link": "",
        "note": "",
        "modules": (),
        "trainer_ids": frozenset(one.id for one in trainers),
    }
    return Plan(**(given | fields))


def planned(session, trainer, cohort, now=NOW, **fields):
    """Training that is planned."""
    plan = asked(trainer, **fields)
    return service.plan(session, trainer.actor, cohort, uuid7(), plan, now)[0]


def ticked(session, meeting, marks, now=NOW):
    """Note of each trainee what is given: a mark, or a mark and a reason."""
    noted = {}
    for one, said in marks.items():
        mark, reason = said if isinstance(said, tuple) else (said, "")
        noted[one.id] = Tick(mark, reason, Attended.EXPECTED)
    return attendance.note(session, meeting, noted, now)


def held(session, trainer, cohort, *there, days=3, now=NOW, marks=None, **fields):
    """Training that took place `days` before `now`, its list closed."""
    at = now - timedelta(days=days)
    made = planned(session, trainer, cohort, now=at - timedelta(days=1), at=at, **fields)
    assert made.state is TrainingState.PLANNED
    ticked(session, made, dict.fromkeys(there, Attended.PRESENT) | (marks or {}), at)
    later = at + timedelta(hours=8)
    service.close(session, trainer.actor, made, made.revision, later)
    return made
