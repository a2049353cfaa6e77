"""Rules of an exercise handed in: its states, what it takes to hand in, what it takes to mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.core.errors import Refusal
from lms.curriculum.release import Release
from lms.curriculum.rules import Delivery, Exercise, ExerciseKind, Module

LEVELS = range(5)
TELLING = frozenset({0, 1, 4})
"""Levels that want words: what was missing, or what was excellent."""
MAX_FILES = 5
MAX_TEXT = 20_000


class WorkState(StrEnum):
    """Where a trainee's work on an exercise stands."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    LOOKED_AT = "looked_at"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class WorkEvent(StrEnum):
    """What can happen to it."""

    HAND_IN = "hand_in"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"
    LOOK = "look"
    RETURN = "return"
    ACCEPT = "accept"
    REOPEN = "reopen"


TRANSITIONS: dict[tuple[WorkState, WorkEvent], WorkState] = {
    (WorkState.DRAFT, WorkEvent.HAND_IN): WorkState.HANDED_IN,
    (WorkState.RETURNED, WorkEvent.HAND_IN): WorkState.HANDED_IN,
    (WorkState.HANDED_IN, WorkEvent.WITHDRAW): WorkState.DRAFT,
    (WorkState.HANDED_IN, WorkEvent.TAKE_BACK): WorkState.RETURNED,
    (WorkState.HANDED_IN, WorkEvent.LOOK): WorkState.LOOKED_AT,
    (WorkState.LOOKED_AT, WorkEvent.RETURN): WorkState.RETURNED,
    (WorkState.LOOKED_AT, WorkEvent.ACCEPT): WorkState.ACCEPTED,
    (WorkState.ACCEPTED, WorkEvent.REOPEN): WorkState.LOOKED_AT,
    (WorkState.RETURNED, WorkEvent.REOPEN): WorkState.LOOKED_AT,
}
"""Withdrawn as long as nobody has begun to mark it: a first version becomes a draft again
(`withdraw`), a later one goes back to what the trainer asked for (`take_back`)."""

EDITABLE = frozenset({WorkState.DRAFT, WorkState.RETURNED})
"""States in which its author may write."""
WAITING = frozenset({WorkState.HANDED_IN, WorkState.LOOKED_AT})
"""States in which it waits for a trainer."""
DECIDED = frozenset({WorkState.RETURNED, WorkState.ACCEPTED})
DECISIONS = {WorkEvent.ACCEPT, WorkEvent.RETURN}
"""What a trainer may answer."""


def withdrawal(number: int) -> WorkEvent:
    """How version `number` is withdrawn."""
    return WorkEvent.WITHDRAW if number <= 1 else WorkEvent.TAKE_BACK


# Which exercises -------------------------------------------------------------------------------


def exercises_of(release: Release, module: Module) -> tuple[Exercise, ...]:
    """Exercises of the lessons that a module lists, in its order: a lesson brings its own along."""
    place = {lesson: number for number, lesson in enumerate(module.lessons)}
    found = [one for one in release.content.exercises.values() if one.lesson in place]
    return tuple(sorted(found, key=lambda one: place[one.lesson]))


def find_exercise(release: Release, module: Module, exercise_id: str) -> Exercise | None:
    """The exercise of that id, if the module has it."""
    return next((one for one in exercises_of(release, module) if one.id == exercise_id), None)


def is_marked(exercise: Exercise) -> bool:
    """Whether one hands it in to a trainer; a team does the others together."""
    return exercise.kind is ExerciseKind.INDIVIDUAL


# Handing in ------------------------------------------------------------------------------------


def check_files(exercise: Exercise, kept: int, added: int) -> None:
    """Files where they are asked for, and not too many. Raises Refusal."""
    if added and Delivery.FILE not in exercise.deliver:
        raise Refusal("exercise_takes_no_files")
    if kept + added > MAX_FILES:
        raise Refusal("exercise_too_many_files", limit=MAX_FILES)


def check_hand_in(exercise: Exercise, text: str, files: int) -> None:
    """Something of what may be handed in is there. Raises Refusal."""
    if Delivery.TEXT not in exercise.deliver and not files:
        raise Refusal("exercise_without_file")
    if Delivery.FILE not in exercise.deliver and not text:
        raise Refusal("exercise_without_text")
    if not text and not files:
        raise Refusal("exercise_empty")


# Marking ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Marking:
    """What a trainer says to one version."""

    marks: Mapping[str, int]
    """Criterion → level, 0 to 4."""
    comments: Mapping[str, str]
    """Criterion → why this level."""
    feedback: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in the way of a decision: the criterion ("" for the feedback), and a code."""

    criterion: str
    code: str


def check_marks(marking: Marking, criteria: Sequence[str]) -> None:
    """Only criteria of the exercise, only levels of the rubric. Raises Refusal."""
    strange = (set(marking.marks) | set(marking.comments)) - set(criteria)
    if strange or any(level not in LEVELS for level in marking.marks.values()):
        raise Refusal("exercise_marks_strange")


def faults(decision: WorkEvent, marking: Marking, criteria: Sequence[str]) -> list[Fault]:
    """What is missing before work may be accepted or returned.

    Accepting takes a level on every criterion, returning takes words on what to do; the levels
    0, 1 and 4 are always explained.
    """
    found = []
    for criterion in criteria:
        level = marking.marks.get(criterion)
        if level is None and decision is WorkEvent.ACCEPT:
            found.append(Fault(criterion, "exercise_level_missing"))
        elif level in TELLING and not marking.comments.get(criterion):
            found.append(Fault(criterion, "exercise_comment_missing"))
    if decision is WorkEvent.RETURN and not marking.feedback:
        found.append(Fault("", "exercise_feedback_missing"))
    return found
