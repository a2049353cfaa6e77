"""What a country's cohorts come to: hours and outputs by kind, from approved practice only.

Each figure belongs to the cohort in which it was recorded, so that nothing is counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from uuid import UUID

from sqlalchemy import Subquery, and_, case, func, select

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.fieldwork.models import (
    HostFeedback,
    Observation,
    PracticumEntry,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import (
    COUNTS,
    EntryState,
    ObservationState,
    PresenceState,
    SupervisionKind,
    SupervisionState,
)


@dataclass
class Sums:
    """Figures of one cohort, or of several together."""

    people: int = 0
    entries: int = 0
    direct: int = 0
    total: int = 0
    waiting: int = 0
    alone: int = 0
    together: int = 0
    observations: int = 0
    feedback: int = 0

    def add(self, other: "Sums") -> None:
        """Add the other's figures."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(frozen=True)
class Country:
    """All cohorts of a country, what they come to, and their activities by type."""

    cohorts: Sequence[tuple[Cohort, Sums]]
    whole: Sums
    kinds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Number of approved entries and their minutes, by practicum type; most minutes first."""


def supervision_minutes() -> Subquery:
    """Minutes of supervision held with each trainee there: enrolment_id, alone, together."""
    single = SupervisionSession.kind == SupervisionKind.INDIVIDUAL
    minutes = SupervisionSession.minutes
    return (
        select(
            SupervisionPresence.enrolment_id,
            func.sum(case((single, minutes), else_=0)).label("alone"),
            func.sum(case((single, 0), else_=minutes)).label("together"),
        )
        .join(SupervisionSession, SupervisionSession.id == SupervisionPresence.session_id)
        .where(
            SupervisionPresence.state == PresenceState.PRESENT,
            SupervisionSession.state == SupervisionState.HELD,
        )
        .group_by(SupervisionPresence.enrolment_id)
        .subquery()
    )


def sums(session: AnySession, code: str) -> Country:
    """What the country's cohorts come to. A constant number of queries."""
    listed = session.scalars(
        select(Cohort)
        .where(Cohort.country_code == code)
        .order_by(Cohort.starts_on.desc(), Cohort.id)
    ).all()
    found = {cohort.id: Sums() for cohort in listed}
    for key, number in cohorts.counts(session, list(found)).items():
        found[key].people = number
    kinds = _entries(session, code, found)
    _supervision(session, code, found)
    _numbers(session, code, found)
    whole = Sums()
    for one in found.values():
        whole.add(one)
    ranked = dict(sorted(kinds.items(), key=lambda pair: (-pair[1][1], pair[0])))
    return Country([(cohort, found[cohort.id]) for cohort in listed], whole, ranked)


def _entries(
    session: AnySession, code: str, found: Mapping[UUID, Sums]
) -> dict[str, tuple[int, int]]:
    entry, counts = PracticumEntry, PracticumEntry.state.in_(COUNTS)
    total = entry.minutes_direct + entry.minutes_indirect + entry.minutes_preparation
    rows = session.execute(
        select(
            Enrolment.cohort_id,
            entry.type,
            func.sum(case((counts, 1), else_=0)),
            func.sum(case((counts, entry.minutes_direct), else_=0)),
            func.sum(case((counts, total), else_=0)),
            func.sum(case((counts, 0), else_=total)),
        )
        .join(Enrolment, Enrolment.id == entry.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.country_code == code, entry.state.in_({*COUNTS, EntryState.SUBMITTED}))
        .group_by(Enrolment.cohort_id, entry.type)
    )
    kinds: dict[str, tuple[int, int]] = {}
    for key, kind, *values in rows:
        number, direct, minutes, waiting = map(int, values)
        found[key].add(Sums(entries=number, direct=direct, total=minutes, waiting=waiting))
        if number:
            before = kinds.get(kind, (0, 0))
            kinds[kind] = (before[0] + number, before[1] + minutes)
    return kinds


def _supervision(session: AnySession, code: str, found: Mapping[UUID, Sums]) -> None:
    held = supervision_minutes()
    rows = session.execute(
        select(Enrolment.cohort_id, func.sum(held.c.alone), func.sum(held.c.together))
        .join(held, held.c.enrolment_id == Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.country_code == code)
        .group_by(Enrolment.cohort_id)
    )
    for key, alone, together in rows:
        found[key].add(Sums(alone=int(alone), together=int(together)))


def _numbers(session: AnySession, code: str, found: Mapping[UUID, Sums]) -> None:
    seen = and_(
        Observation.enrolment_id == Enrolment.id,
        Observation.state == ObservationState.COUNTERSIGNED,
    )
    for name, model, joined in (
        ("observations", Observation, seen),
        ("feedback", HostFeedback, HostFeedback.enrolment_id == Enrolment.id),
    ):
        rows = session.execute(
            select(Enrolment.cohort_id, func.count())
            .select_from(model)
            .join(Enrolment, joined)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Cohort.country_code == code)
            .group_by(Enrolment.cohort_id)
        )
        for key, number in rows:
            found[key].add(Sums(**{name: number}))
