"""Rules of an observation: what it takes to share one."""

from collections.abc import Collection, Mapping

from lms.core.errors import Refusal
from lms.fieldwork.rules import ObservationState

LEVELS = range(5)
TELLING = frozenset({0, 1, 4})
"""Levels that want words: what was seen, or was missing."""

EDITABLE = frozenset({ObservationState.DRAFT, ObservationState.COMMENTED})
"""States in which the trainer may change it."""


def check_scores(scores: Mapping[str, int], indicators: Collection[str]) -> None:
    """Only indicators of the rubric, only its levels. Raises Refusal."""
    if set(scores) - set(indicators) or any(level not in LEVELS for level in scores.values()):
        raise Refusal("observation_scores_strange")


def check_sharing(scores: Mapping[str, int], feedback: str) -> None:
    """Something was seen; very low and very high levels are explained. Raises Refusal."""
    if not scores:
        raise Refusal("observation_without_scores")
    if not feedback and TELLING & set(scores.values()):
        raise Refusal("observation_feedback_missing")


def mean(levels: Collection[int]) -> float | None:
    """The mean level of what was seen; None when nothing was."""
    return round(sum(levels) / len(levels), 1) if levels else None
