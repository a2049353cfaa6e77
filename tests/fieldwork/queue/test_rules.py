"""Rules of the queue: what is usual, who has taken what, what speaks against an absence."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.fieldwork.queue.rules import Away, absence_fault, held_by_other, usual_days

ME, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
TODAY = date(2026, 6, 10)


@dataclass
class Entry:
    claimed_by_id: UUID | None = None
    claimed_until: datetime | None = None


@pytest.mark.parametrize(
    ("by", "minutes", "held"),
    [(None, None, False), (ME, 5, False), (OTHER, 5, True), (OTHER, 0, False), (OTHER, -1, False)],
)
def test_what_somebody_else_looks_at(by, minutes, held):
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert held_by_other(Entry(by, until), ME, NOW) is held


@pytest.mark.parametrize(
    ("days", "usual"), [([], None), ([0], 1), ([3], 3), ([1, 2, 30], 2), ([2, 4], 3), ([9.6], 10)]
)
def test_usual_is_the_median(days, usual):
    assert usual_days([timedelta(days=each) for each in days]) == usual


def away(start, end, who=ME, stand_in=OTHER):
    return Away(who, stand_in, date(2026, 6, start), date(2026, 6, end))


@pytest.mark.parametrize(
    ("new", "others", "fault"),
    [
        (away(11, 20), [], None),
        (away(10, 10), [], None),
        (away(1, 10), [], None),
        (away(20, 11), [], "absence_dates_reversed"),
        (away(1, 9), [], "absence_over"),
        (Away(ME, OTHER, TODAY, TODAY + timedelta(days=400)), [], "absence_too_long"),
        (away(11, 20, stand_in=ME), [], "stand_in_oneself"),
        (away(11, 20), [away(20, 25)], "absence_overlaps"),
        (away(11, 20), [away(21, 25)], None),
        (away(11, 20), [away(12, 13, OTHER, THIRD)], "stand_in_away"),
        (away(11, 20), [away(12, 13, THIRD, ME)], "stands_in_then"),
        (away(11, 20), [away(12, 13, THIRD, OTHER)], None),
    ],
)
def test_what_speaks_against_an_absence(new, others, fault):
    assert absence_fault(new, others, TODAY) == fault


DAYS = st.dates(date(2026, 6, 1), date(2026, 7, 15))
SOMEBODY = st.sampled_from([ME, OTHER, THIRD])
AWAY = st.builds(Away, SOMEBODY, SOMEBODY, DAYS, DAYS)


@given(st.lists(AWAY, max_size=12))
def test_nobody_who_stands_in_is_ever_away(asked):
    """However absences are asked for: on each day the stand-in is there, and there is one only."""
    kept = []
    for new in asked:
        if absence_fault(new, kept, TODAY) is None:
            kept.append(new)
    for number in range(60):
        day = date(2026, 6, 1) + timedelta(days=number)
        now = [each for each in kept if each.covers(day)]
        absent = [each.supervisor_id for each in now]
        assert len(absent) == len(set(absent))
        assert not {each.stand_in_id for each in now} & set(absent)
