"""Many more people, for measuring: bulk inserts, one shared hash, nothing that services check."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core.db import AnySession
from lms.core.search import fold
from lms.curriculum import service as curriculum
from lms.demo.names import numbered
from lms.demo.personas import BY_KEY, DOMAIN
from lms.fieldwork.models import Placement, PracticumEntry
from lms.fieldwork.rules import ConsentBasis, EntryState, PlacementState
from lms.learning.models import LessonCompletion
from lms.people.models import Person, RoleGrant
from lms.policy.actor import Role, Scope

CHUNK = 500


def load(session: AnySession, number: int, now: datetime) -> int:
    """Add `number` trainees to Oujda: half of their lessons read, an entry waiting each."""
    cohort = session.scalars(
        select(Cohort).where(Cohort.country_code == "MA").order_by(Cohort.id)
    ).first()
    if cohort is None:
        raise LookupError("load the demonstration first")
    release = curriculum.release(session, cohort.release_id)
    slugs = release.programmes[cohort.programme].written
    lessons = [lesson.id.partition("/") for slug in slugs for lesson in release.lessons(slug)]
    shared = session.scalars(select(Person.password_hash)).first()
    supervisor = session.scalars(
        select(Person.id).where(Person.email == BY_KEY["supervisor"].email)
    ).one()
    for start in range(0, number, CHUNK):
        turns = range(start, min(start + CHUNK, number))
        people = [_person(turn, shared, now) for turn in turns]
        session.execute(insert(Person), people)
        enrolments = [
            {
                "id": uuid7(),
                "cohort_id": cohort.id,
                "person_id": person["id"],
                "state": EnrolmentState.ENROLLED,
                "enrolled_at": now - timedelta(days=100),
                "ended_at": None,
            }
            for person in people
        ]
        session.execute(insert(Enrolment), enrolments)
        session.execute(insert(RoleGrant), [_grant(p["id"], cohort, now) for p in people])
        _practice(session, enrolments, supervisor, now)
        read = [
            {
                "enrolment_id": enrolment["id"],
                "module": home,
                "lesson": name,
                "completed_at": now - timedelta(days=50),
            }
            for turn, enrolment in zip(turns, enrolments, strict=True)
            for home, _, name in lessons[: turn % (len(lessons) + 1)]
        ]
        if read:
            session.execute(insert(LessonCompletion), read)
    return number


def _practice(
    session: AnySession, enrolments: list[dict[str, Any]], supervisor: UUID, now: datetime
) -> None:
    """A placement each, and an entry that waits; the oldest first as they come."""
    day = (now - timedelta(days=4)).date()
    placements = [
        {
            "id": uuid7(),
            "enrolment_id": enrolment["id"],
            "host": "Commune",
            "territory": "Oujda",
            "supervisor_id": supervisor,
            "starts_on": day - timedelta(days=60),
            "ends_on": day + timedelta(days=60),
            "state": PlacementState.RUNNING,
            "created_at": now - timedelta(days=64),
        }
        for enrolment in enrolments
    ]
    session.execute(insert(Placement), placements)
    entries = [
        {
            "id": uuid7(),
            "enrolment_id": placement["enrolment_id"],
            "placement_id": placement["id"],
            "supervisor_id": supervisor,
            "type": "individual-interview",
            "form": "individual-session",
            "role": "led",
            "held_on": day,
            "minutes_direct": 45,
            "participants": {"citizen": 1},
            "summary": "Entretien.",
            "consent_basis": ConsentBasis.CONSENT,
            "state": EntryState.SUBMITTED,
            "claimed_at": now - timedelta(days=3),
            "received_at": now - timedelta(days=3),
            "submitted_at": now - timedelta(days=3) + timedelta(seconds=turn),
        }
        for turn, placement in enumerate(placements)
    ]
    session.execute(insert(PracticumEntry), entries)


def _person(turn: int, password_hash: str | None, now: datetime) -> dict[str, Any]:
    name = numbered("MA", turn)
    email = f"many{turn:06d}@{DOMAIN}"
    return {
        "id": uuid7(),
        "country_code": "MA",
        "family_name": name.family,
        "given_name": name.given,
        "family_name_ar": name.family_ar,
        "given_name_ar": name.given_ar,
        "email": email,
        "language": "fr",
        "time_zone": "Africa/Casablanca",
        "search_text": fold(f"{name.given} {name.family} {name.given_ar} {name.family_ar} {email}"),
        "sort_name": fold(f"{name.family} {name.given}"),
        "password_hash": password_hash,
        "created_at": now,
    }


def _grant(person_id: Any, cohort: Cohort, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "person_id": person_id,
        "role": Role.TRAINEE,
        "scope": Scope.COHORT,
        "scope_id": str(cohort.id),
        "granted_at": now,
    }
