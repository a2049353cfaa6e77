"""The table: complete, without empty rows, without a word too many, and true to its principles."""

import pytest

from lms.app import ROOMS
from lms.policy import predicates
from lms.policy.actions import Action
from lms.policy.actor import PUBLIC, SCOPES, SYSTEM, Actor, Grant, Role, Scope
from lms.policy.permits import permits
from lms.policy.table import POLICY
from tests.house.source import fail_with
from tests.policy.matrix import PEOPLE, allowed, mutants, thing

OPEN = {action for action, rows in POLICY.items() if [predicates.anyone] in rows}
HANDS_OFF_ONES_OWN = {
    Action.PERSON_EDIT,
    Action.PERSON_CODE,
    Action.GRANT_CHANGE,
    Action.ENROLMENT_CHANGE,
    Action.PLACEMENT_EDIT,
    Action.ENTRY_DECIDE,
    Action.ENTRY_REVOKE,
    Action.OBSERVATION_CREATE,
    Action.OBSERVATION_EDIT,
    Action.ATTESTATION_CREATE,
    Action.ATTESTATION_REVOKE,
    Action.AGREEMENT_COUNTERSIGN,
    Action.DOSSIER_ADMIT,
    Action.DOSSIER_ASSIGN,
    Action.DOSSIER_DECLARE,
    Action.DOSSIER_SCORE,
    Action.DOSSIER_SIGN_LIGHT,
    Action.DOSSIER_DELIBERATE,
    Action.DOSSIER_RELEASE,
    Action.CERTIFICATE_REVOKE,
    Action.EXERCISE_MARK,
    Action.POST_REPORT,
    Action.REPORT_SETTLE,
}
"""Acts that decide about a person: never done to oneself, whatever one's roles."""
READS = {"view", "list", "trace", "read", "progress", "hold", "verify", "read-reflection"}
READS |= {"practice", "take-along", "read-list"}
EVERYBODYS = {Action.HOME, Action.ACCOUNT, Action.CERTIFICATE_HOLD, Action.PRACTICE_SYNC}


def may(name, action):
    return permits(PEOPLE[name], action, thing())


def asks_about_a_thing(action):
    """Whether any predicate of the action looks at its object."""
    return any(
        ask.__code__.co_varnames[1] == "obj" for row in POLICY[action] for ask in row
    )  # those that do not call it `_obj`


# --- what it is ---


def test_every_action_is_listed():
    assert set(POLICY) == set(Action)


def test_no_row_is_empty_and_none_is_there_twice():
    for action, rows in POLICY.items():
        assert rows, action
        assert all(rows), action
        kept = [frozenset(row) for row in rows]
        assert len(kept) == len(set(kept)), action


def test_an_action_is_named_by_its_area():
    assert all(action.value.count(":") == 1 for action in Action)
    assert all(action.value == action.value.lower() for action in Action)


def test_every_predicate_is_used_and_says_what_it_means():
    used = {ask for rows in POLICY.values() for row in rows for ask in row}
    known = {
        ask
        for name, ask in vars(predicates).items()
        if callable(ask) and getattr(ask, "__module__", "") == predicates.__name__
        and not isinstance(ask, type)
    }  # fmt: skip
    assert used == known
    assert all(ask.__doc__ for ask in known)


# --- asking it ---


def test_denied_unless_listed(monkeypatch):
    monkeypatch.delitem(POLICY, Action.HOME)
    assert not permits(PEOPLE["programme-admin"], Action.HOME)


def test_an_empty_row_allows_nothing(monkeypatch):
    """In some systems it allows everything."""
    monkeypatch.setitem(POLICY, Action.HOME, [[]])
    assert not permits(PEOPLE["programme-admin"], Action.HOME)
    monkeypatch.setitem(POLICY, Action.HOME, [])
    assert not permits(PEOPLE["programme-admin"], Action.HOME)


def test_a_predicate_that_fails_is_no_permission(monkeypatch):
    def broken(_actor, obj):
        return obj.no_such_attribute

    monkeypatch.setitem(POLICY, Action.HOME, [[broken], [predicates.anyone]])
    with pytest.raises(AttributeError):
        permits(PEOPLE["programme-admin"], Action.HOME, thing())


def test_what_is_asked_without_its_thing_fails_loudly():
    with pytest.raises(AttributeError):
        permits(PEOPLE["owner"], Action.ENTRY_EDIT, None)


# --- its principles ---


def test_the_public_may_only_what_is_open():
    assert {action for action in Action if permits(PUBLIC, action, thing())} == OPEN
    assert {action for action in OPEN if not may("nobody", action)} == set()


def test_the_system_is_nobody_special():
    assert {action for action in Action if permits(SYSTEM, action, thing())} == OPEN


@pytest.mark.parametrize("action", sorted(HANDS_OFF_ONES_OWN))
def test_nobody_decides_about_themselves(action):
    assert not [name for name in allowed(POLICY[action]) if name.startswith("own:")]


@pytest.mark.parametrize(
    "name",
    ["other-country-admin", "trainer-elsewhere", "supervisor-elsewhere", "trainee-elsewhere",
     "assessor", "juror", "partner", "nobody"],
)  # fmt: skip
def test_a_right_elsewhere_opens_nothing_here(name):
    """The worst flaw published in this field: a right in one course that opened every course."""
    assert not [action for action in Action if asks_about_a_thing(action) and may(name, action)]


def test_an_auditor_only_reads():
    for action in Action:
        if may("auditor", action) and action not in OPEN | EVERYBODYS:
            assert action.value.partition(":")[2] in READS, action


def test_a_partner_sees_the_register_and_no_person():
    got = {action for action in Action if may("partner", action)}
    assert got - {action for action in Action if may("nobody", action)} == {Action.REGISTER_VIEW}


@pytest.mark.parametrize(
    "action", [Action.ENTRY_VIEW, Action.EVIDENCE_VIEW, Action.ENTRY_READ_REFLECTION]
)
def test_a_draft_is_its_authors_alone(action):
    drafts = {name for name in allowed(POLICY[action]) if name.startswith("draft:")}
    assert drafts == {"draft:owner"}


def test_what_is_for_the_supervisor_is_for_nobody_else():
    kept = {name for name in allowed(POLICY[Action.EVIDENCE_VIEW]) if "for-the-supervisor:" in name}
    assert {name.partition(":")[2] for name in kept} == {"owner", "its-supervisor"}


@pytest.mark.parametrize("action", [Action.PERSON_CODE, Action.PERSON_EDIT, Action.GRANT_CHANGE])
def test_nobody_takes_over_an_account_that_may_more(action):
    """A code, an address or a role given to somebody is a way into their account."""
    got = allowed(POLICY[action])
    for situation in ("of-a-programme-admin", "of-an-admin-elsewhere"):
        then = {name for name in got if name.startswith(f"{situation}:")}
        assert {name.removeprefix(f"{situation}:") for name in then} <= {
            name for name in PEOPLE if "programme-admin" in name
        }
    assert "of-a-trainer:trainer-here" not in got
    assert "of-an-admin-here:trainer-here" not in got


@pytest.mark.parametrize(
    "action", [Action.DOSSIER_SCORE, Action.DOSSIER_SIGN_LIGHT, Action.DOSSIER_DELIBERATE]
)
def test_admins_never_score_or_judge(action):
    assert not [name for name in allowed(POLICY[action]) if "admin" in name.rpartition(":")[2]]


def test_whoever_may_act_may_see():
    """Otherwise the answer would be 404 to somebody who may act."""
    for act, view in {
        Action.ENTRY_DECIDE: Action.ENTRY_VIEW,
        Action.ENTRY_REVOKE: Action.ENTRY_VIEW,
        Action.ENTRY_EDIT: Action.ENTRY_VIEW,
        Action.OBSERVATION_EDIT: Action.OBSERVATION_VIEW,
        Action.OBSERVATION_COUNTERSIGN: Action.OBSERVATION_VIEW,
        Action.DOSSIER_SCORE: Action.DOSSIER_VIEW,
        Action.DOSSIER_DELIBERATE: Action.DOSSIER_VIEW,
        Action.DOSSIER_ADMIT: Action.DOSSIER_VIEW,
        Action.DOSSIER_ASSIGN: Action.DOSSIER_VIEW,
        Action.DOSSIER_RELEASE: Action.DOSSIER_VIEW,
        Action.CERTIFICATE_REVOKE: Action.CERTIFICATE_VIEW,
        Action.COHORT_EDIT: Action.COHORT_VIEW,
        Action.PERSON_EDIT: Action.PERSON_VIEW,
        Action.PERSON_CODE: Action.PERSON_VIEW,
    }.items():
        acting = {name for name in allowed(POLICY[act]) if not name.startswith("draft:")}
        assert acting <= allowed(POLICY[view]), act


# --- nothing can be left out ---


def test_every_word_of_the_table_counts():
    """Leave out any predicate of any row, or a row of one, and somebody's rights change."""
    fail_with(
        [
            f"{what} makes no difference: take it out, or give the people of matrix.py the case"
            for what, action, rows in mutants(POLICY)
            if allowed(rows) == allowed(POLICY[action])
        ]
    )


def test_the_search_for_mutants_looks_everywhere():
    count = sum(len(row) for rows in POLICY.values() for row in rows)
    assert len(list(mutants(POLICY))) == count > 100


# --- actors ---


def test_an_actors_rights():
    cohort = "018f0000-0000-7000-8000-000000000001"
    who = Actor(
        grants=frozenset(
            {
                Grant(Role.TRAINER, Scope.COHORT, cohort),
                Grant(Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN"),
                Grant(Role.AUDITOR, Scope.ALL),
            }
        )
    )
    assert who.has(Role.TRAINER)
    assert not who.has(Role.TRAINEE)
    assert [str(key) for key in who.cohorts(Role.TRAINER)] == [cohort]
    assert who.cohorts(Role.SUPERVISOR) == frozenset()
    assert who.countries == {"SN"}
    assert who.within(Role.COUNTRY_ADMIN, Scope.COHORT) == frozenset()
    assert who.sees_everything
    assert not who.is_authenticated
    assert not PUBLIC.sees_everything


def test_every_role_has_its_scopes():
    assert set(SCOPES) == set(Role)
    assert all(SCOPES.values())
    assert "policy" in ROOMS
