"""What a supervisor or an administrator does with one entry."""

from typing import Any

from flask_babel import gettext as _

from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.labels import label
from lms.fieldwork.entries import queue as queues
from lms.fieldwork.entries import service
from lms.fieldwork.entries.forms import DecideForm, ReasonForm
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.routes.entries import entry_page
from lms.fieldwork.rules import EntryEvent
from lms.fieldwork.service import find_entry
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.post("/practice/entries/<uuid:entry_id>/decide")
@guard(Action.ENTRY_DECIDE, view=Action.ENTRY_VIEW, entry=find_entry)
def decide_entry(entry: PracticumEntry) -> Any:
    """Approve, ask for more, or reject; then on to the next that waits."""
    form = DecideForm()
    if not form.validate_on_submit():
        return entry_page(entry, form), 422
    key = entry.id
    beside = queues.neighbours(db.session, current_actor(), entry)
    try:
        with writing() as session:
            found = session.get_one(PracticumEntry, key)
            service.decide(
                session,
                current_actor(),
                found,
                form.seen_version,
                _decision(form),
                form.comment.data or "",
                now(),
            )
    except Refusal as refusal:
        found = db.session.get_one(PracticumEntry, key)
        is_late = isinstance(refusal, Stale) or refusal.code == "illegal_transition"
        form.refuse(refusal, form.comment if refusal.code == "reason_needed" else None)
        form.version.data = str(found.revision)
        return entry_page(found, form), 409 if is_late else 422
    web.say(
        _("%(who)s: %(state)s.", who=entry.enrolment.person.name, state=label(entry.state).lower())
    )
    following = beside.next or beside.previous
    if following is not None:
        return see_other("fieldwork.entry", entry_id=following)
    return see_other("fieldwork.queue")


def _decision(form: DecideForm) -> EntryEvent:
    try:
        return EntryEvent(form.decision.data or "")
    except ValueError:
        raise Refusal("not_a_decision") from None


@bp.post("/practice/entries/<uuid:entry_id>/revoke")
@guard(Action.ENTRY_REVOKE, view=Action.ENTRY_VIEW, entry=find_entry)
def revoke_entry(entry: PracticumEntry) -> Any:
    """Take an approval back."""
    form = ReasonForm()
    blank = DecideForm(formdata=None, data={"version": str(entry.revision)})
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
