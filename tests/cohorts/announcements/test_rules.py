"""When an announcement appears, and every step of its life."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.announcements.rules import (
    ANNOUNCEMENT_TRANSITIONS,
    MOST_AHEAD,
    AnnouncementEvent,
    AnnouncementState,
    hour_of,
    way_back,
)
from lms.core.errors import Refusal

NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
ZONE = "Africa/Casablanca"


@pytest.mark.parametrize("state", AnnouncementState)
@pytest.mark.parametrize("event", AnnouncementEvent)
def test_every_pair(state, event):
    legal = {
        ("planned", "publish"): "published",
        ("planned", "withdraw"): "withdrawn",
        ("published", "withdraw"): "withdrawn",
        ("withdrawn", "restore"): "published",
        ("withdrawn", "plan"): "planned",
    }
    assert ANNOUNCEMENT_TRANSITIONS.get((state, event)) == legal.get((state.value, event.value))


@pytest.mark.parametrize("was_published", [True, False])
def test_a_withdrawal_is_undone_to_where_it_was(was_published):
    back = ANNOUNCEMENT_TRANSITIONS[
        AnnouncementState.WITHDRAWN, way_back(was_published=was_published)
    ]
    assert (back is AnnouncementState.PUBLISHED) is was_published


def test_no_hour_is_now():
    assert hour_of(None, None, ZONE, NOW) == NOW


def test_an_hour_is_read_on_the_clocks_of_the_cohort():
    given = hour_of(date(2026, 6, 11), time(8, 0), "Europe/Brussels", NOW)
    assert given == datetime(2026, 6, 11, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "code"),
    [
        (date(2026, 6, 11), None, "announcement_half_time"),
        (None, time(9), "announcement_half_time"),
        (date(2026, 6, 10), time(9, 0), "announcement_past"),
        (date(2026, 6, 9), time(23), "announcement_past"),
        (date(2028, 1, 1), time(9), "announcement_far"),
    ],
)
def test_hours_that_are_refused(day, at, code):
    with pytest.raises(Refusal) as refused:
        hour_of(day, at, ZONE, NOW)
    assert refused.value.code == code


@given(st.dates(date(2025, 1, 1), date(2029, 1, 1)), st.times())
def test_an_hour_that_is_taken_lies_ahead(day, at):
    try:
        found = hour_of(day, at.replace(fold=0), ZONE, NOW)
    except Refusal:
        return
    assert timedelta(0) < found - NOW <= MOST_AHEAD
