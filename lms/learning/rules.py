"""What it takes to complete a module, and what comes next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.curriculum.rules import Module


class ModuleState(StrEnum):
    """Where a trainee stands in a module."""

    PLANNED = "planned"
    LOCKED = "locked"
    READY = "ready"
    STARTED = "started"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Done:
    """What one enrolment has done: lesson ids read, slugs of modules whose quiz was passed.

    Of exercises handed in: which are accepted, which wait for a trainer, which came back.
    attended: slugs of the modules that a training day was about, held with the trainee there.
    """

    read: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    attended: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to do: a lesson of a module, an exercise, or its quiz (both are None)."""

    module: str
    lesson: str | None
    exercise: str | None = None


def is_completed(module: Module, done: Done) -> bool:
    """All its lessons are read, its quiz is passed, its required exercises are accepted.

    Where it asks for that, a training day about it was attended.
    """
    return (
        _is_learnt(module, done)
        and done.accepted.issuperset(module.required)
        and not _has_day_ahead(module, done)
    )


def is_worked_through(module: Module, done: Done) -> bool:
    """Completed, but for what others have yet to do: to accept an exercise, to hold a day."""
    handed_in = done.accepted | done.waiting | done.returned
    return _is_learnt(module, done) and handed_in.issuperset(module.required)


def _is_learnt(module: Module, done: Done) -> bool:
    return module.slug in done.passed and done.read.issuperset(module.lessons)


def _has_day_ahead(module: Module, done: Done) -> bool:
    return module.attend and module.slug not in done.attended


@dataclass(frozen=True, slots=True)
class Missing:
    """What a module still takes: lessons, its quiz, required exercises by where they stand.

    attend: a training day about it.
    """

    lessons: int = 0
    quiz: bool = False
    to_do: int = 0
    returned: int = 0
    waiting: int = 0
    attend: bool = False

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return self != NOTHING


NOTHING = Missing()


def missing(module: Module, done: Done) -> Missing:
    """What still has to happen before the module is completed."""
    required = frozenset(module.required) - done.accepted
    waiting, returned = required & done.waiting, required & done.returned
    return Missing(
        lessons=len(frozenset(module.lessons) - done.read),
        quiz=module.slug not in done.passed,
        to_do=len(required - waiting - returned),
        returned=len(returned),
        waiting=len(waiting),
        attend=_has_day_ahead(module, done),
    )


def completed(modules: Iterable[Module], done: Done) -> frozenset[str]:
    """Slugs of the modules that are completed."""
    return frozenset(module.slug for module in modules if is_completed(module, done))


def missing_prerequisites(
    module: Module, modules: Sequence[Module], done: Done
) -> tuple[Module, ...]:
    """Modules of the programme still to be worked through first; those not in it are waived."""
    return tuple(
        other
        for other in modules
        if other.slug in module.prerequisites and not is_worked_through(other, done)
    )


def module_state(module: Module, modules: Sequence[Module], done: Done) -> ModuleState:
    """Where the trainee stands. Once completed, a module stays so, whatever comes before it."""
    if is_completed(module, done):
        return ModuleState.COMPLETED
    if missing_prerequisites(module, modules, done):
        return ModuleState.LOCKED
    begun = (
        module.slug in done.passed
        or not done.read.isdisjoint(module.lessons)
        or (module.attend and module.slug in done.attended)
    )
    return ModuleState.STARTED if begun else ModuleState.READY


def next_in_module(module: Module, done: Done, after: str | None = None) -> Step | None:
    """The first unread lesson after one, else the first unread, then the quiz, then exercises.

    None once nothing is left to do, though a trainer may still have an exercise to accept or a
    training day to hold.
    """
    lessons = list(module.lessons)
    start = lessons.index(after) + 1 if after in lessons else 0
    for lesson in [*lessons[start:], *lessons[:start]]:
        if lesson not in done.read:
            return Step(module.slug, lesson.rpartition("/")[2])
    if module.slug not in done.passed:
        return Step(module.slug, None)
    for exercise in module.required:
        if exercise not in done.accepted | done.waiting:
            return Step(module.slug, None, exercise)
    return None


def resume(modules: Sequence[Module], done: Done, last_read: str | None = None) -> Step | None:
    """Where to go on: in the module of the last lesson read, else in the first that is open.

    None when every module is completed, or those left wait for something else.
    """
    recent = [module for module in modules if last_read in module.lessons]
    for module in [*recent, *modules]:
        state = module_state(module, modules, done)
        if state in {ModuleState.READY, ModuleState.STARTED}:
            step = next_in_module(module, done, last_read)
            if step is not None:
                return step
    return None
