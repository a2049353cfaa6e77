"""A supervisor's queue: what waits for a decision, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.core.search import matches
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.queue.rules import ESCALATE_AFTER, usual_days
from lms.fieldwork.rules import EntryState
from lms.people.models import Person
from lms.policy.actor import Actor, Role

TABS = (EntryState.SUBMITTED, EntryState.NEEDS_INFO, EntryState.APPROVED, EntryState.REJECTED)
"""What a queue can be looked at by; approved includes what a dossier holds fast."""
OPEN = frozenset({EntryState.SUBMITTED, EntryState.NEEDS_INFO})
RECENT = 50
"""Decisions from which one learns what is usual."""


@dataclass(frozen=True)
class QueueFilter:
    """What the person asked to see."""

    state: EntryState = EntryState.SUBMITTED
    cohort_id: UUID | None = None
    enrolment_id: UUID | None = None
    type: str = ""
    words: str = ""
    is_confirmed: bool = False
    is_late: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab was chosen."""
        chosen = self.type or self.words or self.is_confirmed or self.is_late
        return bool(chosen or self.cohort_id or self.enrolment_id)

    @property
    def query(self) -> dict[str, str]:
        """The same as an address says it."""
        said = {
            "state": "" if self.state is EntryState.SUBMITTED else self.state.value,
            "cohort": str(self.cohort_id or ""),
            "trainee": str(self.enrolment_id or ""),
            "type": self.type,
            "q": self.words,
            "confirmed": "1" if self.is_confirmed else "",
            "late": "1" if self.is_late else "",
        }
        return {name: value for name, value in said.items() if value}


def mine(actor: Actor) -> ColumnElement[bool]:
    """Entries, joined with their enrolment, on which the actor decides: never their own.

    Named for them or standing in, and of the cohort's team now: `ENTRY_DECIDE` as a query.
    """
    supervisors = sorted({actor.person_id, *actor.stands_in_for} - {None}, key=str)
    return and_(
        PracticumEntry.supervisor_id.in_(supervisors),
        Enrolment.cohort_id.in_(actor.cohorts(Role.SUPERVISOR)),
        Enrolment.person_id != actor.person_id,
    )


def entries(actor: Actor, asked: QueueFilter, now: datetime) -> Select[PracticumEntry]:
    """Entries that the actor decides on, with trainee and cohort, as asked for."""
    query = (
        select(PracticumEntry)
        .join(PracticumEntry.enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.person)
        .options(
            contains_eager(PracticumEntry.enrolment).contains_eager(Enrolment.cohort),
            contains_eager(PracticumEntry.enrolment).contains_eager(Enrolment.person),
            joinedload(PracticumEntry.supervisor),
            joinedload(PracticumEntry.claimed_by),
        )
    )
    return query.where(*_asked(actor, asked, now))


def _asked(actor: Actor, asked: QueueFilter, now: datetime) -> list[ColumnElement[bool]]:
    """Conditions on entries joined with enrolment and person."""
    states = [asked.state]
    if asked.state is EntryState.APPROVED:
        states.append(EntryState.LOCKED)
    found = [mine(actor), PracticumEntry.state.in_(states)]
    if asked.cohort_id is not None:
        found.append(Enrolment.cohort_id == asked.cohort_id)
    if asked.enrolment_id is not None:
        found.append(PracticumEntry.enrolment_id == asked.enrolment_id)
    if asked.type:
        found.append(PracticumEntry.type == asked.type)
    if asked.words:
        found.append(matches(Person.search_text, asked.words))
    if asked.is_confirmed:
        found.append(PracticumEntry.host_means.is_not(None))
    if asked.is_late:
        found.append(PracticumEntry.submitted_at <= now - ESCALATE_AFTER)
    return found


def sizes(session: AnySession, actor: Actor) -> dict[EntryState, int]:
    """How many entries wait for the actor, and how many for their authors."""
    rows = session.execute(
        select(PracticumEntry.state, func.count())
        .join(Enrolment, Enrolment.id == PracticumEntry.enrolment_id)
        .where(mine(actor), PracticumEntry.state.in_(OPEN))
        .group_by(PracticumEntry.state)
    )
    found = {state: number for state, number in rows}  # noqa: C416 - rows are no tuples
    return dict.fromkeys(OPEN, 0) | found


def cohorts_of(session: AnySession, actor: Actor) -> Sequence[Cohort]:
    """Cohorts in which the actor supervises."""
    used = actor.cohorts(Role.SUPERVISOR)
    query = select(Cohort).where(Cohort.id.in_(used)).order_by(Cohort.name, Cohort.id)
    return session.scalars(query).all()


def usual(session: AnySession, actor: Actor) -> int | None:
    """After how many days the actor's entries have been decided lately, as a median."""
    rows = session.execute(
        select(PracticumEntry.submitted_at, PracticumEntry.decided_at)
        .where(
            PracticumEntry.supervisor_id == actor.person_id,
            PracticumEntry.decided_at.is_not(None),
        )
        .order_by(PracticumEntry.decided_at.desc())
        .limit(RECENT)
    )
    return usual_days([decided - since for since, decided in rows if since and decided])


def oldest(session: AnySession, actor: Actor, number: int) -> Sequence[PracticumEntry]:
    """The first entries of the queue."""
    query = (
        select(PracticumEntry)
        .join(PracticumEntry.enrolment)
        .where(mine(actor), PracticumEntry.state == EntryState.SUBMITTED)
        .options(contains_eager(PracticumEntry.enrolment))
        .order_by(PracticumEntry.submitted_at, PracticumEntry.id)
        .limit(number)
    )
    return session.scalars(query).all()


@dataclass(frozen=True)
class Neighbours:
    """The entries before and after one, and how many wait in all."""

    previous: UUID | None
    next: UUID | None
    position: int
    total: int


def neighbours(
    session: AnySession, actor: Actor, entry: PracticumEntry, asked: QueueFilter, now: datetime
) -> Neighbours:
    """Where an entry stands among those asked for, the oldest first.

    What somebody else is looking at is passed over.
    """
    if entry.submitted_at is None:
        return Neighbours(None, None, 1, 1)
    at = (PracticumEntry.submitted_at, PracticumEntry.id)
    before = or_(at[0] < entry.submitted_at, and_(at[0] == entry.submitted_at, at[1] < entry.id))
    after = or_(at[0] > entry.submitted_at, and_(at[0] == entry.submitted_at, at[1] > entry.id))
    free = or_(
        PracticumEntry.claimed_by_id.is_(None),
        PracticumEntry.claimed_by_id == actor.person_id,
        PracticumEntry.claimed_until <= now,
    )
    waiting = (PracticumEntry.id != entry.id, *_asked(actor, asked, now))

    def others(*columns: ColumnElement[int]) -> Select[UUID]:
        rows: Select[UUID] = select(*(columns or (PracticumEntry.id,)))
        rows = rows.select_from(PracticumEntry).join(PracticumEntry.enrolment)
        if asked.words:
            rows = rows.join(Enrolment.person)
        return rows.where(*waiting)

    backward = at[0].desc(), at[1].desc()
    previous = others().where(before, free).order_by(*backward).limit(1).scalar_subquery()
    following = others().where(after, free).order_by(*at).limit(1).scalar_subquery()
    counts = others(func.count(), func.count(case((before, 1)))).subquery()
    row = session.execute(select(previous, following, *counts.c)).one()
    return Neighbours(row[0], row[1], row[3] + 1, row[2] + 1)
