"""Question statistics, against figures worked out by hand and by the definition."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.statistics.rules import (
    LEAST,
    LEAST_TO_DISCRIMINATE,
    Remark,
    Response,
    discrimination,
    figures,
)

OFFERED = {"a": True, "b": False, "c": False}


def response(earned: int, rest: int, chosen: str = "a") -> Response:
    return Response("q", earned, 1, rest, 10, (chosen,))


def test_too_few_people_are_shown_nowhere():
    found = figures("q", [response(1, 5)] * (LEAST - 1), OFFERED)
    assert (found.asked, found.facility, found.chosen) == (LEAST - 1, None, ())


def test_facility_is_the_mean_share_of_the_points():
    rows = [Response("q", earned, 4, 0, 10) for earned in (4, 4, 2, 1, 0)]
    assert figures("q", rows, {}).facility == pytest.approx(11 / 20)


def test_discrimination_by_its_definition():
    rows = [response(n % 3 == 0, n % 7) for n in range(40)]
    x, y = [r.share for r in rows], [r.rest for r in rows]
    mx, my = sum(x) / 40, sum(y) / 40
    above = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    below = sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))
    assert discrimination(rows) == pytest.approx(above / below)


def test_who_is_strong_elsewhere_and_right_here():
    rows = [response(1, 9)] * 15 + [response(0, 2, "b")] * 15
    found = figures("q", rows, OFFERED)
    assert found.discrimination == pytest.approx(1)
    assert found.remarks == ()
    assert [(c.id, c.times, c.remarks) for c in found.chosen] == [
        ("a", 15, ()),
        ("b", 15, ()),
        ("c", 0, (Remark.UNUSED,)),
    ]


def test_a_key_that_is_wrong_shows():
    rows = [response(1, 2)] * 15 + [response(0, 9, "b")] * 15
    found = figures("q", rows, OFFERED)
    assert found.remarks == (Remark.REVERSED,)
    assert found.chosen[1].remarks == (Remark.ATTRACTIVE,)


def test_near_zero_is_weak_and_not_reversed():
    rows = [response(n % 2, n % 4 // 2) for n in range(40)]
    assert discrimination(rows) == pytest.approx(0)
    assert figures("q", rows, {}).remarks == (Remark.WEAK,)


def test_the_slip_of_one_decides_nothing():
    """Four of thirty are wrong: too few for a correlation, whoever they are."""
    rows = [response(1, 5)] * 26 + [response(0, 9, "b")] * (LEAST - 1)
    assert discrimination(rows) is None
    assert discrimination([*rows, response(0, 9, "b")]) is not None


def test_what_presses_most_stands_first():
    reversed_, easy = (
        figures("q", rows, OFFERED)
        for rows in (
            [response(1, 2)] * 15 + [response(0, 9, "b")] * 15,
            [response(1, 5)] * 30,
        )
    )
    assert reversed_.all_remarks == [Remark.REVERSED, Remark.ATTRACTIVE, Remark.UNUSED]
    assert easy.all_remarks == [Remark.EASY, Remark.UNUSED]
    assert (reversed_.presses, easy.presses) == (True, False)
    unremarkable = figures("q", [], OFFERED)
    assert reversed_.urgency < easy.urgency < unremarkable.urgency


def test_easy_and_hard():
    assert figures("q", [response(1, 5)] * 20, OFFERED).remarks == (Remark.EASY,)
    assert figures("q", [response(0, 5, "b")] * 20, OFFERED).remarks == (Remark.HARD,)


def test_steps_of_a_scenario_are_compared_among_themselves():
    offered = {"one/a": True, "one/b": False, "two/a": False, "two/b": True}
    rows = [Response("q", 1, 2, 9, 10, ("one/a", "two/a"))] * 15
    rows += [Response("q", 1, 2, 2, 10, ("one/b", "two/b"))] * 15
    found = {c.id: c for c in figures("q", rows, offered).chosen}
    assert found["two/a"].remarks == (Remark.ATTRACTIVE,)
    assert found["one/b"].remarks == ()


@given(
    st.lists(
        st.builds(
            Response,
            st.just("q"),
            st.integers(0, 3),
            st.just(3),
            st.integers(0, 20),
            st.sampled_from([0, 20]),
            st.lists(st.sampled_from("abcx"), unique=True).map(tuple),
        ),
        max_size=60,
    )
)
def test_all_figures_stay_within_their_bounds(rows):
    found = figures("q", rows, OFFERED)
    assert found.asked == len(rows)
    if found.facility is not None:
        assert 0 <= found.facility <= 1
        assert all(0 <= c.share <= 1 for c in found.chosen)
    if found.discrimination is not None:
        assert len(rows) >= LEAST_TO_DISCRIMINATE
        assert -1.000001 <= found.discrimination <= 1.000001
