"""The policy against the hand-written expectation, on every seeded record.

`seeded/expected.py` is written from the design and not from `lms.policy.table`. Where the two
differ, one of them is wrong. Afterwards the policy is damaged in every way, one piece at a time,
and each damage must show.
"""

from collections.abc import Iterator

import pytest

from lms.policy import permits as asking
from lms.policy.actions import Action
from lms.policy.predicates import anyone
from lms.policy.table import POLICY
from tests.policy.seeded.expected import ROWS
from tests.policy.seeded.world import World

once = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
"""What asks the policy alone needs no second database."""


def differences(world: World, action: Action) -> Iterator[str]:
    for who, thing, expected in world.questions(action):
        try:
            given = asking.permits(who.actor, action, thing.obj)
        except AttributeError as error:
            yield f"{action}: {who.name}, {thing}: {error}"
            continue
        if given != expected:
            yield f"{action}: {who.name}, {thing}: the policy says {given}, the table {expected}"


def test_every_action_has_a_row_here_and_there():
    assert set(ROWS) == set(Action), "add the new action to TABLE, from the design"
    assert set(POLICY) == set(Action)
    assert all(rows and all(rows) for rows in POLICY.values()), "an empty row"


@once
def test_every_row_of_the_table_is_asked_both_ways(world):
    """A row that nobody, or everybody, passes proves nothing; those of the public excepted."""
    for action, (_, words) in ROWS.items():
        answers = {expected for _, _, expected in world.questions(action)}
        assert answers == ({True} if words == "anyone" else {True, False}), action


@once
def test_policy_says_what_the_table_says(world):
    wrong = [text for action in Action for text in differences(world, action)]
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong[:40]])


def mutants() -> Iterator[tuple[str, Action, list]]:
    """The policy with one piece missing, or one door open."""
    for action, rows in POLICY.items():
        for number, row in enumerate(rows):
            others = [*rows[:number], *rows[number + 1 :]]
            yield f"{action}: row {number} removed", action, others
            if row != [anyone]:
                yield f"{action}: row {number} open to anyone", action, [*others, [anyone]]
            for place, predicate in enumerate(row):
                rest = [*row[:place], *row[place + 1 :]]
                if rest:
                    name = f"{action}: row {number} without {predicate.__name__}"
                    yield name, action, [*others, rest]


@once
def test_every_damage_to_the_policy_is_noticed(world, monkeypatch):
    unnoticed = []
    for name, action, damaged in mutants():
        with monkeypatch.context() as patch:
            patch.setattr(asking, "POLICY", POLICY | {action: damaged})
            if next(differences(world, action), None) is None:
                unnoticed.append(name)
    assert not unnoticed, "\n".join(unnoticed)


@once
def test_who_may_act_may_see(seeded_app, world):
    """A form that is refused is shown again, with the record: acting must imply seeing."""
    guards = {view.__guard__ for view in seeded_app.view_functions.values() if _guarded(view)}
    wrong = []
    for action, view in {(guard.action, guard.view) for guard in guards if guard.view}:
        for kind in ROWS[action][0]:
            if kind not in ROWS[view][0]:
                continue
            for thing in world.sample[kind]:
                for who in world.people:
                    acts = asking.permits(who.actor, action, thing.obj)
                    if acts and not asking.permits(who.actor, view, thing.obj):
                        wrong.append(f"{who.name} may {action} but not {view}: {thing}")
    assert not wrong, "\n".join(wrong[:20])


def _guarded(view) -> bool:
    return hasattr(view, "__guard__")


@once
def test_auditors_and_partners_change_nothing(world):
    reading = {
        "view",
        "list",
        "read",
        "queue",
        "progress",
        "trace",
        "verify",
        "hold",
        "practice",
        "take",
        "results",
    }
    own = {Action.ACCOUNT, Action.SESSION_END, Action.SIGN_IN, Action.DEMO_SWITCH}
    quiet = own | {Action.REPORT_DOUBT, Action.PRACTICE_CONFIRM, Action.PRACTICE_SYNC}
    # by a signed link, about the person whom the link names
    quiet |= {Action.DISCUSSION_MAIL}
    quiet |= {a for a in Action if a.value.partition(":")[2].split("-")[0] in reading}
    for name in ("auditor", "partner"):
        who = next(w for w in world.people if w.name == name)
        for action in set(Action) - quiet:
            done = [str(t) for w, t, yes in world.questions(action) if w is who and yes]
            assert not done, f"{name} may {action}: {done[:3]}"
