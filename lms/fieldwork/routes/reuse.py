"""Templates of entries: kept from one, begun from, thrown away."""

from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.fieldwork.entries import templates
from lms.fieldwork.entries.forms import TemplateForm
from lms.fieldwork.entries.templates import find_template
from lms.fieldwork.models import EntryTemplate, PracticumEntry
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.service import find_entry
from lms.fieldwork.words import words_of
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/practice/<uuid:enrolment_id>/templates")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def entry_templates(enrolment: Enrolment) -> str:
    """One's templates, to begin from or to throw away."""
    return render_template(
        "fieldwork/entries/templates.html",
        enrolment=enrolment,
        templates=templates.of_person(db.session, enrolment.person_id),
        words=words_of(db.session, enrolment.cohort),
    )


@bp.get("/practice/entries/<uuid:entry_id>/template")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def new_template(entry: PracticumEntry) -> str:
    """Under which name to keep it."""
    name = words_of(db.session, entry.enrolment.cohort).types[entry.type]
    return _page(TemplateForm(formdata=None, data={"name": name}), entry)


@bp.post("/practice/entries/<uuid:entry_id>/template")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def keep_template(entry: PracticumEntry) -> Any:
    """Keep the entry's fields as a template."""
    form = TemplateForm()
    if not form.validate_on_submit():
        return _page(form, entry), 422
    key, name = entry.enrolment_id, form.name.data or ""
    try:
        with writing() as session:
            found = session.get_one(PracticumEntry, entry.id)
            templates.keep(session, current_actor(), found, name, now())
    except Refusal as refusal:
        form.refuse(refusal, form.name)
        return _page(form, entry), 422
    web.say(_("Kept as the template “%(name)s”.", name=name))
    return see_other("fieldwork.entry_templates", enrolment_id=key)


def _page(form: TemplateForm, entry: PracticumEntry) -> str:
    return render_template("fieldwork/entries/template_form.html", form=form, entry=entry)


@bp.post("/practice/templates/<uuid:template_id>/delete")
@guard(Action.TEMPLATE_EDIT, template=find_template)
def delete_template(template: EntryTemplate) -> Any:
    """Throw a template away."""
    with writing() as session:
        templates.remove(session, session.get_one(EntryTemplate, template.id))
    web.say(_("The template is deleted. Entries begun from it stay as they are."))
    try:
        back = UUID(request.form.get("enrolment", ""))
    except ValueError:
        return see_other("fieldwork.index")
    return see_other("fieldwork.entry_templates", enrolment_id=back)
