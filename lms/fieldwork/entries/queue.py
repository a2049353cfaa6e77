"""A supervisor's queue: what waits for a decision, the oldest first."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.core.search import matches
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.rules import EntryState
from lms.people.models import Person
from lms.policy.actor import Actor

TABS = (EntryState.SUBMITTED, EntryState.NEEDS_INFO, EntryState.APPROVED, EntryState.REJECTED)
"""What a queue can be looked at by; approved includes what a dossier holds fast."""

BULK_LIMIT = 100


@dataclass(frozen=True)
class QueueFilter:
    """What the person asked to see."""

    state: EntryState = EntryState.SUBMITTED
    cohort_id: UUID | None = None
    type: str = ""
    words: str = ""


def entries(actor: Actor, asked: QueueFilter) -> Select[PracticumEntry]:
    """Entries that the actor supervises, with trainee and cohort, as asked for."""
    states = [asked.state]
    if asked.state is EntryState.APPROVED:
        states.append(EntryState.LOCKED)
    query = (
        select(PracticumEntry)
        .join(PracticumEntry.enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.person)
        .options(
            contains_eager(PracticumEntry.enrolment).contains_eager(Enrolment.cohort),
            contains_eager(PracticumEntry.enrolment).contains_eager(Enrolment.person),
        )
        .where(
            PracticumEntry.supervisor_id == actor.person_id,
            PracticumEntry.state.in_(states),
            Enrolment.person_id != actor.person_id,
        )
    )
    if asked.cohort_id is not None:
        query = query.where(Enrolment.cohort_id == asked.cohort_id)
    if asked.type:
        query = query.where(PracticumEntry.type == asked.type)
    if asked.words:
        query = query.where(matches(Person.search_text, asked.words))
    return query


def sizes(session: AnySession, actor: Actor) -> dict[EntryState, int]:
    """How many entries the actor has in each tab."""
    rows = session.execute(
        select(PracticumEntry.state, func.count())
        .where(PracticumEntry.supervisor_id == actor.person_id)
        .group_by(PracticumEntry.state)
    )
    found = {state: number for state, number in rows}  # noqa: C416 - rows are no tuples
    found[EntryState.APPROVED] = found.get(EntryState.APPROVED, 0) + found.get(EntryState.LOCKED, 0)
    return {state: found.get(state, 0) for state in TABS}


def cohorts_of(session: AnySession, actor: Actor) -> list[Cohort]:
    """Cohorts in which the actor supervises or has supervised entries."""
    used = (
        select(Enrolment.cohort_id)
        .join(PracticumEntry, PracticumEntry.enrolment_id == Enrolment.id)
        .where(PracticumEntry.supervisor_id == actor.person_id)
    )
    return list(
        session.scalars(select(Cohort).where(Cohort.id.in_(used)).order_by(Cohort.name, Cohort.id))
    )


@dataclass(frozen=True)
class Neighbours:
    """The entries before and after one, and how many wait in all."""

    previous: UUID | None
    next: UUID | None
    position: int
    total: int


def neighbours(session: AnySession, actor: Actor, entry: PracticumEntry) -> Neighbours:
    """Where an entry stands among those that wait for the actor, the oldest first."""
    if entry.submitted_at is None:
        return Neighbours(None, None, 1, 1)
    waiting = and_(
        PracticumEntry.supervisor_id == actor.person_id,
        PracticumEntry.state == EntryState.SUBMITTED,
        PracticumEntry.id != entry.id,
    )
    at = (PracticumEntry.submitted_at, PracticumEntry.id)
    before = or_(at[0] < entry.submitted_at, and_(at[0] == entry.submitted_at, at[1] < entry.id))
    after = or_(at[0] > entry.submitted_at, and_(at[0] == entry.submitted_at, at[1] > entry.id))
    previous = (
        select(PracticumEntry.id)
        .where(waiting, before)
        .order_by(at[0].desc(), at[1].desc())
        .limit(1)
        .scalar_subquery()
    )
    following = (
        select(PracticumEntry.id).where(waiting, after).order_by(*at).limit(1).scalar_subquery()
    )
    ahead = select(func.count()).where(waiting, before).scalar_subquery()
    others = select(func.count()).where(waiting).scalar_subquery()
    row = session.execute(select(previous, following, ahead, others)).one()
    return Neighbours(row[0], row[1], row[2] + 1, row[3] + 1)
