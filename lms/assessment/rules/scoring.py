"""Levels on the rubric: what a sheet needs, when two sheets agree, what the levels propose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

from lms.assessment.rules.states import DossierState, Outcome
from lms.curriculum.rules import Promotion

LEVELS = range(5)
"""Levels of the rubric, 0 to 4."""
NEEDS_COMMENT = frozenset({0, 1, 4})
"""Levels that are given with a comment only (domain, section 3)."""
DIVERGENCE = 2
"""By how many levels two assessors differ for a third to be called."""


class SheetFault(StrEnum):
    """What a score sheet still lacks."""

    LEVEL_MISSING = "level_missing"
    LEVEL_UNKNOWN = "level_unknown"
    COMMENT_MISSING = "comment_missing"


def sheet_faults(
    levels: Mapping[str, int], comments: Mapping[str, str], criteria: Iterable[str]
) -> dict[str, SheetFault]:
    """What hinders the sheet from being handed in, by criterion."""
    faults = {}
    for criterion in criteria:
        level = levels.get(criterion)
        if level is None:
            faults[criterion] = SheetFault.LEVEL_MISSING
        elif level not in LEVELS:
            faults[criterion] = SheetFault.LEVEL_UNKNOWN
        elif level in NEEDS_COMMENT and not comments.get(criterion, "").strip():
            faults[criterion] = SheetFault.COMMENT_MISSING
    return faults


@dataclass(frozen=True, slots=True)
class Marks:
    """One assessor's levels and recommendation."""

    levels: Mapping[str, int]
    recommendation: Outcome


def would_certify(outcome: Outcome) -> bool:
    """On which side of the threshold an outcome lies."""
    return outcome is Outcome.CERTIFIED


def diverging_criteria(one: Marks, other: Marks) -> tuple[str, ...]:
    """Criteria on which two assessors differ by two levels or more."""
    return tuple(
        criterion
        for criterion in one.levels
        if criterion in other.levels
        and abs(one.levels[criterion] - other.levels[criterion]) >= DIVERGENCE
    )


def agree(one: Marks, other: Marks) -> bool:
    """Whether two assessors agree well enough for the jury to meet without a third."""
    same_side = would_certify(one.recommendation) == would_certify(other.recommendation)
    return same_side and not diverging_criteria(one, other)


def combined(sheets: Sequence[Marks]) -> dict[str, float]:
    """One level a criterion: the mean of two assessors, the middle one of three."""
    if not sheets:
        return {}
    return {
        criterion: float(median(sheet.levels[criterion] for sheet in sheets))
        for criterion in sheets[0].levels
    }


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the programme's rule makes of the levels. A proposal: people decide."""

    outcome: Outcome
    mean: float
    mean_reached: bool
    below: tuple[str, ...]
    """Criteria below the least level or below their own floor."""


def propose(levels: Mapping[str, float], rule: Promotion) -> Proposal:
    """The outcome that the levels propose.

    All thresholds reached: certified. Mean reached and no floor (ethics) missed, yet a criterion
    too low: conditional on that criterion. Else: deferred. To refuse is never proposed.
    """
    mean = fmean(levels.values()) if levels else 0.0
    under_floor = [c for c, level in levels.items() if level < rule.floors.get(c, 0)]
    below = [c for c, level in levels.items() if level < rule.minimum or c in under_floor]
    reached = bool(levels) and mean >= rule.mean
    if reached and not below:
        outcome = Outcome.CERTIFIED
    elif reached and not under_floor:
        outcome = Outcome.CONDITIONAL
    else:
        outcome = Outcome.DEFERRED
    return Proposal(outcome, mean, reached, tuple(below))


_HIDDEN = frozenset({DossierState.ASSIGNED, DossierState.ASSESSING})


def may_read_others(state: DossierState, *, still_scores: bool) -> bool:
    """Whether the sheets of others may be read: not before both are handed in.

    Whoever has a sheet of their own to hand in (the third assessor too) reads none but that one.
    """
    return state not in _HIDDEN and not still_scores


# The jury's vote -------------------------------------------------------------------------------


class Vote(StrEnum):
    """What a member of the jury votes for."""

    CERTIFIED = "certified"
    CONDITIONAL = "conditional"
    DEFERRED = "deferred"
    REFUSED = "refused"
    ABSTAIN = "abstain"


def carried(votes: Mapping[str, Vote], chair: str) -> Outcome | None:
    """The outcome with most votes; in a tie the chair's vote decides. None: nothing carried."""
    counts: dict[Vote, int] = {}
    for vote in votes.values():
        if vote is not Vote.ABSTAIN:
            counts[vote] = counts.get(vote, 0) + 1
    most = [vote for vote, number in counts.items() if number == max(counts.values())]
    winner = most[0] if len(most) == 1 else votes.get(chair)
    return Outcome(winner.value) if winner in most else None
