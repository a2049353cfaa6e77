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
from lms.fieldwork.entries.rules import waiting_days
from lms.fieldwork.entries.service import total_minutes
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.queue import bulk
from lms.fieldwork.queue import service as queues
from lms.fieldwork.queue.forms import BulkForm
from lms.fieldwork.queue.rules import BULK_LIMIT, ESCALATE_AFTER, held_by_other
from lms.fieldwork.queue.service import OPEN, TABS, QueueFilter
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.routes.desk import read_filter
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


@bp.get("/practice/queue")
@guard(Action.PRACTICE_QUEUE)
def queue() -> str:
    """What waits for me, the oldest first; and what I decided."""
    asked = read_filter()
    actor, session, moment = current_actor(), db.session, now()
    is_open = asked.state in OPEN
    page = paginate(
        session,
        queues.entries(actor, asked, moment),
        PracticumEntry.id,
        PracticumEntry.submitted_at if is_open else PracticumEntry.decided_at,
        read_sort=read_instant,
        newest_first=not is_open,
    )
    cohorts = queues.cohorts_of(session, actor)
    waits = {
        entry.id: waiting_days(entry.submitted_at, moment, entry.enrolment.cohort.time_zone)
        for entry in page.rows
        if entry.submitted_at is not None
    }
    titles = Titles()
    for cohort in {each.release_id: each for each in cohorts}.values():
        titles.update(words_of(session, cohort).types)
    sizes = queues.sizes(session, actor)
    trainee = next((e.enrolment for e in page.rows if e.enrolment_id == asked.enrolment_id), None)
    return render_template(
        "fieldwork/queue/list.html",
        page=page,
        asked=asked,
        trainee=trainee,
        cohorts=cohorts,
        titles=titles,
        waits=waits,
        usual=queues.usual(session, actor),
        batch=bulk.last_batch(session, actor, moment),
        claimed={e.id for e in page.rows if held_by_other(e, actor.person_id, moment)},
        late_after=ESCALATE_AFTER.days,
        waits_for_me=sizes[EntryState.SUBMITTED],
        cohort_options=[(str(cohort.id), cohort.name) for cohort in cohorts],
        shelves=[
            (
                label(state),
                url_for("fieldwork.queue", state=state.value),
                state is asked.state,
                sizes.get(state),
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
        batch, left = bulk.approve_many(session, current_actor(), chosen, now())
    if batch is not None:
        web.say(
            ngettext("%(num)d entry is approved.", "%(num)d entries are approved.", batch.number),
            undo_url=url_for("fieldwork.undo_approvals", batch_id=batch.key),
        )
    if left:
        web.say(
            ngettext(
                "%(num)d entry was left alone: it had changed in the meantime.",
                "%(num)d entries were left alone: they had changed in the meantime.",
                left,
            ),
            "warn",
        )
    return see_other("fieldwork.queue", **read_filter().query)


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
    entries = db.session.scalars(
        queues.entries(current_actor(), QueueFilter(), now())
        .where(PracticumEntry.id.in_(chosen))
        .order_by(PracticumEntry.submitted_at, PracticumEntry.id)
    ).all()
    titles = Titles()
    for entry in {each.enrolment.cohort.release_id: each for each in entries}.values():
        titles.update(words_of(db.session, entry.enrolment.cohort).types)
    return render_template(
        "fieldwork/queue/approve.html",
        form=form,
        query=read_filter().query,
        entries=entries,
        chosen=chosen,
        titles=titles,
        minutes=total_minutes(entries),
        left=len(chosen) - len(entries),
    )


@bp.post("/practice/queue/undo/<uuid:batch_id>")
@guard(Action.PRACTICE_QUEUE)
def undo_approvals(batch_id: UUID) -> Any:
    """Take back what was approved a moment ago."""
    with writing() as session:
        undone, left = bulk.undo(session, current_actor(), batch_id, now())
    if undone:
        web.say(ngettext("%(num)d entry waits again.", "%(num)d entries wait again.", undone))
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
