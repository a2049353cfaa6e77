"""Drawing questions and shuffling what they offer, frozen with the attempt."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lms.curriculum.rules import Answer, Choice, Question, QuestionKind, QuestionStep

Offered = TypeVar("Offered", Answer, Choice, QuestionStep)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question as one attempt shows it: ids in the order shown.

    On the page everything goes by its place in that order, never by its id: an author's ids may
    tell which answer is right, or in which order they belong.
    """

    id: str
    answers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    """Of a matching."""
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a scenario: step → its answers."""

    def to_json(self) -> dict[str, Any]:
        """What is frozen with the attempt."""
        plain: dict[str, Any] = {"id": self.id, "answers": list(self.answers)}
        if self.choices:
            plain["choices"] = list(self.choices)
        if self.steps:
            plain["steps"] = {step: list(answers) for step, answers in self.steps.items()}
        return plain

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Drawn":
        """The reverse of `to_json`."""
        steps = {step: tuple(answers) for step, answers in value.get("steps", {}).items()}
        return cls(value["id"], tuple(value["answers"]), tuple(value.get("choices", ())), steps)


def draw(pool: Sequence[Question], count: int, seed: str) -> tuple[Drawn, ...]:
    """Choose and shuffle questions and their answers; the same seed draws the same.

    Lessons take turns, so that every lesson is asked about before one is asked about twice.
    """
    chance = random.Random(seed)  # noqa: S311 - a shuffle that can be repeated, not a secret
    lessons: dict[str, list[Question]] = {}
    for question in pool:
        lessons.setdefault(question.lesson, []).append(question)
    for questions in lessons.values():
        chance.shuffle(questions)
    turns = list(lessons.values())
    chance.shuffle(turns)
    chosen: list[Question] = []
    while turns and len(chosen) < count:
        chosen += [questions.pop() for questions in turns[: count - len(chosen)]]
        turns = [questions for questions in turns if questions]
    chance.shuffle(chosen)
    return tuple(_shown(question, chance) for question in chosen)


def _shown(question: Question, chance: random.Random) -> Drawn:
    answers = _shuffled(question.answers, chance)
    if question.kind is QuestionKind.ORDERING and answers == _ids(question.answers):
        # an ordering is never shown already in its right order
        answers = (*answers[1:], answers[0])
    return Drawn(
        question.id,
        answers,
        _shuffled(question.choices, chance),
        {step.id: _shuffled(step.answers, chance) for step in question.steps},
    )


def _shuffled(offered: Sequence[Offered], chance: random.Random) -> tuple[str, ...]:
    ids = list(_ids(offered))
    chance.shuffle(ids)
    return tuple(ids)


def _ids(offered: Sequence[Offered]) -> tuple[str, ...]:
    return tuple(each.id for each in offered)
