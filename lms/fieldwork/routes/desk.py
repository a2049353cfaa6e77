"""What stands beside an entry for whoever decides on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request

from lms.core.db import db
from lms.fieldwork.models import PracticumEntry, ReusableComment
from lms.fieldwork.queue import bulk, changes, comments
from lms.fieldwork.queue import service as queues
from lms.fieldwork.queue.bulk import Batch
from lms.fieldwork.queue.changes import Change
from lms.fieldwork.queue.rules import held_by_other
from lms.fieldwork.queue.service import TABS, Neighbours, QueueFilter
from lms.fieldwork.routes.blueprint import now
from lms.fieldwork.rules import EntryState
from lms.fieldwork.words import words_of
from lms.policy.guard import current_actor


@dataclass(frozen=True)
class Desk:
    """The way on through the queue, words to use again, and who else looks at it."""

    neighbours: Neighbours
    query: dict[str, str]
    comments: Sequence[ReusableComment]
    batch: Batch | None
    in_place_of: str
    """Name of the supervisor who is away, or ''."""
    claimed_by: str
    """Name of somebody else who is looking at it, or ''."""
    claimed_until: datetime | None
    is_mine: bool
    changes: Sequence[Change]


def desk_of(entry: PracticumEntry, seen_number: int | None = None) -> Desk:
    """Everything that helps to decide; `seen_number` is the version read, if another came since."""
    actor, session, asked = current_actor(), db.session, read_filter()
    other = held_by_other(entry, actor.person_id, now())
    away = entry.supervisor_id != actor.person_id and entry.supervisor is not None
    words = words_of(session, entry.enrolment.cohort)
    return Desk(
        neighbours=queues.neighbours(session, actor, entry, asked, now()),
        query=asked.query,
        comments=comments.of_person(session, actor, entry.enrolment.person.language),
        batch=bulk.last_batch(session, actor, now()),
        in_place_of=entry.supervisor.name if away and entry.supervisor else "",
        claimed_by=entry.claimed_by.name if other and entry.claimed_by else "",
        claimed_until=entry.claimed_until,
        is_mine=entry.claimed_by_id == actor.person_id and not other,
        changes=changes.since(session, entry, seen_number, words) if seen_number else (),
    )


def read_filter() -> QueueFilter:
    """What the address asks to see of the queue; nonsense asks for nothing."""
    args = request.args
    states = {state.value: state for state in TABS}
    return QueueFilter(
        state=states.get(args.get("state", ""), EntryState.SUBMITTED),
        cohort_id=_key(args.get("cohort", "")),
        enrolment_id=_key(args.get("trainee", "")),
        type=kind if (kind := args.get("type", "")[:64]).isprintable() else "",
        words=args.get("q", "")[:100],
        is_confirmed=args.get("confirmed") == "1",
        is_late=args.get("late") == "1",
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
