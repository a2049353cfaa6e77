"""The only code that changes a state: by an event that the lifecycle's table allows."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)
Transitions = Mapping[tuple[State, Event], State]


class Stateful(Protocol):
    """A record with a lifecycle."""

    id: Any
    state: Any

    @property
    def audit_label(self) -> str:
        """Short name for the trail."""


def target(transitions: Transitions[State, Event], state: State, event: Event) -> State:
    """The state that `event` leads to. Raises Late("illegal_transition")."""
    try:
        return transitions[state, event]
    except KeyError:
        raise Late("illegal_transition", state=state, event=event) from None


def advance(
    session: AnySession,
    actor: audit.Author,
    subject: Stateful,
    event: Event,
    transitions: Transitions[State, Event],
    *,
    now: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Apply `event` to `subject` and write the audit row. Raises Refusal for an illegal pair."""
    before = subject.state
    after = target(transitions, before, event)
    subject.state = after
    kind = type(subject).__name__.lower()
    audit.record(
        session,
        actor,
        f"{kind}.{event.value}",
        subject,
        now=now,
        before=before.value,
        after=after.value,
        reason=reason,
        details=details,
    )
