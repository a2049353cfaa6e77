"""Sheets, agreement of assessors, and what the levels propose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.scoring import (
    NEEDS_COMMENT,
    Marks,
    SheetFault,
    agree,
    combined,
    diverging_criteria,
    may_read_others,
    propose,
    sheet_faults,
)
from lms.assessment.rules.states import DossierState, Outcome
from lms.curriculum.rules import Promotion

CRITERIA = ("leadership", "problem-solving", "communication", "active-listening", "ethics")
COACH = Promotion(2.5, 2, {"ethics": 3})
FACILITATOR = Promotion(2.0, 0, {"ethics": 2})


def marks(*levels, recommends=Outcome.CERTIFIED):
    return Marks(dict(zip(CRITERIA, levels, strict=True)), recommends)


def test_a_sheet_needs_every_level_and_a_comment_at_the_ends():
    levels = {"leadership": 1, "problem-solving": 2, "communication": 4, "active-listening": 7}
    comments = {"communication": "exemplary: …"}
    assert sheet_faults(levels, comments, CRITERIA) == {
        "leadership": SheetFault.COMMENT_MISSING,
        "active-listening": SheetFault.LEVEL_UNKNOWN,
        "ethics": SheetFault.LEVEL_MISSING,
    }


def test_spaces_are_no_comment():
    assert sheet_faults({"ethics": 0}, {"ethics": "  \n"}, ["ethics"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (marks(3, 3, 3, 3, 3), marks(2, 4, 3, 3, 3), True),
        (marks(3, 3, 3, 3, 3), marks(1, 3, 3, 3, 3), False),
        (marks(3, 3, 3, 3, 3), marks(3, 3, 3, 3, 3, recommends=Outcome.DEFERRED), False),
        (
            marks(3, 3, 3, 3, 2, recommends=Outcome.CONDITIONAL),
            marks(3, 3, 3, 3, 2, recommends=Outcome.DEFERRED),
            True,
        ),
    ],
)
def test_agreement(one, other, same):
    assert agree(one, other) is same


@pytest.mark.parametrize(
    ("rule", "levels", "outcome", "below"),
    [
        (COACH, (3, 3, 3, 3, 3), Outcome.CERTIFIED, ()),
        (COACH, (2, 2, 3, 3, 3), Outcome.CERTIFIED, ()),
        (COACH, (1, 4, 4, 4, 3), Outcome.CONDITIONAL, ("leadership",)),
        (COACH, (3, 3, 3, 3, 2), Outcome.DEFERRED, ("ethics",)),
        (COACH, (2, 2, 2, 2, 3), Outcome.DEFERRED, ()),
        (FACILITATOR, (2, 2, 2, 2, 2), Outcome.CERTIFIED, ()),
        (FACILITATOR, (0, 3, 3, 3, 2), Outcome.CERTIFIED, ()),
        (FACILITATOR, (4, 4, 4, 4, 1), Outcome.DEFERRED, ("ethics",)),
    ],
)
def test_the_promotion_rule(rule, levels, outcome, below):
    proposal = propose(marks(*levels).levels, rule)
    assert (proposal.outcome, proposal.below) == (outcome, below)


def test_no_levels_propose_nothing_good():
    assert propose({}, COACH).outcome is Outcome.DEFERRED


def test_three_sheets_take_the_middle_level_two_their_mean():
    low, mid, high = marks(1, 1, 1, 1, 1), marks(2, 2, 2, 2, 2), marks(4, 4, 4, 4, 4)
    assert combined([low, high])["ethics"] == 2.5
    assert combined([low, high, mid])["ethics"] == 2
    assert combined([]) == {}


def test_sheets_are_closed_until_both_are_in():
    for state in DossierState:
        blind = state in {DossierState.ASSIGNED, DossierState.ASSESSING}
        assert may_read_others(state, still_scores=False) is not blind
        assert not may_read_others(state, still_scores=True)


# Whatever the levels -----------------------------------------------------------------------------

level = st.integers(0, 4)
sheets = st.builds(
    Marks,
    levels=st.fixed_dictionaries(dict.fromkeys(CRITERIA, level)),
    recommendation=st.sampled_from(Outcome),
)
rules = st.builds(
    Promotion,
    mean=st.sampled_from([0.0, 1.5, 2.0, 2.5, 4.0]),
    minimum=level,
    floors=st.dictionaries(st.sampled_from(CRITERIA), level),
)


@given(sheets, sheets)
def test_agreement_does_not_depend_on_who_came_first(one, other):
    assert agree(one, other) == agree(other, one)
    assert agree(one, one)
    if diverging_criteria(one, other):
        assert not agree(one, other)


@given(sheets, rules, st.sampled_from(CRITERIA))
def test_a_higher_level_never_proposes_worse(sheet, rule, criterion):
    rank = {Outcome.DEFERRED: 0, Outcome.CONDITIONAL: 1, Outcome.CERTIFIED: 2}
    better = dict(sheet.levels) | {criterion: min(4, sheet.levels[criterion] + 1)}
    assert rank[propose(better, rule).outcome] >= rank[propose(sheet.levels, rule).outcome]


@given(sheets, rules)
def test_certified_is_proposed_exactly_when_every_threshold_is_reached(sheet, rule):
    levels = sheet.levels
    reached = (
        sum(levels.values()) / 5 >= rule.mean
        and min(levels.values()) >= rule.minimum
        and all(levels[criterion] >= floor for criterion, floor in rule.floors.items())
    )
    assert (propose(levels, rule).outcome is Outcome.CERTIFIED) is reached


@given(st.lists(sheets, min_size=1, max_size=3))
def test_combined_levels_lie_between_the_lowest_and_the_highest(several):
    for criterion, value in combined(several).items():
        given_levels = [sheet.levels[criterion] for sheet in several]
        assert min(given_levels) <= value <= max(given_levels)


@given(st.dictionaries(st.sampled_from(CRITERIA), st.integers(-9, 99)), st.booleans())
def test_a_sheet_without_faults_is_complete(levels, commented):
    comments = dict.fromkeys(CRITERIA, "because") if commented else {}
    if sheet_faults(levels, comments, CRITERIA):
        return
    assert set(levels) == set(CRITERIA)
    assert all(0 <= value <= 4 for value in levels.values())
    assert commented or not NEEDS_COMMENT & set(levels.values())
