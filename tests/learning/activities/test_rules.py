"""Rounds of a team, and the tally of values, which must tell of nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.core.transitions import target
from lms.curriculum.rules import TeamActivity
from lms.learning.activities.rules import (
    LEAST_LISTS,
    TRANSITIONS,
    Counted,
    RoundEvent,
    RoundState,
    check_values,
    final,
    key,
    merged,
    tally,
)

LEGAL = {
    TeamActivity.VALUES: {
        ("collecting", "close", "tallied"),
        ("tallied", "propose", "proposed"),
        ("proposed", "settle", "settled"),
        ("settled", "reopen", "proposed"),
    },
    TeamActivity.CONTRIBUTION: {
        ("collecting", "settle", "settled"),
        ("settled", "reopen", "collecting"),
    },
}


@pytest.mark.parametrize("activity", TeamActivity)
@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("event", RoundEvent)
def test_every_pair_of_state_and_event(activity, state, event):
    leads = {a for before, what, a in LEGAL[activity] if (before, what) == (state, event)}
    if leads:
        assert {target(TRANSITIONS[activity], state, event).value} == leads
    else:
        with pytest.raises(Refusal, match="illegal_transition"):
            target(TRANSITIONS[activity], state, event)


@pytest.mark.parametrize(
    "same",
    [
        ("Écoute", "écoute", "l’écoute", "L'ECOUTE", " ecoute "),
        ("Respect", "le respect", "The respect"),
        ("الاحترام", "احترام", "الاحترامُ"),
        ("أمانة", "الأمانة", "امانه"),
    ],
)
def test_spellings_of_one_value(same):
    assert len({key(value) for value in same}) == 1


def test_different_values_stay_different():
    values = ("Respect", "Écoute", "Courage", "les autres", "lesson", "الله", "ال", "la")
    assert len({key(value) for value in values}) == len(values)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["a1", "b1", "c1", "d1", "e1"], None),
        (["a1", "b1", "c1", "d1", ""], "values_five"),
        (["a1", "b1", "c1", "d1", "…\u200b"], None),
        (["a1", "b1", "c1", "d1", "\u200b"], "values_five"),
        (["a1", "b1", "c1", "d1", "A1"], "values_twice"),
        ([], "values_five"),
    ],
)
def test_five_different_values(values, code):
    if code is None:
        check_values(values)
    else:
        with pytest.raises(Refusal, match=code):
            check_values(values)


@pytest.mark.parametrize("number", range(LEAST_LISTS))
def test_too_few_lists_are_not_counted(number):
    with pytest.raises(Refusal, match="values_too_few_lists"):
        tally([["a", "b", "c", "d", "e"]] * number, {})


def test_a_tally_counts_lists_in_the_usual_spelling():
    lists = [["Écoute", "Foi"], ["écoute", "Foi"], ["Écoute", "Courage"]]
    assert [(row.value, row.number) for row in tally(lists, {})] == [
        ("Écoute", 3), ("Foi", 2), ("Courage", 1),
    ]  # fmt: skip
    both = tally(lists, {"foi": "ecoute"})
    assert [(row.value, row.number) for row in both] == [("Écoute", 3), ("Courage", 1)]


WORDS = st.sampled_from(["foi", "Foi", "la foi", "joie", "Joie", "cœur", "courage", "paix"])
LISTS = st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=LEAST_LISTS, max_size=7)
KEYS = st.sampled_from(["foi", "joie", "coeur", "courage", "paix"])


@given(LISTS, st.dictionaries(KEYS, KEYS), st.randoms())
def test_a_tally_tells_of_nobody(lists, merges, chance):
    """Whoever wrote what: the same values in other hands, in another order, count the same."""
    rows = tally(lists, merges)
    mixed = [list(values) for values in lists]
    chance.shuffle(mixed)
    for values in mixed:
        chance.shuffle(values)
    assert tally(mixed, merges) == rows
    assert all(1 <= row.number <= len(lists) for row in rows)
    assert {row.key for row in rows} == {final(key(v), merges) for vs in lists for v in vs}
    assert [Counted.from_json(row.to_json()) for row in rows] == rows


@given(st.dictionaries(KEYS, KEYS), KEYS)
def test_merging_ends(merges, name):
    assert final(name, merges) in {name, *merges.values()}


def test_only_two_different_values_of_the_tally_are_merged():
    rows = tally([["foi", "joie"]] * 3, {})
    assert merged({}, rows, "foi", "joie") == {"foi": "joie"}
    for name, into in (("foi", "foi"), ("foi", "paix"), ("paix", "foi"), ("", "")):
        with pytest.raises(Refusal, match="values_merge"):
            merged({}, rows, name, into)
