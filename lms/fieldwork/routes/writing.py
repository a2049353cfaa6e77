"""Writing an entry: blank, from a template or an earlier one; kept as a draft, handed in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from uuid_utils.compat import uuid7

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.db import AnySession, db
from lms.core.errors import Late, Refusal, Stale
from lms.core.sending import files
from lms.curriculum.rules import ActivityType
from lms.fieldwork.coachees import service as coachees
from lms.fieldwork.coachees.rules import MET_ALONE, suggestion
from lms.fieldwork.entries import service, templates
from lms.fieldwork.entries.forms import EntryForm, entry_form
from lms.fieldwork.entries.rules import EDITABLE, EntryContent, local_date
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.service import find_entry
from lms.fieldwork.words import release_of, words_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/practice/<uuid:enrolment_id>/entries/new")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def new_entry(enrolment: Enrolment) -> str:
    """A blank entry, or one begun from a template (`?template=`) or an earlier one (`?copy=`)."""
    today = local_date(now(), enrolment.cohort.time_zone)
    return _page(_form(enrolment, today=today, start=_start()), enrolment, None)


@bp.post("/practice/<uuid:enrolment_id>/entries/new")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def create_entry(enrolment: Enrolment) -> Any:
    """Keep a new entry as a draft, and hand it in if asked to."""
    form = _form(enrolment)
    uploads = form.checked_uploads()
    if uploads is None:
        return _page(form, enrolment, None), 422
    try:
        with writing() as session:
            entry = service.write_entry(
                session,
                current_actor(),
                enrolment,
                form.new_id,
                _content(session, enrolment, form),
                form.reflection.data or "",
                uploads,
                files(),
                now(),
                access=form.chosen_access,
            )
            key = entry.id
            handed_in = entry.state not in EDITABLE or _hand_in(session, entry, form)
    except Refusal as refusal:
        _refuse(form, refusal)
        return _page(form, enrolment, None), 422
    return _answer(key, form, handed_in=handed_in)


@bp.get("/practice/entries/<uuid:entry_id>/edit")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def edit_entry(entry: PracticumEntry) -> Any:
    """An entry being written, sent back, or amended."""
    if entry.state not in EDITABLE:
        raise Late("illegal_transition", state=entry.state)
    return _page(_form(entry.enrolment, entry), entry.enrolment, entry)


@bp.post("/practice/entries/<uuid:entry_id>/edit")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def save_entry(entry: PracticumEntry) -> Any:
    """Keep the changes, and hand them in if asked to."""
    form = _form(entry.enrolment, entry)
    uploads = form.checked_uploads()
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
                _content(session, entry.enrolment, form),
                form.reflection.data or "",
                uploads,
                form.removed_ids(),
                files(),
                now(),
                form.chosen_access,
            )
            handed_in = _hand_in(session, entry, form)
    except Stale as stale:
        entry = db.session.get_one(PracticumEntry, key)
        if entry.state not in EDITABLE:
            raise Late("illegal_transition", state=entry.state) from stale
        form.refuse(stale)
        form.version.data = str(entry.revision)
        return _page(form, entry.enrolment, entry, stale=True), 409
    except Refusal as refusal:
        _refuse(form, refusal)
        return _page(form, entry.enrolment, entry), refusal.status
    return _answer(key, form, handed_in=handed_in)


def _form(enrolment: Enrolment, entry: PracticumEntry | None = None, **given: Any) -> EntryForm:
    return entry_form(
        words_of(db.session, enrolment.cohort),
        service.placements_of(db.session, enrolment),
        entry=entry,
        people=coachees.of_enrolment(db.session, enrolment.id),
        **given,
    )


def _types(enrolment: Enrolment) -> Sequence[ActivityType]:
    return release_of(db.session, enrolment.cohort).practicum.types


def _start() -> dict[str, Any] | None:
    """What to begin from: one's own template, or one's own entry, whichever the address names."""
    template = _named("template", templates.find_template)
    if template is not None and can(Action.TEMPLATE_EDIT, template):
        return dict(template.content)
    entry = _named("copy", find_entry)
    if entry is not None and can(Action.ENTRY_EDIT, entry):
        return service.document_of(entry)
    return None


def _named(name: str, find: Any) -> Any:
    try:
        return find(db.session, UUID(request.args.get(name, "")))
    except ValueError:
        return None


def _content(session: AnySession, enrolment: Enrolment, form: EntryForm) -> EntryContent:
    """What was typed; a pseudonym that is new joins the trainee's list."""
    content, pseudonym = form.content(), form.new_coachee.data
    if not pseudonym:
        return content
    made = coachees.add(session, enrolment, UUID(str(uuid7())), pseudonym, "", now())
    people = dict.fromkeys((*content.coachees, str(made.id)))
    return replace(content, coachees=tuple(people))


def _refuse(form: EntryForm, refusal: Refusal) -> None:
    form.refuse(refusal, form.new_coachee if refusal.code.startswith("coachee_") else None)


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
        people = coachees.of_enrolment(db.session, entry.enrolment_id)
        form.coachees.choices = [(str(each.id), each.pseudonym) for each in people]
        form.coachees.data, form.new_coachee.data = list(entry.coachees), ""
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
    mine = templates.of_person(db.session, current_actor().person_id) if entry is None else []
    taken = [each.pseudonym for each in coachees.of_enrolment(db.session, enrolment.id)]
    return render_template(
        "fieldwork/entry_form.html",
        form=form,
        enrolment=enrolment,
        entry=entry,
        stale=stale,
        kept=kept,
        templates=mine,
        suggestion=suggestion(taken),
        alone=[each.id for each in _types(enrolment) if each.counts_as in MET_ALONE],
        files_lost=bool(form.errors) and not kept and form.brought_files,
        today=local_date(now(), enrolment.cohort.time_zone),
    )
