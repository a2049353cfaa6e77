"""What an entry says, and what stands in the way of handing it in."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.curriculum import service as curriculum
from lms.fieldwork.entries.rules import (
    FILLS_A_DAY,
    Circumstances,
    EntryContent,
    Fault,
    faults,
    local_date,
)
from lms.fieldwork.models import EntryVersion, Placement, PracticumEntry
from lms.fieldwork.rules import PlacementState
from lms.people.models import Person

_ORDER = {PlacementState.RUNNING: 0, PlacementState.AGREED: 1, PlacementState.PROPOSED: 2}


def placements_of(session: AnySession, enrolment: Enrolment) -> list[Placement]:
    """A trainee's placements, the one under way first; cancelled ones left out."""
    found = session.scalars(
        select(Placement)
        .where(Placement.enrolment_id == enrolment.id, Placement.state != PlacementState.CANCELLED)
        .order_by(Placement.starts_on.desc(), Placement.id)
    )
    return sorted(found, key=lambda placement: _ORDER.get(placement.state, 3))


def versions_of(session: AnySession, entry: PracticumEntry) -> list[EntryVersion]:
    """What was handed in, version by version, the newest first."""
    query = select(EntryVersion).where(EntryVersion.entry_id == entry.id)
    return list(session.scalars(query.order_by(EntryVersion.number.desc())))


def names_of(session: AnySession, versions: Iterable[EntryVersion]) -> dict[UUID, str]:
    """Names of those who decided on versions."""
    keys = {version.decided_by_id for version in versions if version.decided_by_id}
    if not keys:
        return {}
    return {person.id: person.name for person in session.scalars(_people(keys))}


def _people(keys: Collection[UUID]) -> Select[Person]:
    return select(Person).where(Person.id.in_(keys))


def content_of(entry: PracticumEntry) -> EntryContent:
    """What an entry says now, the reflection apart."""
    return EntryContent(
        placement_id=entry.placement_id,
        type=entry.type,
        form=entry.form,
        held_on=entry.held_on,
        minutes_direct=entry.minutes_direct,
        minutes_indirect=entry.minutes_indirect,
        minutes_preparation=entry.minutes_preparation,
        role=entry.role,
        participants=dict(entry.participants),
        stakes=tuple(entry.stakes),
        limits=tuple(entry.limits),
        purposes=tuple(entry.purposes),
        summary=entry.summary,
        consent_basis=entry.consent_basis,
        coachees=tuple(entry.coachees),
    )


def document_of(entry: PracticumEntry) -> dict[str, Any]:
    """An entry as it is kept with each version and fingerprinted: never the reflection."""
    values = asdict(content_of(entry))
    values["placement_id"] = str(entry.placement_id) if entry.placement_id else None
    values["held_on"] = entry.held_on.isoformat()
    values["consent_basis"] = entry.consent_basis.value if entry.consent_basis else None
    for name in ("stakes", "limits", "purposes", "coachees"):
        values[name] = list(values[name])
    values["entry"] = str(entry.id)
    values["evidence"] = [
        {"name": each.file.name, "sha256": each.file.sha256, "access": each.access.value}
        for each in entry.evidence
    ]
    return values


def standing_faults(session: AnySession, entry: PracticumEntry, now: datetime) -> list[Fault]:
    """Everything that stands in the way of handing this entry in now."""
    return faults_of(session, [entry], now)[entry.id]


def faults_of(
    session: AnySession, entries: Collection[PracticumEntry], now: datetime
) -> dict[UUID, list[Fault]]:
    """The same for several entries of one person, in as many queries as for one."""
    days = _minutes_of_days(session, entries)
    found = {}
    for entry in entries:
        cohort, placement = entry.enrolment.cohort, entry.placement
        own = entry.minutes_total if entry.state in FILLS_A_DAY else 0
        given = Circumstances(
            today=local_date(now, cohort.time_zone),
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            minutes_that_day=days.get(entry.held_on, 0) - own,
            placement=placement.state if placement else None,
            has_supervisor=placement is not None and placement.supervisor_id is not None,
            received_on=local_date(entry.received_at, cohort.time_zone),
            limits=curriculum.release(session, cohort.release_id).practicum.entry,
            files=len(entry.evidence),
        )
        found[entry.id] = faults(content_of(entry), given)
    return found


def without_reflection(session: AnySession, keys: Collection[UUID]) -> set[UUID]:
    """Those of the entries whose reflection is still to be written."""
    query = select(PracticumEntry.id).where(
        PracticumEntry.id.in_(keys), PracticumEntry.reflection == ""
    )
    return set(session.scalars(query)) if keys else set()


def _minutes_of_days(session: AnySession, entries: Collection[PracticumEntry]) -> dict[date, int]:
    """Minutes already claimed on these days by one person, in all their enrolments."""
    if not entries:
        return {}
    total = (
        PracticumEntry.minutes_direct
        + PracticumEntry.minutes_indirect
        + PracticumEntry.minutes_preparation
    )
    rows = session.execute(
        select(PracticumEntry.held_on, func.sum(total))
        .join(Enrolment, Enrolment.id == PracticumEntry.enrolment_id)
        .where(
            Enrolment.person_id.in_({entry.person_id for entry in entries}),
            PracticumEntry.held_on.in_({entry.held_on for entry in entries}),
            PracticumEntry.state.in_(FILLS_A_DAY),
        )
        .group_by(PracticumEntry.held_on)
    )
    return {day: int(minutes) for day, minutes in rows}
