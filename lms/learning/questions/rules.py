"""The life of a question under a lesson."""

from datetime import datetime, timedelta
from enum import StrEnum

EDIT_TIME = timedelta(minutes=30)
"""How long one may change one's own words."""
MOST_A_DAY = 20
"""Questions of one trainee, or answers of one person, in a day."""


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REMOVED = "removed"


class QuestionEvent(StrEnum):
    """What happens to a question."""

    ANSWER = "answer"
    REOPEN = "reopen"
    REMOVE = "remove"


QUESTION_TRANSITIONS: dict[tuple[QuestionState, QuestionEvent], QuestionState] = {
    (QuestionState.OPEN, QuestionEvent.ANSWER): QuestionState.ANSWERED,
    (QuestionState.ANSWERED, QuestionEvent.REOPEN): QuestionState.OPEN,
    (QuestionState.OPEN, QuestionEvent.REMOVE): QuestionState.REMOVED,
    (QuestionState.ANSWERED, QuestionEvent.REMOVE): QuestionState.REMOVED,
}

AFTER = {event: state for (_, event), state in QUESTION_TRANSITIONS.items()}
"""Each event leads to one state, from wherever."""


def may_still_edit(written_at: datetime, now: datetime) -> bool:
    """One's own words, for half an hour."""
    return now - written_at < EDIT_TIME


def days_waiting(asked_at: datetime, now: datetime) -> int:
    """Whole days since a question was asked."""
    return max(0, (now - asked_at).days)
