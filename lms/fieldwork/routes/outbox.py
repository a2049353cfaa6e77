"""The outbox: what waits on the device, what has arrived, and choices between two versions."""

from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _

from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import current_language
from lms.core.sending import files
from lms.fieldwork.entries import service as entries
from lms.fieldwork.models import Observation, PracticumEntry, SyncedItem
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.routes.filing import file_outbox
from lms.fieldwork.routes.sync import is_ours, read_json
from lms.fieldwork.rules import SyncKind
from lms.fieldwork.sync import comparing, service
from lms.fieldwork.sync.comparing import Line
from lms.fieldwork.sync.forms import OutboxFileForm, SettleForm
from lms.fieldwork.sync.rules import MAX_FILE_ITEMS, Unreadable, read_batch
from lms.fieldwork.words import release_of, rubric_of, words_of
from lms.policy.actions import Action
from lms.policy.actor import Role
from lms.policy.guard import current_actor, guard, writing

MAX_FILE = 10 * 1024 * 1024


@bp.get("/practice/outbox")
@guard(Action.PRACTICE_SYNC)
def outbox() -> str:
    """What waits here, and what has arrived."""
    return _page(OutboxFileForm(formdata=None))


def _page(form: OutboxFileForm, results: list[dict[str, Any]] | None = None) -> str:
    actor = current_actor()
    return render_template(
        "fieldwork/offline/outbox.html",
        form=form,
        results=results,
        conflicts=db.session.scalars(service.open_conflicts(actor)).all(),
        received=service.latest(db.session, actor),
        kinds=SyncKind,
        observes=actor.has(Role.TRAINER),
        notes=actor.has(Role.TRAINEE),
    )


@bp.post("/practice/outbox")
@guard(Action.PRACTICE_SYNC)
def hand_in_file() -> Any:
    """The last resort: a file that the device has saved is handed in by hand."""
    form = OutboxFileForm()
    sent = request.files.get("file")
    body = read_json(sent.read(MAX_FILE + 1)[:MAX_FILE]) if sent else None
    batch = read_batch(body, MAX_FILE_ITEMS)
    code = "" if batch is not None else "sync_file"
    if batch is not None and not is_ours(body):
        code = "sync_file_of_another"
    if not form.validate_on_submit() or batch is None or code:
        form.refuse(Refusal(code or "not_possible"), form.file)
        return _page(form), 422
    results = file_outbox(batch)
    return _page(OutboxFileForm(formdata=None), results)


# --- two versions ---


@bp.get("/practice/outbox/<uuid:item_id>")
@guard(Action.PRACTICE_SETTLE, item=service.find_item)
def versions(item: SyncedItem) -> str:
    """Both versions side by side."""
    return _compare(item, SettleForm(formdata=None))


@bp.post("/practice/outbox/<uuid:item_id>")
@guard(Action.PRACTICE_SETTLE, item=service.find_item)
def settle(item: SyncedItem) -> Any:
    """Keep the first version, or let the second take its place."""
    form = SettleForm()
    choice = form.choice.data
    if not form.validate_on_submit() or choice not in {"first", "second"}:
        return _compare(item, form), 422
    key: UUID = item.id
    try:
        with writing() as session:
            found = session.get_one(SyncedItem, key)
            actor = current_actor()
            service.settle(session, actor, found, files(), now(), take=choice == "second")
    except Unreadable as unreadable:
        fault = unreadable.faults[0]
        form.refuse(Refusal(fault.code, **fault.params))
        return _compare(db.session.get_one(SyncedItem, key), form), 422
    except Refusal as refusal:
        form.refuse(refusal)
        return _compare(db.session.get_one(SyncedItem, key), form), 409
    web.say(_("Your choice is kept."))
    return see_other("fieldwork.outbox")


def _compare(item: SyncedItem, form: SettleForm) -> str:
    record = service.first_version(db.session, item)
    return render_template(
        "fieldwork/offline/versions.html",
        item=item,
        form=form,
        record=record,
        lines=_lines(item, record),
        open=item.settled_at is None and record is not None,
        may_take=service.still_open(record),
        kinds=SyncKind,
    )


def _lines(item: SyncedItem, record: PracticumEntry | Observation | None) -> list[Line]:
    if record is None:
        return []
    words = words_of(db.session, record.enrolment.cohort)
    try:
        if isinstance(record, PracticumEntry):
            placements = entries.placements_of(db.session, record.enrolment)
            first = entries.content_of(record)
            second = service.second_entry(db.session, item, record.enrolment)
            return comparing.entry_lines(first, second, words, placements)
        release = release_of(db.session, record.enrolment.cohort)
        indicators = {
            each.id: release.text(each.text, current_language())
            for criterion in rubric_of(db.session, record.enrolment.cohort).criteria
            for each in criterion.indicators
        }
        observed = service.second_observation(db.session, item, record.enrolment)
        return comparing.observation_lines(record, observed, words, indicators)
    except Unreadable:
        return []
