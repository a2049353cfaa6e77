"""The quick note, and what a phone keeps to write down notes and observations without network."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.cohorts.service import enrolments_of, find_enrolment
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.sending import files
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import local_date
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.sync.forms import NoteForm, note_form
from lms.fieldwork.words import words_of
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/practice/note")
@guard(Action.HOME)
def note_for_me() -> Any:
    """The note of whoever is enrolled somewhere; the beginning of practice for others."""
    person_id = current_actor().person_id
    mine = enrolments_of(db.session, person_id) if person_id else []
    open_ones = [one for one in mine if one.state is EnrolmentState.ENROLLED]
    if len(open_ones) == 1:
        return redirect(url_for("fieldwork.note", enrolment_id=open_ones[0].id))
    return redirect(url_for("fieldwork.index"))


@bp.get("/practice/<uuid:enrolment_id>/note")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def note(enrolment: Enrolment) -> str:
    """A blank note."""
    return _page(_form(enrolment), enrolment)


@bp.post("/practice/<uuid:enrolment_id>/note")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def write_note(enrolment: Enrolment) -> Any:
    """Keep it as a draft; what is missing is completed in the evening."""
    form = _form(enrolment)
    uploads = None
    if form.validate_on_submit():
        try:
            uploads = form.uploads()
        except Refusal as refusal:
            form.refuse(refusal, form.photos)
    if uploads is None:
        return _page(form, enrolment), 422
    actor, content = current_actor(), form.content()
    try:
        with writing() as session:
            entry = entries.write_entry(
                session, actor, enrolment, form.new_id, content, "", uploads, files(), now()
            )
            key = entry.id
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, enrolment), 422
    web.say(_("Noted. It waits as a draft: complete it this evening, then hand it in."))
    return see_other("fieldwork.entry", entry_id=key)


def _form(enrolment: Enrolment) -> NoteForm:
    return note_form(
        words_of(db.session, enrolment.cohort),
        entries.placements_of(db.session, enrolment),
        local_date(now(), enrolment.cohort.time_zone),
    )


def _page(form: NoteForm, enrolment: Enrolment) -> str:
    lost = any(form.photos.data or ()) if request.method == "POST" else False
    return render_template(
        "fieldwork/offline/note.html",
        form=form,
        enrolment=enrolment,
        today=local_date(now(), enrolment.cohort.time_zone),
        files_lost=lost,
    )
