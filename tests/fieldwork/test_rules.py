"""Hours, fingerprints and lifecycles, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.core.transitions import target
from lms.curriculum.rules import EntryLimits
from lms.fieldwork.entries.rules import (
    FILLS_A_DAY,
    MINUTES_A_DAY,
    Circumstances,
    EntryContent,
    came_in_time,
    confirmed_facts,
    facts_fingerprint,
    faults,
    fingerprint,
    local_date,
    minutes_left,
    waiting_days,
)
from lms.fieldwork.observations.rules import check_scores, check_sharing, mean
from lms.fieldwork.rules import (
    COUNTS,
    ENTRY_TRANSITIONS,
    OBSERVATION_TRANSITIONS,
    PLACEMENT_TRANSITIONS,
    ConsentBasis,
    EntryEvent,
    EntryState,
    ObservationEvent,
    ObservationState,
    PlacementEvent,
    PlacementState,
)

TODAY = date(2026, 6, 10)
GIVEN = Circumstances(
    today=TODAY,
    starts_on=date(2026, 1, 15),
    ends_on=date(2026, 12, 15),
    minutes_that_day=0,
    placement=PlacementState.RUNNING,
    has_supervisor=True,
    received_on=TODAY,
)
COMPLETE = EntryContent(
    placement_id=None,
    type="workshop",
    form="working-group",
    held_on=date(2026, 6, 1),
    minutes_direct=90,
    minutes_indirect=0,
    minutes_preparation=60,
    role="led",
    participants={"citizen": 4},
    stakes=(),
    limits=(),
    purposes=(),
    summary="Un atelier.",
    consent_basis=ConsentBasis.CONSENT,
)
minutes = st.integers(0, 2000)


def codes(content=COMPLETE, given=GIVEN):
    return [fault.code for fault in faults(content, given)]


def test_a_complete_entry_has_no_fault():
    assert codes() == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"type": ""}, "entry_type_missing"),
        ({"form": ""}, "entry_form_missing"),
        ({"role": ""}, "entry_role_missing"),
        ({"held_on": TODAY + timedelta(days=1)}, "entry_in_future"),
        ({"held_on": date(2026, 1, 14)}, "entry_outside_cohort"),
        ({"minutes_direct": 0, "minutes_preparation": 0}, "entry_without_minutes"),
        ({"minutes_direct": 961}, "entry_day_full"),
        ({"participants": {}}, "entry_participants_missing"),
        ({"participants": {"citizen": 0}}, "entry_participants_missing"),
        ({"summary": ""}, "entry_summary_missing"),
        ({"consent_basis": None}, "entry_consent_missing"),
    ],
)
def test_each_fault_of_the_content(fields, code):
    assert codes(replace(COMPLETE, **fields)) == [code]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"placement": None}, "placement_missing"),
        ({"placement": PlacementState.PROPOSED}, "placement_not_agreed"),
        ({"placement": PlacementState.CANCELLED}, "placement_not_agreed"),
        ({"has_supervisor": False}, "placement_without_supervisor"),
        ({"ends_on": date(2026, 5, 31)}, "entry_outside_cohort"),
        ({"minutes_that_day": 960}, "entry_day_full"),
        ({"files": 6}, "entry_too_many_files"),
        ({"limits": EntryLimits(backdating_days=8)}, "entry_too_late"),
        ({"limits": EntryLimits(minutes_a_day=149)}, "entry_day_full"),
    ],
)
def test_each_fault_of_the_circumstances(fields, code):
    assert codes(given=replace(GIVEN, **fields)) == [code]


def test_practice_of_a_placement_that_has_ended_may_still_be_handed_in():
    assert codes(given=replace(GIVEN, placement=PlacementState.ENDED)) == []


def test_preparing_alone_needs_no_participants():
    assert codes(replace(COMPLETE, minutes_direct=0, participants={})) == []


# --- in time: by the server's clock ---

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("held", "received", "today", "fits"),
    [
        (0, 0, 0, True),
        (0, 30, 30, True),
        (0, 31, 31, False),
        (0, 30, 300, True),  # received in time, handed in much later
        (0, 0, 300, True),
        (40, 0, 40, True),  # an older draft, moved to today
        (40, 0, 70, True),
        (40, 0, 71, False),  # an empty draft kept in stock opens no window
        (1, 0, 30, True),
        (1, 0, 32, False),
    ],
)
def test_the_window_is_counted_from_when_it_reached_the_server(held, received, today, fits):
    first = date(2026, 2, 1)
    days = (first + DAY * held, first + DAY * received, first + DAY * today)
    assert came_in_time(*days, 30) is fits


ages = st.integers(0, 500)


@given(held=ages, received=ages, later=ages, window=st.integers(0, 100))
def test_no_window_grows_by_waiting(held, received, later, window):
    """Whatever was refused stays refused; what is noted the same day is always in time."""
    first = date(2026, 1, 1)
    held_on, received_on = first + DAY * held, first + DAY * received
    today = max(held_on, received_on)
    now = came_in_time(held_on, received_on, today, window)
    assert came_in_time(held_on, received_on, today + DAY * later, window) <= now
    assert came_in_time(held_on, held_on, today + DAY * later, window)
    assert now is (abs(min(0, held - received)) <= window)


@given(st.integers(0, 60))
def test_nothing_of_what_a_device_says_of_the_time_counts(held):
    assert not [name for name in Circumstances.__dataclass_fields__ if "claimed" in name]
    given = replace(GIVEN, starts_on=date(2020, 1, 1))
    fits = codes(replace(COMPLETE, held_on=TODAY - DAY * held), given) == []
    assert fits is (held <= 30)


@given(st.integers(1, 1440), st.lists(minutes, max_size=4))
def test_the_release_says_how_much_a_day_holds(cap, claims):
    taken = 0
    given = replace(GIVEN, limits=EntryLimits(minutes_a_day=cap))
    for claim in claims:
        content = replace(COMPLETE, minutes_direct=claim, minutes_preparation=0)
        if not codes(content, replace(given, minutes_that_day=taken)):
            taken += claim
    assert taken <= cap


@given(st.lists(minutes, max_size=8))
def test_no_day_ever_holds_more_than_sixteen_hours(claims):
    taken = 0
    for claim in claims:
        content = replace(
            COMPLETE, minutes_direct=claim, minutes_preparation=0, participants={"citizen": 1}
        )
        found = codes(content, replace(GIVEN, minutes_that_day=taken))
        fits = 0 < claim <= MINUTES_A_DAY - taken
        assert (not found) is fits
        taken += claim if not found else 0
    assert taken <= MINUTES_A_DAY


@given(st.lists(minutes, max_size=5))
def test_what_is_left_of_a_day(taken):
    left = minutes_left(taken)
    assert 0 <= left <= MINUTES_A_DAY
    assert left == max(0, MINUTES_A_DAY - sum(taken))


@given(minutes, minutes, minutes)
def test_minutes_add_up(direct, indirect, preparation):
    content = replace(
        COMPLETE,
        minutes_direct=direct,
        minutes_indirect=indirect,
        minutes_preparation=preparation,
    )
    assert content.minutes == direct + indirect + preparation


def test_a_date_is_that_of_the_cohorts_zone():
    late = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    assert local_date(late, "Africa/Dakar") == date(2026, 6, 10)
    assert local_date(late, "Europe/Brussels") == date(2026, 6, 11)


@given(st.integers(0, 300 * 24 * 60), st.integers(0, 60))
def test_waiting_is_counted_by_midnights(since, days):
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=since)
    zone = "Africa/Dakar"  # no summer time
    assert waiting_days(since, since + timedelta(days=days), zone) == days
    assert waiting_days(since + timedelta(days=1), since, zone) == 0


documents = st.fixed_dictionaries(
    {
        "summary": st.text(max_size=50),
        "minutes": st.integers(0, 10**6),
        "stakes": st.lists(st.text()),
    }
)


@given(documents, documents)
def test_a_fingerprint_tells_contents_apart(one, other):
    assert (fingerprint(one) == fingerprint(other)) is (one == other)
    assert fingerprint(one) == fingerprint(dict(reversed(one.items())))


SIGNED = {
    "placement_id": UUID(int=1),
    "type": "codevelopment",
    "held_on": date(2026, 6, 2),
    "minutes_direct": 91,
    "participants": {"citizen": 5},
}
UNSIGNED = {
    "form": "conference",
    "minutes_indirect": 777,
    "minutes_preparation": 888,
    "role": "observed",
    "stakes": ("environment",),
    "limits": ("financial-constraints",),
    "purposes": ("collaboration",),
    "summary": "Un autre récit.",
    "consent_basis": ConsentBasis.PUBLIC_EVENT,
}


@pytest.mark.parametrize("name", SIGNED)
def test_a_host_signs_when_where_what_how_long_and_how_many(name):
    changed = replace(COMPLETE, **{name: SIGNED[name]})
    assert facts_fingerprint(changed) != facts_fingerprint(COMPLETE)


@pytest.mark.parametrize("name", UNSIGNED)
def test_the_trainees_own_words_may_change_without_the_host(name):
    changed = replace(COMPLETE, **{name: UNSIGNED[name]})
    assert facts_fingerprint(changed) == facts_fingerprint(COMPLETE)
    assert not str(confirmed_facts(changed)).count(str(UNSIGNED[name]))


def test_nobody_of_a_kind_is_as_good_as_silence():
    nobody = replace(COMPLETE, participants={"citizen": 4, "elected": 0})
    assert facts_fingerprint(nobody) == facts_fingerprint(COMPLETE)


# --- lifecycles: every pair, legal or not ---

LIVES = [
    (ENTRY_TRANSITIONS, EntryState, EntryEvent),
    (PLACEMENT_TRANSITIONS, PlacementState, PlacementEvent),
    (OBSERVATION_TRANSITIONS, ObservationState, ObservationEvent),
]
PAIRS = [
    (table, state, event)
    for table, states, events in LIVES
    for state, event in product(states, events)
]


@pytest.mark.parametrize(("table", "state", "event"), PAIRS)
def test_every_pair_of_every_life(table, state, event):
    if (state, event) in table:
        assert target(table, state, event) is table[state, event]
    else:
        with pytest.raises(Refusal, match="illegal_transition"):
            target(table, state, event)


@pytest.mark.parametrize(("table", "states", "events"), LIVES)
def test_every_state_but_the_first_is_reached(table, states, events):
    first = next(iter(states))
    assert set(table.values()) | {first} == set(states)
    assert {event for _, event in table} == set(events)


def test_the_table_of_the_design():
    """Domain, section 3; decisions, states: nothing else leads to what counts."""
    ways = {
        (state.value, event.value): after.value
        for (state, event), after in ENTRY_TRANSITIONS.items()
    }
    assert ways == {
        ("draft", "submit"): "submitted",
        ("draft", "delete"): "deleted",
        ("submitted", "ask"): "needs_info",
        ("submitted", "approve"): "approved",
        ("submitted", "reject"): "rejected",
        ("submitted", "withdraw"): "withdrawn",
        ("needs_info", "submit"): "submitted",
        ("approved", "amend"): "amended",
        ("amended", "submit"): "submitted",
        ("approved", "revoke"): "revoked",
        ("approved", "undo"): "submitted",
        ("approved", "lock"): "locked",
        ("locked", "unlock"): "approved",
    }
    assert {EntryState.APPROVED, EntryState.LOCKED} == COUNTS
    assert COUNTS <= FILLS_A_DAY


# --- observations ---


def test_only_the_grids_indicators_and_levels():
    check_scores({"a": 0, "b": 4}, ["a", "b", "c"])
    for scores in ({"x": 1}, {"a": 5}, {"a": -1}):
        with pytest.raises(Refusal, match="observation_scores_strange"):
            check_scores(scores, ["a", "b"])


@pytest.mark.parametrize(
    ("scores", "feedback", "code"),
    [
        ({}, "Bien.", "observation_without_scores"),
        ({"a": 0}, "", "observation_feedback_missing"),
        ({"a": 1, "b": 3}, "", "observation_feedback_missing"),
        ({"a": 4}, "", "observation_feedback_missing"),
    ],
)
def test_what_cannot_be_shared(scores, feedback, code):
    with pytest.raises(Refusal, match=code):
        check_sharing(scores, feedback)


def test_middling_levels_speak_for_themselves():
    check_sharing({"a": 2, "b": 3}, "")


def test_means():
    assert mean([]) is None
    assert mean([1, 2]) == 1.5
