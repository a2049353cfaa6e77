"""What a supervisor or an administrator does with one entry."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from uuid_utils.compat import uuid7

from lms.core import web
from lms.core.db import AnySession, db
from lms.core.errors import Refusal
from lms.core.labels import label
from lms.fieldwork.entries import service
from lms.fieldwork.entries.forms import ReasonForm
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.queue import bulk, claims, comments
from lms.fieldwork.queue import service as queues
from lms.fieldwork.queue.forms import DecideForm, decide_form
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.routes.desk import read_filter
from lms.fieldwork.routes.entries import entry_page
from lms.fieldwork.rules import EntryEvent
from lms.fieldwork.service import find_entry
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.post("/practice/entries/<uuid:entry_id>/decide")
@guard(Action.ENTRY_DECIDE, view=Action.ENTRY_VIEW, entry=find_entry)
def decide_entry(entry: PracticumEntry) -> Any:
    """Approve, ask for more, or reject; then on to the next that waits."""
    form = decide_form(entry, typed=True)
    if request.form.get("insert"):
        return entry_page(entry, _with_words(form, request.form["insert"]))
    if not form.validate_on_submit():
        return entry_page(entry, form), 422
    key, asked = entry.id, read_filter()
    beside = queues.neighbours(db.session, current_actor(), entry, asked, now())
    try:
        with writing() as session:
            batch = _decide(session, session.get_one(PracticumEntry, key), form)
    except Refusal as refusal:
        return _again(db.session.get_one(PracticumEntry, key), form, refusal)
    web.say(
        _("%(who)s: %(state)s.", who=entry.enrolment.person.name, state=label(entry.state).lower()),
        undo_url=url_for("fieldwork.undo_approvals", batch_id=batch.key) if batch else "",
    )
    following = beside.next or beside.previous
    if following is not None:
        return see_other("fieldwork.entry", entry_id=following, **asked.query)
    return see_other("fieldwork.queue", **asked.query)


def _decide(session: AnySession, entry: PracticumEntry, form: DecideForm) -> bulk.Batch | None:
    """Decide, and keep the words if asked to; gives what can be undone."""
    actor, words, event = current_actor(), form.comment.data or "", _decision(form)
    is_approval = event is EntryEvent.APPROVE
    service.decide(
        session, actor, entry, form.seen_version, event, words, now(), tell=not is_approval
    )
    if form.keep.data:
        language = entry.enrolment.person.language
        comments.keep(session, actor, UUID(str(uuid7())), language, words[:2000], now())
    return bulk.tell_later(session, actor, [entry], now()) if is_approval else None


def _again(entry: PracticumEntry, form: DecideForm, refusal: Refusal) -> Any:
    """The page once more, with what was typed and what has changed since."""
    seen = form.seen_number
    form.refuse(refusal, form.comment if refusal.code == "reason_needed" else None)
    form.version.data, form.seen.data = str(entry.revision), str(entry.version)
    return entry_page(entry, form, seen_number=seen), refusal.status


def _with_words(form: DecideForm, text: str) -> DecideForm:
    """The form with a kept comment added to what was typed."""
    try:
        found = comments.find_comment(db.session, UUID(text))
    except ValueError:
        found = None
    if found is not None and can(Action.COMMENT_EDIT, found):
        form.comment.data = "\n".join(filter(None, [form.comment.data, found.text]))
    return form


def _decision(form: DecideForm) -> EntryEvent:
    try:
        return EntryEvent(form.decision.data or "")
    except ValueError:
        raise Refusal("not_a_decision") from None


@bp.post("/practice/entries/<uuid:entry_id>/claim")
@guard(Action.ENTRY_DECIDE, view=Action.ENTRY_VIEW, entry=find_entry)
def claim_entry(entry: PracticumEntry) -> Any:
    """Take it from the queue for a while, or take it over."""
    key = entry.id
    take_over = request.form.get("take_over") == "yes"
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        claims.claim(session, current_actor(), found, now(), take_over=take_over)
    return _claimed(key)


@bp.post("/practice/entries/<uuid:entry_id>/release")
@guard(Action.ENTRY_DECIDE, view=Action.ENTRY_VIEW, entry=find_entry)
def release_entry(entry: PracticumEntry) -> Any:
    """Leave it to others again."""
    key = entry.id
    with writing() as session:
        claims.release(session, current_actor(), session.get_one(PracticumEntry, key))
    return _claimed(key)


def _claimed(key: UUID) -> Any:
    if web.wants_json() or request.form.get("quiet"):
        return "", 204
    return see_other("fieldwork.entry", entry_id=key, **read_filter().query)


@bp.post("/practice/entries/<uuid:entry_id>/revoke")
@guard(Action.ENTRY_REVOKE, view=Action.ENTRY_VIEW, entry=find_entry)
def revoke_entry(entry: PracticumEntry) -> Any:
    """Take an approval back."""
    form = ReasonForm()
    blank = decide_form(entry)
    if not form.validate_on_submit():
        return entry_page(entry, blank, form), 422
    key = entry.id
    try:
        with writing() as session:
            found = session.get_one(PracticumEntry, key)
            reason = form.reason.data or ""
            service.revoke(session, current_actor(), found, form.seen_version, reason, now())
    except Refusal as refusal:
        found = db.session.get_one(PracticumEntry, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return entry_page(found, blank, form), 409
    web.say(_("The approval is taken back; its minutes no longer count."), "warn")
    return see_other("fieldwork.entry", entry_id=key)
