"""Quiz attempts, and what it takes to complete a module. Pure: no database, no clock, no page."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from lms.curriculum.rules import Module, Question, QuestionKind

ATTEMPT_TIME = timedelta(days=14)
"""How long the answers of an attempt may still change (our proposal)."""


class AttemptState(StrEnum):
    """Where an attempt at a quiz stands."""

    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    FINISHED = "finished"
    ABANDONED = "abandoned"


class AttemptEvent(StrEnum):
    """What can happen to an attempt."""

    EXPIRE = "expire"
    SUBMIT = "submit"
    ABANDON = "abandon"


TRANSITIONS: dict[tuple[AttemptState, AttemptEvent], AttemptState] = {
    (AttemptState.IN_PROGRESS, AttemptEvent.EXPIRE): AttemptState.OVERDUE,
    (AttemptState.IN_PROGRESS, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.IN_PROGRESS, AttemptEvent.ABANDON): AttemptState.ABANDONED,
    (AttemptState.OVERDUE, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.OVERDUE, AttemptEvent.ABANDON): AttemptState.ABANDONED,
}
"""Finished and abandoned attempts stay as they are: a new try is a new attempt."""

OPEN = frozenset({AttemptState.IN_PROGRESS, AttemptState.OVERDUE})
"""States in which an attempt still waits for its trainee; there is at most one a module."""


def due_at(started_at: datetime) -> datetime:
    """Until when answers may change; afterwards what is saved can only be submitted or left."""
    return started_at + ATTEMPT_TIME


def is_due(started_at: datetime, now: datetime) -> bool:
    """Whether the time for changing answers is over."""
    return now >= due_at(started_at)


# Drawing ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question as one attempt shows it: its id, and its answers in the order shown."""

    id: str
    answers: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """What is frozen with the attempt."""
        return {"id": self.id, "answers": list(self.answers)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Drawn":
        """The reverse of `to_json`."""
        return cls(value["id"], tuple(value["answers"]))


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
    return tuple(Drawn(question.id, _shuffled(question, chance)) for question in chosen)


def _shuffled(question: Question, chance: random.Random) -> tuple[str, ...]:
    """Answers in a random order; an ordering is never shown already in its right order."""
    answers = [answer.id for answer in question.answers]
    right = list(answers)
    chance.shuffle(answers)
    if question.kind is QuestionKind.ORDERING and answers == right:
        answers = [*answers[1:], answers[0]]
    return tuple(answers)


# Answering and scoring -------------------------------------------------------------------------

Given: TypeAlias = Mapping[str, int]
"""What a person answered: answer id → 1 where chosen; for an ordering, the position typed."""


def tidy(question: Question, given: Given) -> dict[str, int]:
    """Only what belongs to the question. A half-done ordering is kept as it was typed."""
    known = [answer.id for answer in question.answers]
    kept = {name: given[name] for name in known if 1 <= given.get(name, 0) <= len(known)}
    if question.kind is QuestionKind.ORDERING:
        return kept
    chosen = list(kept)[:1] if question.kind is QuestionKind.SINGLE else list(kept)
    return dict.fromkeys(chosen, 1)


def is_answered(question: Question, given: Given) -> bool:
    """Whether the answer is complete: an ordering needs every position exactly once."""
    if question.kind is QuestionKind.ORDERING:
        return sorted(given.values()) == list(range(1, len(question.answers) + 1))
    return bool(given)


def is_right(question: Question, given: Given) -> bool:
    """All or nothing, and the page says so: every right answer chosen and no other."""
    if question.kind is QuestionKind.ORDERING:
        in_order = sorted(given, key=lambda name: given[name])
        return is_answered(question, given) and in_order == [a.id for a in question.answers]
    return set(given) == {answer.id for answer in question.answers if answer.correct}


def count_right(questions: Iterable[Question], answers: Mapping[str, Given]) -> int:
    """Number of questions answered rightly; unanswered ones count as wrong."""
    return sum(is_right(question, answers.get(question.id, {})) for question in questions)


def percent(right: int, out_of: int) -> int:
    """The score as a percentage, rounded down: a score just below the mark never looks like it."""
    return right * 100 // out_of if out_of else 0


def is_pass(right: int, out_of: int, pass_percent: int) -> bool:
    """Whether the score reaches the pass mark."""
    return out_of > 0 and right * 100 >= pass_percent * out_of


def needed_right(out_of: int, pass_percent: int) -> int:
    """The least number of right answers that passes."""
    return -(-pass_percent * out_of // 100)


# Completing ------------------------------------------------------------------------------------


class ModuleState(StrEnum):
    """Where a trainee stands in a module."""

    PLANNED = "planned"
    LOCKED = "locked"
    READY = "ready"
    STARTED = "started"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Done:
    """What one enrolment has done: lesson ids read, slugs of modules whose quiz was passed."""

    read: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to do: a lesson of a module, or its quiz (`lesson` is None)."""

    module: str
    lesson: str | None


def is_completed(module: Module, done: Done) -> bool:
    """A module is completed when all its lessons are read and its quiz is passed."""
    return module.slug in done.passed and done.read.issuperset(module.lessons)


def completed(modules: Iterable[Module], done: Done) -> frozenset[str]:
    """Slugs of the modules that are completed."""
    return frozenset(module.slug for module in modules if is_completed(module, done))


def missing_prerequisites(
    module: Module, modules: Sequence[Module], done: Done
) -> tuple[Module, ...]:
    """Modules of the programme still to be completed first; those it does not hold are waived."""
    return tuple(
        other
        for other in modules
        if other.slug in module.prerequisites and not is_completed(other, done)
    )


def module_state(module: Module, modules: Sequence[Module], done: Done) -> ModuleState:
    """Where the trainee stands. Once completed, a module stays so, whatever comes before it."""
    if is_completed(module, done):
        return ModuleState.COMPLETED
    if missing_prerequisites(module, modules, done):
        return ModuleState.LOCKED
    begun = module.slug in done.passed or not done.read.isdisjoint(module.lessons)
    return ModuleState.STARTED if begun else ModuleState.READY


def next_in_module(module: Module, done: Done, after: str | None = None) -> Step | None:
    """The first unread lesson after one, else the first unread, else the quiz, else nothing."""
    lessons = list(module.lessons)
    start = lessons.index(after) + 1 if after in lessons else 0
    for lesson in [*lessons[start:], *lessons[:start]]:
        if lesson not in done.read:
            return Step(module.slug, lesson.rpartition("/")[2])
    return None if module.slug in done.passed else Step(module.slug, None)


def resume(modules: Sequence[Module], done: Done, last_read: str | None = None) -> Step | None:
    """Where to go on: in the module of the last lesson read, else in the first that is open.

    None when every module is completed, or those left wait for something else.
    """
    recent = [module for module in modules if last_read in module.lessons]
    for module in [*recent, *modules]:
        state = module_state(module, modules, done)
        if state in {ModuleState.READY, ModuleState.STARTED}:
            return next_in_module(module, done, last_read)
    return None
