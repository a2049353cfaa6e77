"""Where a trainee stands, as figures: the ledger's, and how much of them is recent. Pure.

A ledger carries every row; a cohort of a thousand is looked at in figures, added up by the
database. Both ways give the same `Standing`, and a test holds them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lms.assessment.rules.ledger import Ledger, Line, Row, RowKind, add_up, count
from lms.curriculum.rules import Requirement, RequirementKind, Unit

WINDOW = timedelta(weeks=8)
"""How far back the pace is taken from."""
PACED = frozenset(
    {RequirementKind.PRACTICE_MINUTES, RequirementKind.ACTIVITY, RequirementKind.SUPERVISION}
)
"""Kinds that are done bit by bit, so that a pace says something."""
_DATED = frozenset({RowKind.ENTRY, RowKind.SUPERVISION})
"""Rows whose date is the day it was done; an attestation's is the day it was attested."""


def window_start(today: date) -> date:
    """The first day that counts as recent."""
    return today - WINDOW


@dataclass(frozen=True, slots=True)
class Standing:
    """One requirement of one trainee: needed, counted, waiting, and what is recent of it."""

    requirement: str
    kind: RequirementKind
    unit: Unit
    needed: int
    counted: int
    waiting: int = 0
    recent: int = 0
    """By how much `counted` grew within the window, caps taken into account."""
    recent_rows: int = 0

    @property
    def missing(self) -> int:
        """What remains; never less than zero."""
        return max(0, self.needed - self.counted)

    @property
    def done(self) -> bool:
        """Whether nothing remains."""
        return self.counted >= self.needed

    @property
    def share(self) -> int:
        """Percent done, at most 100."""
        return min(100, 100 * self.counted // self.needed) if self.needed else 100


@dataclass(frozen=True, slots=True)
class Standings:
    """All requirements of one trainee, in the programme's order."""

    lines: tuple[Standing, ...]

    @property
    def done(self) -> int:
        """How many requirements are met."""
        return sum(line.done for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether every requirement is met."""
        return bool(self.lines) and all(line.done for line in self.lines)

    @property
    def share(self) -> int:
        """Percent done, each requirement weighing the same."""
        return sum(line.share for line in self.lines) // len(self.lines) if self.lines else 0

    def line(self, requirement: str) -> Standing | None:
        """Where a requirement stands."""
        return next((line for line in self.lines if line.requirement == requirement), None)


def standings(requirements: Iterable[Requirement], ledger: Ledger, today: date) -> Standings:
    """The figures of a ledger."""
    needs = {need.id: need for need in requirements}
    since = window_start(today)
    return Standings(tuple(_of_line(needs[line.requirement], line, since) for line in ledger.lines))


def _of_line(need: Requirement, line: Line, since: date) -> Standing:
    recent = [row for row in line.rows if _is_recent(row, since)]
    growth = 0
    if recent:
        before = [row for row in line.rows if not _is_recent(row, since)]
        growth = line.counted - count(need, before)[0]
    return Standing(
        line.requirement,
        line.kind,
        line.unit,
        line.needed,
        line.counted,
        line.waiting,
        growth,
        len(recent),
    )


def _is_recent(row: Row, since: date) -> bool:
    return row.kind in _DATED and row.on is not None and row.on > since


@dataclass(frozen=True, slots=True)
class Sums:
    """What a database adds up for one requirement: amounts by sort (see `add_up`)."""

    free: int = 0
    own: int = 0
    alone: int = 0
    together: int = 0

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(
            self.free + other.free,
            self.own + other.own,
            self.alone + other.alone,
            self.together + other.together,
        )

    def minus(self, other: "Sums") -> "Sums":
        """This without the other."""
        return self.plus(Sums(-other.free, -other.own, -other.alone, -other.together))

    def counted(self, need: Requirement) -> int:
        """What counts of it."""
        return add_up(need, free=self.free, own=self.own, alone=self.alone, together=self.together)[
            0
        ]


NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class Tally:
    """One requirement of one trainee, added up."""

    all: Sums = NOTHING
    recent: Sums = NOTHING
    recent_rows: int = 0
    waiting: Sums = NOTHING

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.all.plus(other.all),
            self.recent.plus(other.recent),
            self.recent_rows + other.recent_rows,
            self.waiting.plus(other.waiting),
        )


def from_tallies(requirements: Iterable[Requirement], tallies: Mapping[str, Tally]) -> Standings:
    """The figures of what was added up, by id of the requirement."""
    return Standings(tuple(_of_tally(need, tallies.get(need.id, _EMPTY)) for need in requirements))


_EMPTY = Tally()


def _of_tally(need: Requirement, tally: Tally) -> Standing:
    counted = tally.all.counted(need)
    growth = waiting = 0
    if tally.recent_rows:
        growth = counted - tally.all.minus(tally.recent).counted(need)
    if tally.waiting != NOTHING:
        waiting = tally.all.plus(tally.waiting).counted(need) - counted
    return Standing(
        need.id, need.kind, need.unit, need.needed, counted, waiting, growth, tally.recent_rows
    )
