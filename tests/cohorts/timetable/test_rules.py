"""Hours on the clocks of a cohort, and what overlaps."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.timetable.rules import Slot, clashes, instant, week_of, weekly
from lms.core.errors import Refusal

ZONE = "Africa/Casablanca"
moments = st.integers(0, 525_000).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)
slots = st.builds(Slot, moments, st.integers(1, 480))


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


def test_the_same_hour_on_the_clocks_each_week():
    """In Morocco clocks go back for Ramadan: 15 February 2026, by an hour."""
    found = weekly(date(2026, 2, 9), time(15), ZONE, 3)
    assert [moment.astimezone(ZoneInfo(ZONE)).hour for moment in found] == [15, 15, 15]
    assert [moment.hour for moment in found] == [14, 15, 15]


def test_an_hour_that_never_comes():
    with refused("no_such_time"):
        instant(date(2026, 3, 29), time(2, 30), "Europe/Brussels")
    with refused("no_such_time"):
        weekly(date(2026, 3, 22), time(2, 30), "Europe/Brussels", 2)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.times(),
    st.sampled_from(["Africa/Casablanca", "Africa/Dakar", "Europe/Brussels", "Asia/Kathmandu"]),
)
def test_an_instant_shows_the_hour_that_was_typed(day, at, zone):
    try:
        found = instant(day, at, zone)
    except Refusal:
        return
    local = found.astimezone(ZoneInfo(zone))
    assert (local.date(), local.time()) == (day, at)


@given(st.dates(date(2000, 1, 1), date(2199, 1, 1)))
def test_a_day_lies_in_its_week(day):
    monday, end = week_of(day)
    assert monday.weekday() == 0
    assert monday <= day < end == monday + timedelta(days=7)


@given(slots, slots)
def test_clashing_is_mutual_and_means_a_shared_minute(one, other):
    both = clashes(one, [other])
    assert bool(both) == bool(clashes(other, [one]))
    starts, ends = max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at)
    assert bool(both) == (starts < ends)
    assert clashes(one, [one]) == [one]
