"""A supervisor's queue, and approving many at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import ngettext

from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.labels import label
from lms.core.paging import paginate
from lms.fieldwork.entries import queue as queues
from lms.fieldwork.entries import service
from lms.fieldwork.entries.forms import BulkForm
from lms.fieldwork.entries.queue import BULK_LIMIT, TABS, QueueFilter
from lms.fieldwork.entries.rules import LATE_AFTER_DAYS, waiting_days
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.rules import EntryState
from lms.fieldwork.words import Titles, words_of
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


def read_instant(text: str) -> datetime:
    """An instant from an address. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _asked() -> QueueFilter:
    args = request.args
    try:
        cohort_id = UUID(args.get("cohort", ""))
    except ValueError:
        cohort_id = None
    states = {state.value: state for state in TABS}
    return QueueFilter(
        state=states.get(args.get("state", ""), EntryState.SUBMITTED),
        cohort_id=cohort_id,
        type=kind if (kind := args.get("type", "")[:64]).isprintable() else "",
        words=args.get("q", "")[:100],
    )


@bp.get("/practice/queue")
@guard(Action.PRACTICE_QUEUE)
def queue() -> str:
    """What waits for me, the oldest first; and what I decided."""
    asked = _asked()
    actor, session = current_actor(), db.session
    is_open = asked.state in {EntryState.SUBMITTED, EntryState.NEEDS_INFO}
    page = paginate(
        session,
        queues.entries(actor, asked),
        PracticumEntry.id,
        PracticumEntry.submitted_at if is_open else PracticumEntry.decided_at,
        read_sort=read_instant,
        newest_first=not is_open,
    )
    cohorts = queues.cohorts_of(session, actor)
    waits = {
        entry.id: waiting_days(entry.submitted_at, now(), entry.enrolment.cohort.time_zone)
        for entry in page.rows
        if entry.submitted_at is not None
    }
    titles = Titles()
    for cohort in {each.release_id: each for each in cohorts}.values():
        titles.update(words_of(session, cohort).types)
    sizes = queues.sizes(session, actor)
    return render_template(
        "fieldwork/queue.html",
        page=page,
        asked=asked,
        cohorts=cohorts,
        titles=titles,
        waits=waits,
        late_after=LATE_AFTER_DAYS,
        waits_for_me=sizes[EntryState.SUBMITTED],
        cohort_options=[(str(cohort.id), cohort.name) for cohort in cohorts],
        shelves=[
            (
                label(state),
                url_for("fieldwork.queue", state=state.value),
                state is asked.state,
                sizes[state] if state in {EntryState.SUBMITTED, EntryState.NEEDS_INFO} else None,
            )
            for state in TABS
        ],
    )


@bp.post("/practice/queue/approve")
@guard(Action.PRACTICE_QUEUE)
def approve_many() -> Any:
    """Show what was chosen, with its count; when confirmed, approve it."""
    form = BulkForm()
    chosen = _chosen()
    if not chosen or not form.validate_on_submit():
        raise Refusal("nothing_chosen")
    if not form.confirmed.data:
        return _check(form, chosen)
    with writing() as session:
        approved, left = service.approve_many(session, current_actor(), chosen, now())
        number = len(approved)
    if number:
        web.say(ngettext("%(num)d entry is approved.", "%(num)d entries are approved.", number))
    if left:
        web.say(
            ngettext(
                "%(num)d entry was left alone: it had changed in the meantime.",
                "%(num)d entries were left alone: they had changed in the meantime.",
                left,
            ),
            "warn",
        )
    return see_other("fieldwork.queue")


def _chosen() -> dict[UUID, int]:
    found = {}
    for text in request.form.getlist("entry")[:BULK_LIMIT]:
        key, _colon, revision = text.partition(":")
        try:
            found[UUID(key)] = int(revision[:9])
        except ValueError:
            continue
    return found


def _check(form: BulkForm, chosen: dict[UUID, int]) -> str:
    asked = QueueFilter()
    entries = db.session.scalars(
        queues.entries(current_actor(), asked)
        .where(PracticumEntry.id.in_(chosen))
        .order_by(PracticumEntry.submitted_at, PracticumEntry.id)
    ).all()
    titles = Titles()
    for entry in {each.enrolment.cohort.release_id: each for each in entries}.values():
        titles.update(words_of(db.session, entry.enrolment.cohort).types)
    return render_template(
        "fieldwork/approve_many.html",
        form=form,
        entries=entries,
        chosen=chosen,
        titles=titles,
        minutes=service.total_minutes(entries),
        left=len(chosen) - len(entries),
    )
