"""Asking the table."""

from typing import Any

from lms.policy.actions import Action
from lms.policy.actor import Actor
from lms.policy.predicates import anyone
from lms.policy.table import POLICY


def permits(actor: Actor, action: Action, obj: Any = None) -> bool:
    """Whether `actor` may do `action` to `obj`. Denied unless a row of the table allows it."""
    return any(
        bool(row) and all(predicate(actor, obj) for predicate in row)
        for row in POLICY.get(action, [])
    )


def open_to_all(action: Action) -> bool:
    """Whether nobody has to be anybody for it."""
    return [anyone] in POLICY.get(action, [])
