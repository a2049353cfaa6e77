"""A trainee's logbook: entries by where they stand, and what counts so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select

from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.core.search import fold
from lms.fieldwork.entries.calendar import after
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.rules import COUNTS, EntryState
from lms.fieldwork.service import entries_visible_to, observations_visible_to
from lms.policy.actor import Actor


class Shelf(StrEnum):
    """How a logbook is sorted."""

    ALL = "all"
    TO_DO = "to_do"
    WAITING = "waiting"
    COUNTED = "counted"
    CLOSED = "closed"


SHELVES: dict[Shelf, frozenset[EntryState]] = {
    Shelf.TO_DO: frozenset({EntryState.DRAFT, EntryState.NEEDS_INFO, EntryState.AMENDED}),
    Shelf.WAITING: frozenset({EntryState.SUBMITTED}),
    Shelf.COUNTED: COUNTS,
    Shelf.CLOSED: frozenset({EntryState.REJECTED, EntryState.WITHDRAWN, EntryState.REVOKED}),
}


LONGEST_SEARCH = 200
"""Characters of a search that count."""


@dataclass(frozen=True)
class Totals:
    """Minutes of what counts, and of what waits."""

    direct: int
    indirect: int
    preparation: int
    entries: int
    waiting: int

    @property
    def total(self) -> int:
        """All minutes that count."""
        return self.direct + self.indirect + self.preparation


@dataclass(frozen=True)
class Asked:
    """What of a logbook somebody wants to see; all of it stands in the address."""

    shelf: Shelf = Shelf.ALL
    type: str = ""
    words: str = ""


def entries(
    actor: Actor, enrolment: Enrolment, asked: Asked, titles: Mapping[str, str]
) -> Select[PracticumEntry]:
    """The entries that the actor may see, as asked for.

    Each word is looked for in what was done, the host and place, the pseudonyms, and in the
    `titles` of activities as the reader's language has them.
    """
    query = entries_visible_to(actor).where(PracticumEntry.enrolment_id == enrolment.id)
    if asked.shelf in SHELVES:
        query = query.where(PracticumEntry.state.in_(SHELVES[asked.shelf]))
    if asked.type:
        query = query.where(PracticumEntry.type == asked.type)
    for word in fold(asked.words[:LONGEST_SEARCH]).split()[:8]:
        types = [key for key, title in titles.items() if word in fold(title)]
        query = query.where(
            or_(
                PracticumEntry.search_text.contains(word, autoescape=True),
                PracticumEntry.type.in_(types),
            )
        )
    return query


def of_month(
    session: AnySession, query: Select[PracticumEntry], first: date
) -> list[PracticumEntry]:
    """What a query finds within one month, in the order in which it was held."""
    return list(
        session.scalars(
            query.where(
                PracticumEntry.held_on >= first, PracticumEntry.held_on < after(first)
            ).order_by(PracticumEntry.held_on, PracticumEntry.id)
        )
    )


def sizes(session: AnySession, actor: Actor, enrolment: Enrolment) -> dict[Shelf, int]:
    """How many entries stand on each shelf, for this reader."""
    states = entries(actor, enrolment, Asked(), {}).subquery()
    rows = session.execute(select(states.c.state, func.count()).group_by(states.c.state)).all()
    found = {
        shelf: sum(number for state, number in rows if state in members)
        for shelf, members in SHELVES.items()
    }
    return {Shelf.ALL: sum(number for _, number in rows), **found}


def totals(session: AnySession, enrolment: Enrolment) -> Totals:
    """What counts so far: from approved entries only."""
    counts = PracticumEntry.state.in_(COUNTS)
    everything = (
        PracticumEntry.minutes_direct
        + PracticumEntry.minutes_indirect
        + PracticumEntry.minutes_preparation
    )
    waits = PracticumEntry.state == EntryState.SUBMITTED
    row = session.execute(
        select(
            func.sum(case((counts, PracticumEntry.minutes_direct), else_=0)),
            func.sum(case((counts, PracticumEntry.minutes_indirect), else_=0)),
            func.sum(case((counts, PracticumEntry.minutes_preparation), else_=0)),
            func.sum(case((counts, 1), else_=0)),
            func.sum(case((waits, everything), else_=0)),
        ).where(PracticumEntry.enrolment_id == enrolment.id)
    ).one()
    return Totals(*(int(value or 0) for value in row))


def observations(session: AnySession, actor: Actor, enrolment_id: UUID) -> list[Observation]:
    """The observations that the actor may see, the newest first."""
    return list(
        session.scalars(
            observations_visible_to(actor)
            .where(Observation.enrolment_id == enrolment_id)
            .order_by(Observation.observed_on.desc(), Observation.id)
        )
    )
