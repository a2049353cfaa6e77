"""The questionnaire: six questions, answered from 0 (not at all) to 4 (fully)."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum


class Question(StrEnum):
    """What a host is asked."""

    PREPARED = "prepared"
    LISTENED = "listened"
    NEUTRAL = "neutral"
    CLEAR = "clear"
    USEFUL = "useful"
    AGAIN = "again"


class Degree(IntEnum):
    """How far it is so."""

    NOT_AT_ALL = 0
    A_LITTLE = 1
    PARTLY = 2
    LARGELY = 3
    FULLY = 4


def is_complete(answers: Mapping[str, int]) -> bool:
    """Whether each question, and nothing else, has an answer on the scale."""
    degrees = {degree.value for degree in Degree}
    return set(answers) == {question.value for question in Question} and degrees.issuperset(
        answers.values()
    )


def mean(answers: Mapping[str, int]) -> float:
    """The answers in one figure; 0 without any."""
    return sum(answers.values()) / len(answers) if answers else 0.0
