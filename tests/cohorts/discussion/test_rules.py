"""The life of a post, the half hour, and the speed of writing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.cohorts.discussion.rules import (
    EDIT_TIME,
    LIMITS,
    POST_TRANSITIONS,
    PostEvent,
    PostState,
    may_still_edit,
    minutes_to_wait,
)

NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("state", PostState)
@pytest.mark.parametrize("event", PostEvent)
def test_every_pair(state, event):
    legal = {
        ("visible", "hide"): "hidden",
        ("hidden", "show"): "visible",
        ("visible", "delete"): "deleted",
        ("hidden", "delete"): "deleted",
    }
    assert POST_TRANSITIONS.get((state, event)) == legal.get((state.value, event.value))


def test_half_an_hour():
    def may(state=PostState.VISIBLE, after=EDIT_TIME - SECOND, locked=False):
        return may_still_edit(state, NOW, NOW + after, locked=locked)

    assert may()
    assert not may(after=EDIT_TIME)
    assert not may(locked=True)
    assert not may(state=PostState.HIDDEN)
    assert not may(state=PostState.DELETED)


def test_eight_in_five_minutes():
    written = [NOW - timedelta(seconds=30 * n) for n in range(7)]
    assert minutes_to_wait(written, NOW) == 0
    assert minutes_to_wait([*written, NOW - timedelta(seconds=270)], NOW) == 1
    assert minutes_to_wait([NOW] * 8, NOW) == 5


def test_sixty_a_day():
    written = [NOW - timedelta(minutes=20 * n) for n in range(60)]
    assert minutes_to_wait(written, NOW) == 24 * 60 - 59 * 20
    assert minutes_to_wait(written[:59], NOW) == 0


@settings(max_examples=40)
@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=2)), max_size=90))
def test_whoever_waits_as_told_may_write(ago):
    written = [NOW - each for each in ago]
    later = NOW + timedelta(minutes=minutes_to_wait(written, NOW))
    assert minutes_to_wait(written, later) == 0
    for most, window in LIMITS:
        assert sum(at > later - window for at in written) < most
