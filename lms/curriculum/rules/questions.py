"""The questions of the bank, of every kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lms.curriculum.rules.text import Choice, Text


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERING = "ordering"
    MATCHING = "matching"
    SHORT = "short"
    SCENARIO = "scenario"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer offered by a question. `feedback` says why it is tempting, once submitted."""

    id: str
    correct: bool
    text: Text
    feedback: Text | None = None
    match: str | None = None
    """For a matching: id of the choice that belongs to this answer."""


@dataclass(frozen=True, slots=True)
class QuestionStep:
    """One step of a scenario: a question with exactly one right answer."""

    id: str
    text: Text
    feedback: Text
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the bank. For an ordering, `answers` stand in their right order."""

    id: str
    kind: QuestionKind
    lesson: str
    """Id of the lesson that teaches it, `<module>/<lesson>`."""
    outcome: str
    competency: str
    text: Text
    feedback: Text
    answers: tuple[Answer, ...] = ()
    choices: tuple[Choice, ...] = ()
    """For a matching: what the answers are matched with; one or two may match nothing."""
    accept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For a short answer: what counts as right, in each language."""
    steps: tuple[QuestionStep, ...] = ()
    """For a scenario, whose `text` is the situation."""
    rubric: str | None = None
    """For an open question: slug of the rubric on whose `criteria` a trainer marks it."""
    criteria: tuple[str, ...] = ()
    model: Text | None = None
    """For an open question: what a good answer holds."""
