"""Question statistics. Pure.

**Facility index**: the mean share of a question's points that people earned. **Discrimination
index**: the correlation between what people earned on the question and what they earned on the
rest of the same attempt, so that a question does not agree with itself. Both as in Moodle's quiz
statistics (docs.moodle.org, Quiz statistics calculations; the corrected coefficient: Henrysson,
Psychometrika 28, 1963). A **distractor** is a wrong answer; one that nobody takes does not work,
and one that strong people take may be right. Only the first attempt of each person is counted:
later ones have seen the feedback. All thresholds are our proposal.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import StatisticsError, correlation, mean

LEAST = 5
"""People who must have been asked before any figure is shown: fewer could be recognised."""
LEAST_TO_DISCRIMINATE = 20
"""People before a correlation means anything."""
EASY = 0.95
HARD = 0.25
WEAK = 0.1
"""Nearer to zero than this, a correlation may be chance."""
UNUSED = 0.05
"""A distractor taken by a smaller share does not work."""


class Remark(StrEnum):
    """What to look at, the most pressing first."""

    REVERSED = "reversed"
    ATTRACTIVE = "attractive"
    HARD = "hard"
    WEAK = "weak"
    EASY = "easy"
    UNUSED = "unused"


PRESSING = frozenset({Remark.REVERSED, Remark.ATTRACTIVE, Remark.HARD, Remark.WEAK})
"""That a question is easy, or an answer never taken, may wait."""


@dataclass(frozen=True, slots=True)
class Response:
    """What one person did with one question, and with the rest of the attempt."""

    question: str
    earned: int
    worth: int
    rest_earned: int
    rest_worth: int
    chosen: tuple[str, ...] = ()
    """Answers taken: ids, for a step of a scenario `<step>/<answer>`."""

    @property
    def share(self) -> float:
        """Of the question's points."""
        return self.earned / self.worth

    @property
    def rest(self) -> float | None:
        """Share of the points of all other questions; None where there was no other."""
        return self.rest_earned / self.rest_worth if self.rest_worth else None


@dataclass(frozen=True, slots=True)
class Chosen:
    """How often one answer was taken."""

    id: str
    correct: bool
    times: int
    share: float
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one question. None: too few people."""

    question: str
    asked: int
    facility: float | None
    discrimination: float | None
    chosen: tuple[Chosen, ...]
    remarks: tuple[Remark, ...]

    @property
    def all_remarks(self) -> list[Remark]:
        """Those about the question and about its answers, the most pressing first."""
        found = {*self.remarks, *(remark for one in self.chosen for remark in one.remarks)}
        return [remark for remark in Remark if remark in found]

    @property
    def presses(self) -> bool:
        """Whether somebody should look at it soon."""
        return bool(PRESSING.intersection(self.all_remarks))

    @property
    def urgency(self) -> int:
        """Where it stands among other questions: the smaller, the sooner it wants a look."""
        most = next(iter(self.all_remarks), None)
        return len(Remark) if most is None else list(Remark).index(most)


def figures(question: str, responses: Sequence[Response], offered: Mapping[str, bool]) -> Figures:
    """The figures of one question; `offered` says of each answer whether it is right."""
    asked = len(responses)
    if asked < LEAST:
        return Figures(question, asked, None, None, (), ())
    facility = mean(response.share for response in responses)
    agreement = discrimination(responses)
    return Figures(
        question,
        asked,
        facility,
        agreement,
        tuple(_chosen(name, right, responses, offered) for name, right in offered.items()),
        tuple(_remarks(facility, agreement)),
    )


def discrimination(responses: Sequence[Response]) -> float | None:
    """The corrected correlation, -1 to 1; None with too few people.

    None also where fewer than `LEAST` did not do as the most: the slip of one would decide it.
    """
    pairs = [(response.share, response.rest) for response in responses]
    known = [(share, rest) for share, rest in pairs if rest is not None]
    alike = max(Counter(share for share, _ in known).values(), default=0)
    if len(known) < LEAST_TO_DISCRIMINATE or len(known) - alike < LEAST:
        return None
    try:
        return correlation(*zip(*known, strict=True))
    except StatisticsError:
        return None


def _remarks(facility: float, agreement: float | None) -> Iterable[Remark]:
    if facility >= EASY:
        yield Remark.EASY
    if facility < HARD:
        yield Remark.HARD
    if agreement is not None and agreement < WEAK:
        yield Remark.REVERSED if agreement < -WEAK else Remark.WEAK


def _chosen(
    name: str, right: bool, responses: Sequence[Response], offered: Mapping[str, bool]
) -> Chosen:
    times = sum(name in response.chosen for response in responses)
    share = times / len(responses)
    remarks = []
    if not right and len(responses) >= LEAST_TO_DISCRIMINATE:
        if share < UNUSED:
            remarks.append(Remark.UNUSED)
        elif _stronger(name, responses, offered):
            remarks.append(Remark.ATTRACTIVE)
    return Chosen(name, right, times, share, tuple(remarks))


def _stronger(name: str, responses: Sequence[Response], offered: Mapping[str, bool]) -> bool:
    """Whether those who took this wrong answer did better elsewhere than those who were right."""
    step = name.rpartition("/")[0]
    rights = {
        other for other, right in offered.items() if right and other.rpartition("/")[0] == step
    }
    wrong = [r.rest for r in responses if name in r.chosen and r.rest is not None]
    right = [r.rest for r in responses if rights <= set(r.chosen) and r.rest is not None]
    return len(wrong) >= LEAST and bool(right) and mean(wrong) > mean(right)
