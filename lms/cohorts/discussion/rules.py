"""The life of a post, how long it may be changed, and how fast one may write."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

CHARTER = "2026-2"
"""The text that is accepted now. A new text gets a new name, and is accepted anew."""
EDIT_TIME = timedelta(minutes=30)
"""How long authors may change what they wrote."""
LIMITS = ((8, timedelta(minutes=5)), (60, timedelta(days=1)))
"""Posts of one person, and the time in which no more are taken."""
MOST_PINNED = 5


class PostState(StrEnum):
    """Where a post stands."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    DELETED = "deleted"


class PostEvent(StrEnum):
    """What happens to a post."""

    HIDE = "hide"
    SHOW = "show"
    DELETE = "delete"


POST_TRANSITIONS: dict[tuple[PostState, PostEvent], PostState] = {
    (PostState.VISIBLE, PostEvent.HIDE): PostState.HIDDEN,
    (PostState.HIDDEN, PostEvent.SHOW): PostState.VISIBLE,
    (PostState.VISIBLE, PostEvent.DELETE): PostState.DELETED,
    (PostState.HIDDEN, PostEvent.DELETE): PostState.DELETED,
}


def may_still_edit(state: PostState, written_at: datetime, now: datetime, *, locked: bool) -> bool:
    """Authors change their words for half an hour, in a discussion that goes on."""
    return state is PostState.VISIBLE and not locked and now - written_at < EDIT_TIME


def minutes_to_wait(written: Sequence[datetime], now: datetime) -> int:
    """How long somebody who has `written` (any order) must wait for the next post; 0: no time."""
    waits = [0]
    for most, window in LIMITS:
        recent = sorted(at for at in written if at > now - window)
        if len(recent) >= most:
            left = recent[-most] + window - now
            waits.append(max(1, ceil(left.total_seconds() / 60)))
    return max(waits)
