"""What may be planned, what counts, the code of the minute; in cases and in general."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.timetable.rules import MOST_DATES, Slot
from lms.cohorts.training import codes
from lms.cohorts.training.rules import (
    THERE,
    TRAINING_TRANSITIONS,
    Attended,
    Plan,
    Rhythm,
    TrainingEvent,
    TrainingState,
    Worth,
    check_close,
    check_plan,
    counted_halves,
    series,
    slot,
    takes_code,
)
from lms.core.errors import Refusal
from lms.core.transitions import target

NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
FROM, TO, ZONE = date(2026, 1, 15), date(2026, 12, 15), "Europe/Brussels"
ONE, TWO = UUID(int=1), UUID(int=2)
DAY = Slot(NOW + timedelta(days=1), 420)
PLAN = Plan((DAY,), Worth.WHOLE, "Outils", "Oujda", "", "", (), frozenset({ONE}))
ZONES = st.sampled_from(
    ["Africa/Casablanca", "Africa/Dakar", "Europe/Brussels", "America/Port-au-Prince",
     "Asia/Kathmandu", "Pacific/Apia"]
)  # fmt: skip
SECRETS = st.text("0123456789abcdef", min_size=32, max_size=32)
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda at: datetime.fromtimestamp(at, UTC))


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


# --- states and worth ---


@pytest.mark.parametrize(("state", "event"), list(product(TrainingState, TrainingEvent)))
def test_each_pair_is_legal_or_refused(state, event):
    if (state, event) in TRAINING_TRANSITIONS:
        assert target(TRAINING_TRANSITIONS, state, event) is not state
    else:
        with refused("illegal_transition"):
            target(TRAINING_TRANSITIONS, state, event)


@pytest.mark.parametrize(
    ("mark", "counts"),
    [
        (Attended.EXPECTED, (0, 0, 0)),
        (Attended.PRESENT, (2, 1, 0)),
        (Attended.LATE, (2, 1, 0)),
        (Attended.LEFT_EARLY, (1, 1, 0)),
        (Attended.ABSENT, (0, 0, 0)),
        (Attended.EXCUSED, (0, 0, 0)),
    ],
)
def test_what_a_day_counts(mark, counts):
    assert tuple(counted_halves(mark, worth.halves) for worth in Worth) == counts
    assert all(Worth.of(worth.halves) is worth for worth in Worth)


@given(st.lists(st.tuples(st.sampled_from(Attended), st.sampled_from(Worth)), max_size=60))
def test_days_add_up_exactly(days):
    """In half days nothing is rounded away, whatever the order; nobody has more than was held."""
    halves = [counted_halves(mark, worth.halves) for mark, worth in days]
    assert sum(halves) == sum(reversed(halves))
    assert 0 <= sum(halves) <= sum(worth.halves for _, worth in days)
    assert all(found == 0 for (mark, _), found in zip(days, halves, strict=True)
               if mark not in THERE)  # fmt: skip


# --- planning ---


def planned(**changes):
    check_plan(replace(PLAN, **changes), FROM, TO, ZONE, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"slots": (DAY,) * MOST_DATES},
        {"place": "", "link": "https://x.example"},
        {"slots": (Slot(NOW - timedelta(days=60), 30),)},
        {"slots": (Slot(NOW + timedelta(days=1), 720),)},
    ],
)
def test_what_may_be_planned(changes):
    planned(**changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"slots": ()}, "meeting_too_many_dates"),
        ({"slots": (DAY,) * (MOST_DATES + 1)}, "meeting_too_many_dates"),
        ({"place": ""}, "meeting_without_place"),
        ({"trainer_ids": frozenset()}, "training_without_trainer"),
        ({"slots": (Slot(NOW, 29),)}, "training_length"),
        ({"slots": (Slot(NOW, 721),)}, "training_length"),
        ({"slots": (Slot(NOW - timedelta(days=60, seconds=1), 60),)}, "meeting_too_late"),
        ({"slots": (Slot(datetime(2026, 12, 15, 23, 30, tzinfo=UTC), 60),)},
         "meeting_outside_cohort"),
    ],
)  # fmt: skip
def test_what_may_not(changes, code):
    with refused(code):
        planned(**changes)


def test_an_evening_before_a_morning():
    with refused("training_ends_before"):
        slot(date(2026, 6, 1), time(16), time(16), ZONE)


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.tuples(st.times(), st.times()).map(sorted),
    ZONES,
    st.integers(1, 10),
    st.sampled_from(Rhythm),
)
def test_a_series_shows_the_same_hours_on_the_clocks_there(day, hours, zone, times, rhythm):
    """Across changes of the clocks: what is planned from nine to five reads so on each day."""
    begins, ends = (each.replace(second=0, microsecond=0) for each in hours)
    try:
        found = series(day, begins, ends, zone, times, rhythm)
    except Refusal:  # an evening before a morning, or an hour that never comes
        return
    for turn, one in enumerate(found):
        local = one.starts_at.astimezone(ZoneInfo(zone))
        assert (local.date(), local.time()) == (day + timedelta(days=turn * rhythm.days), begins)
        assert one.ends_at.astimezone(ZoneInfo(zone)).time() == ends


def test_a_day_on_which_clocks_change_lasts_as_long_as_it_does():
    """In Brussels clocks go back on 25 October 2026, between two and three."""
    assert slot(date(2026, 10, 25), time(1), time(9), "Europe/Brussels").minutes == 9 * 60
    assert slot(date(2026, 3, 29), time(1), time(9), "Europe/Brussels").minutes == 7 * 60


# --- the list ---

PRESENT, EXCUSED = (Attended.PRESENT, False), (Attended.EXCUSED, True)


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        ({}, "training_list_incomplete"),
        ({ONE: PRESENT}, "training_list_incomplete"),
        ({ONE: PRESENT, TWO: (Attended.EXPECTED, True)}, "training_list_incomplete"),
        ({ONE: PRESENT, TWO: (Attended.EXCUSED, False)}, "training_excuse_missing"),
        ({ONE: (Attended.ABSENT, False), TWO: EXCUSED}, "training_nobody_there"),
        ({ONE: PRESENT, TWO: EXCUSED}, None),
        ({ONE: PRESENT, TWO: (Attended.ABSENT, False)}, None),
    ],
)
def test_when_a_list_may_be_closed(marks, code):
    if code is None:
        check_close(NOW, [ONE, TWO], marks, NOW)
    else:
        with refused(code):
            check_close(NOW, [ONE, TWO], marks, NOW)


def test_no_list_is_closed_before_the_training_begins():
    with refused("training_in_future"):
        check_close(NOW + timedelta(seconds=1), [ONE], {ONE: PRESENT}, NOW)


# --- the code ---


@given(SECRETS, MOMENTS)
def test_a_code_is_taken_for_its_minute_and_the_one_after(secret, now):
    code = codes.code_at(secret, codes.step_of(now))
    assert len(code) == codes.LENGTH
    assert set(code) <= set(codes.SIGNS)
    assert codes.fits(secret, code, now)
    left = timedelta(seconds=codes.seconds_left(now))
    assert timedelta(0) < left <= timedelta(seconds=60)
    assert codes.fits(secret, code, now + left)
    assert codes.fits(secret, code, now + left + timedelta(seconds=59) - timedelta(
        microseconds=now.microsecond))  # fmt: skip
    assert not codes.fits(secret, code, now + left + timedelta(seconds=60))
    assert not codes.fits(secret, code, now - timedelta(seconds=120))


@given(SECRETS, SECRETS, MOMENTS)
def test_codes_of_two_rooms_differ(one, other, now):
    step = codes.step_of(now)
    assert (codes.code_at(one, step) == codes.code_at(other, step)) == (one == other)


@given(SECRETS, MOMENTS, st.text(max_size=12))
def test_what_is_typed_fits_only_as_the_code(secret, now, typed):
    valid = {codes.code_at(secret, codes.step_of(now) - back) for back in (0, 1)}
    assert codes.fits(secret, typed, now) == (codes.tidy(typed) in valid)
    assert not codes.fits("", typed, now)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ab2 9kz", "AB29KZ"),
        ("AB2-9KZ", "AB29KZ"),
        ("\u200eab2\u00a09kz", "AB29KZ"),
        ("٢٩٢٩٢٩", "292929"),
        ("۲۹۲۹۲۹", "292929"),
        ("\uff21B29KZ", "AB29KZ"),
        ("AB29KZZZZ", "AB29KZZ"),
        ("", ""),
    ],
)
def test_how_a_code_is_read(typed, read):
    assert codes.tidy(typed) == read


@pytest.mark.parametrize(
    ("minutes", "taken"), [(-61, False), (-60, True), (0, True), (180, True), (181, False)]
)
def test_when_a_code_is_taken(minutes, taken):
    starts, ends = NOW, NOW + timedelta(minutes=120)
    assert takes_code(starts, ends, NOW + timedelta(minutes=minutes)) is taken
