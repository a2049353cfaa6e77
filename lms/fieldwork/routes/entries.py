"""An entry: its page, writing it, handing it in, and its author's other acts."""

from io import BytesIO
from typing import Any

from flask import render_template, request, send_file
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.db import AnySession, db
from lms.core.errors import Refusal, Stale
from lms.core.files import Upload
from lms.fieldwork.entries import queue as queues
from lms.fieldwork.entries import service
from lms.fieldwork.entries.forms import DecideForm, EntryForm, ReasonForm, entry_form
from lms.fieldwork.entries.rules import EDITABLE, LATE_AFTER_DAYS, local_date, waiting_days
from lms.fieldwork.models import Evidence, PracticumEntry
from lms.fieldwork.routes.blueprint import bp, files, has_files, now, see_other
from lms.fieldwork.rules import EntryEvent, EntryState
from lms.fieldwork.service import find_entry, find_evidence
from lms.fieldwork.words import words_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/practice/<uuid:enrolment_id>/entries/new")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def new_entry(enrolment: Enrolment) -> str:
    """A blank entry."""
    placements = service.placements_of(db.session, enrolment)
    form = entry_form(
        words_of(db.session, enrolment.cohort),
        placements,
        local_date(now(), enrolment.cohort.time_zone),
    )
    return _page(form, enrolment, None)


@bp.post("/practice/<uuid:enrolment_id>/entries/new")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def create_entry(enrolment: Enrolment) -> Any:
    """Keep a new entry as a draft, and hand it in if asked to."""
    form = entry_form(
        words_of(db.session, enrolment.cohort), service.placements_of(db.session, enrolment)
    )
    uploads = _checked(form)
    if uploads is None:
        return _page(form, enrolment, None), 422
    try:
        with writing() as session:
            entry = service.write_entry(
                session,
                current_actor(),
                enrolment,
                form.new_id,
                form.content(),
                form.reflection.data or "",
                uploads,
                files(),
                now(),
            )
            key = entry.id
            handed_in = entry.state not in EDITABLE or _hand_in(session, entry, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, enrolment, None), 422
    return _answer(key, form, handed_in=handed_in)


@bp.get("/practice/entries/<uuid:entry_id>/edit")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def edit_entry(entry: PracticumEntry) -> Any:
    """An entry being written, sent back, or amended."""
    if entry.state not in EDITABLE:
        raise Refusal("illegal_transition", state=entry.state)
    return _page(_form_of(entry), entry.enrolment, entry)


@bp.post("/practice/entries/<uuid:entry_id>/edit")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def save_entry(entry: PracticumEntry) -> Any:
    """Keep the changes, and hand them in if asked to."""
    form = _form_of(entry)
    uploads = _checked(form)
    if uploads is None:
        return _page(form, entry.enrolment, entry), 422
    key = entry.id
    try:
        with writing() as session:
            entry = session.get_one(PracticumEntry, key)
            service.edit_entry(
                session,
                current_actor(),
                entry,
                form.seen_version,
                form.content(),
                form.reflection.data or "",
                uploads,
                form.removed_ids(),
                files(),
                now(),
            )
            handed_in = _hand_in(session, entry, form)
    except Stale as stale:
        entry = db.session.get_one(PracticumEntry, key)
        if entry.state not in EDITABLE:
            raise Refusal("illegal_transition", state=entry.state) from stale
        form.refuse(stale)
        form.version.data = str(entry.revision)
        return _page(form, entry.enrolment, entry, stale=True), 409
    except Refusal as refusal:
        form.refuse(refusal)
        late = refusal.code == "illegal_transition"
        return _page(form, entry.enrolment, entry), 409 if late else 422
    return _answer(key, form, handed_in=handed_in)


def _form_of(entry: PracticumEntry) -> EntryForm:
    cohort = entry.enrolment.cohort
    placements = service.placements_of(db.session, entry.enrolment)
    return entry_form(words_of(db.session, cohort), placements, entry=entry)


def _checked(form: EntryForm) -> list[Upload] | None:
    """The uploads when all that was typed can be kept; None when the form must be shown again."""
    is_valid = form.validate_on_submit()
    try:
        uploads = form.uploads()
    except Refusal as refusal:
        form.refuse(refusal, form.files)
        return None
    return uploads if is_valid else None


def _wants_in() -> bool:
    return request.form.get("action") == "submit"


def _hand_in(session: AnySession, entry: PracticumEntry, form: EntryForm) -> bool:
    """Hand in if asked to; what stands in the way is shown, and the draft is kept."""
    if not _wants_in():
        return False
    faults = service.standing_faults(session, entry, now())
    form.show_faults(faults)
    if faults:
        return False
    try:
        service.submit(session, current_actor(), entry, now())
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def _answer(key: Any, form: EntryForm, *, handed_in: bool) -> Any:
    entry = db.session.get_one(PracticumEntry, key)
    if _wants_in() and not handed_in:
        # what was typed is a draft now: the form goes on from there, its files are safe
        form.version.data = str(entry.revision)
        form.removed.choices = [(str(each.id), each.file.name) for each in entry.evidence]
        form.removed.data = []
        return _page(form, entry.enrolment, entry, kept=True), 422
    if handed_in:
        web.say(_("Handed in: your supervisor has been given the entry."))
    else:
        web.say(_("The draft is kept."))
    return see_other("fieldwork.entry", entry_id=key)


def _page(
    form: EntryForm,
    enrolment: Enrolment,
    entry: PracticumEntry | None,
    *,
    stale: bool = False,
    kept: bool = False,
) -> str:
    return render_template(
        "fieldwork/entry_form.html",
        form=form,
        enrolment=enrolment,
        entry=entry,
        stale=stale,
        kept=kept,
        files_lost=bool(form.errors) and not kept and has_files(form),
        today=local_date(now(), enrolment.cohort.time_zone),
    )


# --- the page of an entry ---


@bp.get("/practice/entries/<uuid:entry_id>")
@guard(Action.ENTRY_VIEW, entry=find_entry)
def entry(entry: PracticumEntry) -> str:
    """What an entry says, where it stands, and what may be done with it."""
    return entry_page(entry, DecideForm(data={"version": str(entry.revision)}))


def entry_page(entry: PracticumEntry, decide: DecideForm, reason: ReasonForm | None = None) -> str:
    """The page with the form that is being filled in."""
    cohort = entry.enrolment.cohort
    decides = entry.state is EntryState.SUBMITTED and can(Action.ENTRY_DECIDE, entry)
    waits = None
    if entry.state is EntryState.SUBMITTED and entry.submitted_at is not None:
        waits = waiting_days(entry.submitted_at, now(), cohort.time_zone)
    versions = service.versions_of(db.session, entry)
    return render_template(
        "fieldwork/entry.html",
        entry=entry,
        enrolment=entry.enrolment,
        cohort=cohort,
        words=words_of(db.session, cohort),
        versions=versions,
        deciders=service.names_of(db.session, versions),
        decide=decide if decides else None,
        reason=reason or ReasonForm(data={"version": str(entry.revision)}, formdata=None),
        form=decide if decide.errors else reason,
        events=EntryEvent,
        neighbours=queues.neighbours(db.session, current_actor(), entry) if decides else None,
        own=can(Action.ENTRY_EDIT, entry),
        may_edit=entry.state in EDITABLE and can(Action.ENTRY_EDIT, entry),
        may_revoke=entry.state is EntryState.APPROVED and can(Action.ENTRY_REVOKE, entry),
        sees_reflection=can(Action.ENTRY_READ_REFLECTION, entry),
        waits=waits,
        late=waits is not None and waits >= LATE_AFTER_DAYS,
    )


# --- its author's other acts ---


@bp.post("/practice/entries/<uuid:entry_id>/withdraw")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def withdraw_entry(entry: PracticumEntry) -> Any:
    """Take back what was handed in."""
    key = entry.id
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        service.withdraw(session, current_actor(), found, now())
    web.say(_("The entry is withdrawn."))
    return see_other("fieldwork.entry", entry_id=key)


@bp.post("/practice/entries/<uuid:entry_id>/delete")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def delete_entry(entry: PracticumEntry) -> Any:
    """Throw a draft away."""
    key, enrolment_id = entry.id, entry.enrolment_id
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        service.delete(session, current_actor(), found, now())
    web.say(_("The draft is deleted."))
    return see_other("fieldwork.logbook", enrolment_id=enrolment_id)


@bp.post("/practice/entries/<uuid:entry_id>/amend")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def amend_entry(entry: PracticumEntry) -> Any:
    """Open an approved entry again."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return entry_page(entry, _blank(entry), form), 422
    key = entry.id
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        service.amend(session, current_actor(), found, form.reason.data or "", now())
    web.say(_("The entry is open again. It counts once it has been approved anew."), "warn")
    return see_other("fieldwork.edit_entry", entry_id=key)


def _blank(entry: PracticumEntry) -> DecideForm:
    return DecideForm(formdata=None, data={"version": str(entry.revision)})


# --- evidence ---


@bp.get("/practice/evidence/<uuid:evidence_id>")
@guard(Action.EVIDENCE_VIEW, evidence=find_evidence)
def evidence(evidence: Evidence) -> Any:
    """A file, to be kept, never run."""
    data = files().get(evidence.file.sha256)
    response = send_file(
        BytesIO(data),
        mimetype=evidence.file.media_type,
        as_attachment=True,
        download_name=evidence.file.name,
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
