"""A cohort's ledger: whom to show, in which order, and what the cohort comes to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from lms.assessment.rules.forecast import Risk
from lms.assessment.service.standing import Seen

SIZE = 40
"""Rows of a page: a cohort of the usual size stands on one."""
LARGEST = 2_000
"""A cohort of more people is listed by name: to put those at risk first, all are looked at."""


class Show(StrEnum):
    """Whom to show."""

    ALL = "all"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    STANDSTILL = "standstill"
    PACE = "pace"
    SUPERVISION = "supervision"
    COMPLETE = "complete"


class Sort(StrEnum):
    """In which order."""

    RISK = "risk"
    NAME = "name"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True)
class Totals:
    """What a cohort comes to."""

    people: int
    complete: int
    at_risk: int
    counted: int
    waiting: int
    """Minutes of what is looked at: the requirement asked for, or else the whole practice."""
    missing: int


@dataclass(frozen=True)
class Window:
    """One page of those asked for."""

    rows: Sequence[Seen]
    after: UUID | None
    """The last row of this page, when more follow."""
    before: bool
    """Whether others stand before."""
    total: int


def shown(people: Iterable[Seen], show: Show) -> list[Seen]:
    """Those asked for."""
    if show is Show.ALL:
        return list(people)
    if show is Show.COMPLETE:
        return [one for one in people if one.found.is_complete]
    if show is Show.AT_RISK:
        return [one for one in people if one.ahead.risks]
    return [one for one in people if Risk(show.value) in one.ahead.risks]


def ordered(people: Iterable[Seen], sort: Sort, need: str = "") -> list[Seen]:
    """At risk first, by name, or by how far they are: as a whole, or with one requirement."""

    def by_name(one: Seen) -> tuple[str, str]:
        return one.sort_name, str(one.enrolment_id)

    def share(one: Seen) -> int:
        line = one.found.line(need)
        return line.share if line else one.found.share

    def by_risk(one: Seen) -> tuple[int, int, int]:
        gravest = min((list(Risk).index(risk) for risk in one.ahead.risks), default=len(Risk))
        return gravest, -len(one.ahead.risks), share(one)

    found = sorted(people, key=by_name)
    if sort is Sort.RISK:
        found.sort(key=by_risk)
    elif sort is not Sort.NAME:
        found.sort(key=share, reverse=sort is Sort.MOST)
    return found


def window(people: Sequence[Seen], after: str, size: int = SIZE) -> Window:
    """The rows after the one whose key is `after`; a key that is not there starts anew."""
    keys = [str(one.enrolment_id) for one in people]
    start = keys.index(after) + 1 if after in keys else 0
    rows = people[start : start + size]
    more = start + size < len(people)
    return Window(rows, rows[-1].enrolment_id if more else None, start > 0, len(people))


def totals(people: Sequence[Seen], need: str) -> Totals:
    """What they come to, in one requirement."""
    lines = [line for one in people if (line := one.found.line(need))]
    return Totals(
        people=len(people),
        complete=sum(one.found.is_complete for one in people),
        at_risk=sum(bool(one.ahead.risks) for one in people),
        counted=sum(line.counted for line in lines),
        waiting=sum(line.waiting for line in lines),
        missing=sum(line.missing for line in lines),
    )
