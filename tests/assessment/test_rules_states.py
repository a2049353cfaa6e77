"""Every pair of state and event; whose turn it is in each state."""

from itertools import product

import pytest

from lms.assessment.rules.states import (
    DECIDED,
    IN_HAND,
    OUTCOME_EVENTS,
    TRANSITIONS,
    CaseRole,
    DossierEvent,
    DossierState,
    Outcome,
    Profile,
)
from lms.assessment.rules.turns import Party, steps, whose_turn
from lms.core.errors import Refusal
from lms.core.transitions import target

LEGAL = """
open: submit>submitted
returned: submit>submitted
withdrawn: submit>submitted
submitted: withdraw>withdrawn return>returned admit>admissible
admissible: withdraw>withdrawn assign>assigned
assigned: assign>assigned begin>assessing
assessing: assign>assessing concur>concordant diverge>divergent
divergent: assign>divergent moderate>moderated
concordant: assign>concordant convene>jury certify>certified condition>conditional
concordant: defer>deferred refuse>refused
moderated: assign>moderated convene>jury
jury: assign>jury certify>certified condition>conditional defer>deferred refuse>refused
certified: release>notified
conditional: release>notified
deferred: release>notified
refused: release>notified
notified: appeal>appealed reassess>reassessment close>final
appealed: uphold>upheld remit>remitted dismiss>dismissed
upheld: close>final
dismissed: close>final
remitted: convene>jury
reassessment: assign>assigned
"""


def expected():
    table = {}
    for row in LEGAL.strip().splitlines():
        state, _, moves = row.partition(": ")
        for move in moves.split():
            event, _, after = move.partition(">")
            table[state, event] = after
    return table


@pytest.mark.parametrize(("state", "event"), list(product(DossierState, DossierEvent)))
def test_every_pair(state, event):
    after = expected().get((state.value, event.value))
    if after is None:
        with pytest.raises(Refusal, match="illegal_transition"):
            target(TRANSITIONS, state, event)
    else:
        assert target(TRANSITIONS, state, event) == after


def test_every_state_can_be_reached():
    assert set(TRANSITIONS.values()) | {DossierState.OPEN} == set(DossierState)


def test_an_outcome_is_signed_by_its_own_event_and_only_then_released():
    for outcome, event in OUTCOME_EVENTS.items():
        assert target(TRANSITIONS, DossierState.JURY, event).value == outcome.value
    assert {state.value for state in DECIDED} == {outcome.value for outcome in Outcome}
    releasing = {state for (state, event) in TRANSITIONS if event is DossierEvent.RELEASE}
    assert releasing == DECIDED


ONE = [CaseRole.ASSESSOR]
TWO = [CaseRole.ASSESSOR] * 2
JURY = [CaseRole.CHAIR, CaseRole.JUROR, CaseRole.JUROR]
S, P = DossierState, Profile


@pytest.mark.parametrize(
    ("state", "profile", "roles", "party"),
    [
        (S.OPEN, P.LIGHT, [], Party.CANDIDATE),
        (S.RETURNED, P.LIGHT, [], Party.CANDIDATE),
        (S.WITHDRAWN, P.LIGHT, [], Party.NOBODY),
        (S.SUBMITTED, P.LIGHT, [], Party.COUNTRY),
        (S.ADMISSIBLE, P.LIGHT, [], Party.PROGRAMME),
        (S.ASSIGNED, P.LIGHT, ONE, Party.ASSESSORS),
        (S.ASSIGNED, P.STANDARD, ONE, Party.PROGRAMME),
        (S.ASSESSING, P.STANDARD, TWO, Party.ASSESSORS),
        (S.CONCORDANT, P.LIGHT, ONE, Party.ASSESSORS),
        (S.CONCORDANT, P.STANDARD, TWO, Party.PROGRAMME),
        (S.CONCORDANT, P.STANDARD, [*TWO, *JURY], Party.JURORS),
        (S.DIVERGENT, P.STANDARD, TWO, Party.PROGRAMME),
        (S.DIVERGENT, P.STANDARD, [*TWO, CaseRole.THIRD_ASSESSOR], Party.ASSESSORS),
        (S.MODERATED, P.STRICT, [*TWO, *JURY], Party.JURORS),
        (S.JURY, P.STANDARD, [*TWO, *JURY], Party.JURORS),
        (S.JURY, P.STANDARD, [*TWO, *JURY[:2]], Party.PROGRAMME),
        (S.REFUSED, P.STANDARD, [], Party.PROGRAMME),
        (S.NOTIFIED, P.STANDARD, [], Party.NOBODY),
    ],
)
def test_whose_turn(state, profile, roles, party):
    assert whose_turn(state, profile, roles) is party


@pytest.mark.parametrize(("state", "profile"), list(product(DossierState, Profile)))
def test_the_way_has_at_most_one_current_step(state, profile):
    marks = [mark for _, mark in steps(state, profile)]
    assert marks == sorted(marks, key=["done", "current", "todo"].index)
    assert marks.count("current") <= 1
    assert ("done" in marks) is (state not in IN_HAND)
