"""Taking an entry from the queue for a while, so that nobody else spends time on it."""

from datetime import datetime

from lms.core.db import AnySession
from lms.core.errors import Late, Refusal
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.queue.rules import CLAIM_FOR, held_by_other
from lms.fieldwork.rules import EntryState
from lms.policy.actor import Actor


def claim(
    session: AnySession,
    actor: Actor,
    entry: PracticumEntry,
    now: datetime,
    *,
    take_over: bool = False,
) -> None:
    """Show others that the actor is looking at it; again, for another while.

    Raises Late("entry_claimed") when somebody else is, unless it is taken over from them.
    """
    if entry.state is not EntryState.SUBMITTED:
        raise Late("illegal_transition", state=entry.state)
    if held_by_other(entry, actor.person_id, now) and not take_over:
        raise claimed(entry)
    entry.claimed_by_id, entry.claimed_until = actor.person_id, now + CLAIM_FOR
    session.flush()


def release(session: AnySession, actor: Actor, entry: PracticumEntry) -> None:
    """Leave it to others again; what somebody else has taken stays theirs."""
    if entry.claimed_by_id == actor.person_id:
        entry.claimed_by_id = entry.claimed_until = None
        session.flush()


def claimed(entry: PracticumEntry) -> Refusal:
    """That somebody else is looking at it."""
    return Late("entry_claimed", name=entry.claimed_by.name if entry.claimed_by else "")
