"""What may be planned and held, in cases and in general."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.fieldwork.rules import CountedSupervision, PresenceState, SupervisionKind
from lms.fieldwork.supervision import rules
from lms.fieldwork.supervision.rules import (
    Agreed,
    Minutes,
    Plan,
    Presence,
    Share,
    check_held,
    check_plan,
    concerned,
    share,
)

NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
FROM, TO, ZONE = date(2026, 1, 15), date(2026, 12, 15), "Europe/Brussels"
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
INDIVIDUAL, GROUP = SupervisionKind.INDIVIDUAL, SupervisionKind.GROUP
PRESENT = Presence(PresenceState.PRESENT)
PLAN = Plan(INDIVIDUAL, (NOW + timedelta(days=1),), 60, "Oujda", "", "", frozenset({ONE}))
HELD = Minutes(60, {ONE: PRESENT}, "", "", ())
BEGAN = NOW - timedelta(hours=2)
moments = st.integers(0, 525_000).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)
people = st.frozensets(st.uuids(), max_size=30)


def planned(**changes):
    check_plan(replace(PLAN, **changes), FROM, TO, ZONE, NOW)


def held(began=BEGAN, invited=(ONE,), **changes):
    check_held(began, invited, replace(HELD, **changes), NOW)


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


# --- planning ---


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"kind": GROUP, "enrolment_ids": frozenset({ONE, TWO})},
        {"place": "", "link": "https://x.example"},
        {"minutes": 10},
        {"minutes": 480},
        {"starts_at": (NOW - timedelta(days=30),)},
        {"starts_at": (datetime(2026, 12, 15, 22, 30, tzinfo=UTC),)},
    ],
)
def test_what_may_be_planned(changes):
    planned(**changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"enrolment_ids": frozenset()}, "supervision_one_trainee"),
        ({"enrolment_ids": frozenset({ONE, TWO})}, "supervision_one_trainee"),
        ({"kind": GROUP}, "supervision_two_trainees"),
        ({"kind": GROUP, "enrolment_ids": frozenset(map(UUID, (f"{n:032x}" for n in range(26))))},
         "supervision_too_many_trainees"),
        ({"minutes": 9}, "supervision_minutes"),
        ({"minutes": 481}, "supervision_minutes"),
        ({"starts_at": ()}, "meeting_too_many_dates"),
        ({"starts_at": PLAN.starts_at * 27}, "meeting_too_many_dates"),
        ({"place": ""}, "meeting_without_place"),
        ({"starts_at": (NOW - timedelta(days=30, seconds=1),)}, "meeting_too_late"),
        # half past eleven in the evening in London is the next day in Brussels
        ({"starts_at": (datetime(2026, 12, 15, 23, 30, tzinfo=UTC),)},
         "meeting_outside_cohort"),
        ({"starts_at": (datetime(2026, 1, 14, 12, tzinfo=UTC),)}, "meeting_outside_cohort"),
    ],
)  # fmt: skip
def test_what_may_not(changes, code):
    with refused(code):
        planned(**changes)


@given(st.sampled_from(SupervisionKind), people)
def test_individual_means_exactly_one(kind, invited):
    least, most = (1, 1) if kind is INDIVIDUAL else (2, rules.MOST_TRAINEES)
    if least <= len(invited) <= most:
        planned(kind=kind, enrolment_ids=invited)
    else:
        with pytest.raises(Refusal, match="_trainee"):
            planned(kind=kind, enrolment_ids=invited)


# --- writing down ---


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"began": NOW + timedelta(seconds=1)}, "supervision_in_future"),
        ({"minutes": 131}, "supervision_not_over"),
        ({"minutes": 9}, "supervision_minutes"),
        ({"began": NOW - timedelta(days=9), "minutes": 481}, "supervision_minutes"),
        ({"presences": {}}, "supervision_presence_missing"),
        ({"presences": {TWO: PRESENT}}, "supervision_presence_missing"),
        ({"presences": {ONE: Presence(PresenceState.EXPECTED)}}, "supervision_presence_missing"),
        ({"invited": (ONE, TWO)}, "supervision_presence_missing"),
        ({"presences": {ONE: Presence(PresenceState.EXCUSED)}}, "supervision_excuse_missing"),
        ({"presences": {ONE: Presence(PresenceState.ABSENT)}}, "supervision_nobody_there"),
        ({"presences": {ONE: Presence(PresenceState.EXCUSED, "x")}}, "supervision_nobody_there"),
        ({"agreed": (Agreed("x", None, None),) * 13}, "supervision_too_many_actions"),
        ({"agreed": (Agreed("x", TWO, None),)}, "supervision_action_of_another"),
    ],
)  # fmt: skip
def test_what_may_not_be_written_down(changes, code):
    with refused(code):
        held(**changes)


def test_what_may_be_written_down():
    held()
    held(minutes=130)
    held(
        invited=(ONE, TWO, THREE),
        presences={
            ONE: PRESENT, TWO: Presence(PresenceState.ABSENT),
            THREE: Presence(PresenceState.EXCUSED, "Malade"),
        },
        agreed=(Agreed("x", None, None), Agreed("y", THREE, None)),
    )  # fmt: skip


@given(moments, st.integers(-1000, 1000))
def test_nothing_is_held_before_it_began_or_before_it_was_over(began, minutes):
    try:
        held(began=began, minutes=minutes)
    except Refusal:
        return
    assert began <= NOW
    assert began + timedelta(minutes=minutes) <= NOW + timedelta(minutes=rules.LEAST_MINUTES)
    assert rules.LEAST_MINUTES <= minutes <= rules.MOST_MINUTES


@given(
    st.dictionaries(
        st.uuids(), st.builds(Presence, st.sampled_from(PresenceState), st.text(max_size=3)),
        max_size=6,
    )
)  # fmt: skip
def test_somebody_was_there_and_everybody_is_spoken_of(presences):
    try:
        held(invited=tuple(presences), presences=presences)
    except Refusal:
        return
    states = [one.state for one in presences.values()]
    assert PresenceState.PRESENT in states
    assert PresenceState.EXPECTED not in states
    everybody = concerned(Agreed("x", None, None), presences)
    assert {presences[key].state for key in everybody} == {PresenceState.PRESENT}
    assert concerned(Agreed("x", ONE, None), presences) == (ONE,)


# --- time ---


# --- what it comes to ---

rows = st.builds(
    CountedSupervision, st.uuids(), st.uuids(), st.sampled_from(SupervisionKind), moments,
    st.integers(1, 480),
)  # fmt: skip


@given(st.lists(rows))
def test_shares_lose_no_minute(counted):
    found = share(counted)
    assert found.total == sum(one.minutes for one in counted)
    assert (found.percent is None) == (not counted)
    assert found.percent is None or 0 <= found.percent <= 100
    assert share(counted[::-1]) == found


def test_a_share_is_rounded_down():
    """Half is reached at half, not before."""
    assert Share(199, 201).percent == 49
    assert Share(200, 200).percent == 50
    assert Share(60, 0).percent == 100
