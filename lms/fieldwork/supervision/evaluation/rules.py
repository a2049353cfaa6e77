"""What may be shown of confidential answers: blocks of closed quarters, five people at least.

Closed quarters are walked through in order and gathered until enough different people have
answered; then the block is complete for good and the next one begins. So what is shown never
changes, only grows by whole blocks that share no answer: whatever is subtracted from whatever, on
whatever day, at least `LEAST_PEOPLE` people stand behind the difference, or nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from lms.core.errors import Refusal

LEAST_PEOPLE = 5
"""How many different trainees must stand behind anything that is shown (proposed)."""
SUPERVISED_WITHIN_DAYS = 92
"""For how long after a session its supervisor may be evaluated: about a quarter."""
LEVELS = range(5)
STEP = 0.5
"""Means are told in halves: one answer more or less is not read off them."""
MARGIN = timedelta(days=1)
"""Until the quarter has ended everywhere on earth."""
QUESTIONS = ("time", "listening", "questions", "feedback", "practice", "safety")
"""Asked each quarter; all of them, or answers to one would have a smaller group behind them."""


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter of a day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter":
        """From `2026-Q4`. Raises ValueError."""
        year, mark, number = text.partition("-Q")
        if not mark or number not in {"1", "2", "3", "4"} or len(year) != 4:
            raise ValueError(text)
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def next(self) -> "Quarter":
        """The one after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.next.starts_on - timedelta(days=1)

    def is_closed(self, now: datetime) -> bool:
        """Whether nobody can answer for it any more."""
        return now >= datetime.combine(self.next.starts_on, time(), UTC) + MARGIN


@dataclass(frozen=True)
class Answer:
    """What one person has answered about a supervisor in one quarter."""

    person_id: UUID
    quarter: Quarter
    levels: Mapping[str, int]


@dataclass(frozen=True)
class Block:
    """Quarters that are shown as one, and what was answered in them."""

    first: Quarter
    last: Quarter
    people: int
    means: Mapping[str, float]
    """Question → mean, in halves from 0.5 to 3.5: what lies beyond is not told apart."""


def check_answers(levels: Mapping[str, int]) -> None:
    """All questions, levels that exist. Raises Refusal."""
    if set(levels) != set(QUESTIONS) or any(level not in LEVELS for level in levels.values()):
        raise Refusal("evaluation_incomplete")


def shown(answers: Iterable[Answer], now: datetime) -> list[Block]:
    """The blocks that may be shown at this time, the oldest first."""
    closed = sorted(
        (one for one in answers if one.quarter.is_closed(now)), key=lambda one: one.quarter
    )
    blocks: list[Block] = []
    gathered: list[Answer] = []
    for _, of_quarter in groupby(closed, key=lambda one: one.quarter):
        gathered += of_quarter
        if len({one.person_id for one in gathered}) >= LEAST_PEOPLE:
            blocks.append(_block(gathered))
            gathered = []
    return blocks


def _block(answers: Sequence[Answer]) -> Block:
    """Everybody counts once, however often they have answered."""
    of_person: dict[UUID, list[Answer]] = {}
    for one in answers:
        of_person.setdefault(one.person_id, []).append(one)
    means = {
        question: coarse(
            [sum(one.levels[question] for one in mine) / len(mine) for mine in of_person.values()]
        )
        for question in QUESTIONS
    }
    return Block(answers[0].quarter, answers[-1].quarter, len(of_person), means)


def coarse(levels: Sequence[float]) -> float:
    """The mean in halves, and never the very lowest or highest: unanimity is not told."""
    mean = sum(levels) / len(levels)
    rounded = int(mean / STEP + 0.5) * STEP
    return min(max(rounded, LEVELS[0] + STEP), LEVELS[-1] - STEP)
