"""A correction's life, and what it is about. Pure."""

from enum import StrEnum


class CorrectionKind(StrEnum):
    """What is corrected."""

    LESSON = "lesson"
    QUESTION = "question"
    HANDOUT = "handout"
    QUESTIONS = "questions"
    """New ones, added to those of a lesson."""


class CorrectionState(StrEnum):
    """How far a correction has come."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class CorrectionEvent(StrEnum):
    """What may happen to it."""

    PROPOSE = "propose"
    REWORK = "rework"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    DECLINE = "decline"
    PUBLISH = "publish"


TRANSITIONS: dict[tuple[CorrectionState, CorrectionEvent], CorrectionState] = {
    (CorrectionState.DRAFT, CorrectionEvent.PROPOSE): CorrectionState.PROPOSED,
    (CorrectionState.DRAFT, CorrectionEvent.WITHDRAW): CorrectionState.WITHDRAWN,
    (CorrectionState.PROPOSED, CorrectionEvent.REWORK): CorrectionState.DRAFT,
    (CorrectionState.PROPOSED, CorrectionEvent.WITHDRAW): CorrectionState.WITHDRAWN,
    (CorrectionState.PROPOSED, CorrectionEvent.ACCEPT): CorrectionState.ACCEPTED,
    (CorrectionState.PROPOSED, CorrectionEvent.DECLINE): CorrectionState.DECLINED,
    (CorrectionState.DECLINED, CorrectionEvent.REWORK): CorrectionState.DRAFT,
    # until it is published, an accepted one may still turn out wrong, or meet another
    (CorrectionState.ACCEPTED, CorrectionEvent.REWORK): CorrectionState.DRAFT,
    (CorrectionState.ACCEPTED, CorrectionEvent.DECLINE): CorrectionState.DECLINED,
    (CorrectionState.ACCEPTED, CorrectionEvent.PUBLISH): CorrectionState.PUBLISHED,
}

OPEN = frozenset({CorrectionState.DRAFT, CorrectionState.PROPOSED, CorrectionState.ACCEPTED})
"""States in which something is still to be done."""


class Standing(StrEnum):
    """How a correction stands to the release that is published now."""

    SAME = "same"
    """Made on this release, or on one that says the same here: it fits as it is."""
    CHANGED = "changed"
    """What it corrects reads otherwise by now: somebody has to look at both."""
    GONE = "gone"
    """What it corrects is no longer there."""
