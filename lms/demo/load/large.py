"""A thousand trainees in mid-course, for measuring: bulk inserts, nothing that services check."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core.db import AnySession
from lms.core.search import fold
from lms.demo.names import numbered
from lms.demo.personas import DOMAIN
from lms.fieldwork.models import (
    Placement,
    PracticumEntry,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import (
    ConsentBasis,
    EntryState,
    PlacementState,
    PresenceState,
    SupervisionKind,
    SupervisionState,
)
from lms.people.models import Person

NAME = "Coachs, mille pour mesurer"
ENTRIES = 40
"""Entries of each trainee, one in ten of them still waiting."""
TYPES = ("individual-interview", "workshop", "individual-coaching", "working-group")
CHUNK = 2_000


def load(session: AnySession, number: int, now: datetime) -> None:
    """Add the cohort, once."""
    model = session.scalars(
        select(Cohort).where(Cohort.name == "Coachs, Oujda 2026").order_by(Cohort.id)
    ).first()
    known = select(Cohort.id).where(Cohort.name == NAME)
    if model is None or session.scalar(known) is not None:
        return
    today = now.date()
    cohort = Cohort(
        country_code="MA",
        programme=model.programme,
        release_id=model.release_id,
        name=NAME,
        starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=150),
        time_zone=model.time_zone,
        search_text=fold(NAME),
        state=CohortState.RUNNING,
        created_at=now,
    )
    session.add(cohort)
    session.flush()
    supervisor = session.scalars(
        select(Person.id).where(Person.email == f"supervisor@{DOMAIN}")
    ).one()
    people = [_person(turn, now) for turn in range(number)]
    enrolments = [
        {
            "id": uuid7(),
            "cohort_id": cohort.id,
            "person_id": person["id"],
            "state": EnrolmentState.ENROLLED,
            "enrolled_at": now - timedelta(days=200),
        }
        for person in people
    ]
    placements = [_placement(one["id"], supervisor, cohort, now) for one in enrolments]
    entries = [
        _entry(one["id"], placed["id"], supervisor, turn, today, now)
        for one, placed in zip(enrolments, placements, strict=True)
        for turn in range(ENTRIES)
    ]
    for table, rows in (
        (Person, people),
        (Enrolment, enrolments),
        (Placement, placements),
        (PracticumEntry, entries),
    ):
        for part in _parts(rows):
            session.execute(insert(table), part)
    _supervise(session, [one["id"] for one in enrolments], cohort.id, supervisor, now)


def _parts(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _person(turn: int, now: datetime) -> dict[str, Any]:
    name = numbered("MA", turn)
    return {
        "id": uuid7(),
        "country_code": "MA",
        "family_name": name.family,
        "given_name": name.given,
        "family_name_ar": name.family_ar,
        "given_name_ar": name.given_ar,
        "email": f"thousand{turn:05d}@{DOMAIN}",
        "search_text": fold(f"{name.given} {name.family}"),
        "sort_name": fold(f"{name.family} {name.given}"),
        "created_at": now,
    }


def _placement(
    enrolment_id: UUID, supervisor: UUID, cohort: Cohort, now: datetime
) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "enrolment_id": enrolment_id,
        "host": "Commune de Berkane",
        "territory": "Berkane",
        "supervisor_id": supervisor,
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "state": PlacementState.RUNNING,
        "created_at": now,
    }


def _entry(
    enrolment_id: UUID, placement_id: UUID, supervisor: UUID, turn: int, today: date, now: datetime
) -> dict[str, Any]:
    waits = turn % 10 == 0
    return {
        "id": uuid7(),
        "enrolment_id": enrolment_id,
        "placement_id": placement_id,
        "supervisor_id": supervisor,
        "type": TYPES[turn % len(TYPES)],
        "form": "session",
        "held_on": today - timedelta(days=4 * turn + 1),
        "minutes_direct": 60 + 5 * (turn % 7),
        "minutes_indirect": 20,
        "minutes_preparation": 30,
        "role": "led",
        "participants": {"citizen": 8},
        "summary": "Atelier sur les priorités du quartier.",
        "consent_basis": ConsentBasis.CONSENT,
        "state": EntryState.SUBMITTED if waits else EntryState.APPROVED,
        "claimed_at": now,
        "received_at": now,
        "submitted_at": now - timedelta(days=2),
        "decided_at": None if waits else now - timedelta(days=1),
        "decided_by_id": None if waits else supervisor,
        "content_hash": "0" * 64,
    }


def _supervise(
    session: AnySession, enrolments: list[UUID], cohort_id: UUID, supervisor: UUID, now: datetime
) -> None:
    meetings, presences = [], []
    for turn, enrolment_id in enumerate(enrolments):
        for week in range(turn % 6):
            at = now - timedelta(days=14 * week + 1)
            key = uuid7()
            meetings.append(
                {
                    "id": key,
                    "cohort_id": cohort_id,
                    "supervisor_id": supervisor,
                    "kind": SupervisionKind.GROUP if week % 2 else SupervisionKind.INDIVIDUAL,
                    "state": SupervisionState.HELD,
                    "starts_at": at,
                    "minutes": 60,
                    "created_at": at,
                    "held_at": at,
                }
            )
            presences.append(
                {
                    "id": uuid7(),
                    "session_id": key,
                    "enrolment_id": enrolment_id,
                    "state": PresenceState.PRESENT,
                }
            )
    for table, rows in ((SupervisionSession, meetings), (SupervisionPresence, presences)):
        for part in _parts(rows):
            session.execute(insert(table), part)
