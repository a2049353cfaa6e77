"""All that happened to one trainee in the field, in one line of time, the newest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select

from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.fieldwork.entries.rules import local_date
from lms.fieldwork.models import (
    Attestation,
    HostFeedback,
    Observation,
    PracticumEntry,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import SupervisionState
from lms.fieldwork.service import entries_visible_to, observations_visible_to
from lms.policy.actor import Actor

SIZE = 25


class Happening(StrEnum):
    """What a line of the timeline tells of."""

    ENTRY = "entry"
    OBSERVATION = "observation"
    SUPERVISION = "supervision"
    FEEDBACK = "feedback"
    ATTESTATION = "attestation"


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in the line: its day where the cohort is, then its key."""

    day: date
    key: UUID

    @property
    def text(self) -> str:
        """As an address says it."""
        return f"{self.day.isoformat()}~{self.key}"


def read_place(text: str) -> Place | None:
    """A place from an address; None if it is none."""
    day, _, key = text.partition("~")
    try:
        return Place(date.fromisoformat(day), UUID(key))
    except ValueError:
        return None


@dataclass(frozen=True)
class Line:
    """One thing that happened, and its record."""

    place: Place
    kind: Happening
    record: Any


@dataclass(frozen=True)
class Timeline:
    """Some lines, and where the next ones begin."""

    lines: Sequence[Line]
    following: Place | None


def timeline(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    kind: Happening | None,
    after: Place | None,
) -> Timeline:
    """A page of it: of one kind or of all, as far as the actor may see. One query a kind."""
    zone = enrolment.cohort.time_zone
    found: list[Line] = []
    for each, (query, column, is_day) in _sources(actor, enrolment).items():
        if kind is not None and kind is not each:
            continue
        key = query.column_descriptions[0]["entity"].id
        ordered = query.order_by(column.desc(), key.desc()).limit(SIZE + 1)
        if after is not None:
            ordered = ordered.where(_earlier(column, key, after, zone, is_day=is_day))
        day_of = _day_of(column.key, zone, is_day=is_day)
        found += [
            Line(Place(day_of(record), record.id), each, record)
            for record in session.scalars(ordered).unique()
        ]
    # whatever is cut off of one kind lies further back than what is shown of it
    found.sort(key=lambda line: line.place, reverse=True)
    shown = found[:SIZE]
    return Timeline(shown, shown[-1].place if len(found) > SIZE else None)


def _sources(actor: Actor, enrolment: Enrolment) -> dict[Happening, tuple[Select[Any], Any, bool]]:
    """Query, column of time, and whether that is a day, of each kind."""
    attended = select(SupervisionPresence.session_id).where(
        SupervisionPresence.enrolment_id == enrolment.id
    )
    of_case = enrolment.id
    return {
        Happening.ENTRY: (
            entries_visible_to(actor).where(PracticumEntry.enrolment_id == of_case),
            PracticumEntry.held_on,
            True,
        ),
        Happening.OBSERVATION: (
            observations_visible_to(actor).where(Observation.enrolment_id == of_case),
            Observation.observed_on,
            True,
        ),
        Happening.SUPERVISION: (
            select(SupervisionSession).where(
                SupervisionSession.id.in_(attended),
                SupervisionSession.state != SupervisionState.CANCELLED,
            ),
            SupervisionSession.starts_at,
            False,
        ),
        Happening.FEEDBACK: (
            select(HostFeedback).where(HostFeedback.enrolment_id == of_case),
            HostFeedback.given_at,
            False,
        ),
        Happening.ATTESTATION: (
            select(Attestation).where(
                Attestation.enrolment_id == of_case, Attestation.revoked_at.is_(None)
            ),
            Attestation.attested_at,
            False,
        ),
    }


def _earlier(
    column: Any, key: Any, after: Place, zone: str, *, is_day: bool
) -> ColumnElement[bool]:
    """Rows that stand before a place: of an earlier day, or of that day with a smaller key."""
    if is_day:
        return or_(column < after.day, and_(column == after.day, key < after.key))
    begins = datetime.combine(after.day, time(), tzinfo=ZoneInfo(zone))
    ends = datetime.combine(after.day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))
    return or_(column < begins, and_(column < ends, key < after.key))


def _day_of(name: str, zone: str, *, is_day: bool) -> Callable[[Any], date]:
    def day(record: Any) -> date:
        value = getattr(record, name)
        found: date = value if is_day else local_date(value, zone)
        return found

    return day
