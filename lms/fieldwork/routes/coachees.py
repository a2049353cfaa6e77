"""People coached: a trainee's list of pseudonyms."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.fieldwork.coachees import service
from lms.fieldwork.coachees.forms import CoacheeForm
from lms.fieldwork.coachees.rules import suggestion
from lms.fieldwork.coachees.service import Use, find_coachee
from lms.fieldwork.models import Coachee
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.words import words_of
from lms.policy.actions import Action
from lms.policy.guard import guard, writing


@bp.get("/practice/<uuid:enrolment_id>/people")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def people_coached(enrolment: Enrolment) -> str:
    """The list, and a line to add to it."""
    return _page(_form(enrolment), enrolment)


@bp.post("/practice/<uuid:enrolment_id>/people")
@guard(Action.ENTRY_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def add_coachee(enrolment: Enrolment) -> Any:
    """Note a pseudonym; what looks like a name is asked about once."""
    form = _form(enrolment)
    if not form.validate_on_submit():
        return _page(form, enrolment), 422
    key = enrolment.id
    try:
        with writing() as session:
            made = service.add(
                session,
                enrolment,
                form.new_id,
                form.pseudonym.data or "",
                form.category.data or "",
                now(),
                insist=form.insist.data,
            )
            name = made.pseudonym
    except Refusal as refusal:
        form.refuse(refusal, form.pseudonym)
        return _page(form, enrolment, asks=refusal.code == "coachee_name"), 422
    web.say(_("“%(name)s” is in your list.", name=name))
    return see_other("fieldwork.people_coached", enrolment_id=key)


def _form(enrolment: Enrolment) -> CoacheeForm:
    form = CoacheeForm()
    form.category.choices = [
        ("", _("Not said")),
        *words_of(db.session, enrolment.cohort).actors.choices,
    ]
    return form


def _page(form: CoacheeForm, enrolment: Enrolment, *, asks: bool = False) -> str:
    people = service.of_enrolment(db.session, enrolment.id)
    used = service.uses(db.session, enrolment.id)
    return render_template(
        "fieldwork/entries/people.html",
        form=form,
        enrolment=enrolment,
        asks=asks,
        people=[(each, used.get(str(each.id), Use())) for each in people],
        words=words_of(db.session, enrolment.cohort),
        suggestion=suggestion(each.pseudonym for each in people),
    )


@bp.post("/practice/coachees/<uuid:coachee_id>/archive")
@guard(Action.COACHEE_EDIT, coachee=find_coachee)
def archive_coachee(coachee: Coachee) -> Any:
    """Offer it no more."""
    key = coachee.enrolment_id
    with writing() as session:
        service.archive(session, session.get_one(Coachee, coachee.id), now())
    web.say(_("No longer offered in new entries. Where it stands, it stays."))
    return see_other("fieldwork.people_coached", enrolment_id=key)


@bp.post("/practice/coachees/<uuid:coachee_id>/restore")
@guard(Action.COACHEE_EDIT, coachee=find_coachee)
def restore_coachee(coachee: Coachee) -> Any:
    """Offer it again."""
    key = coachee.enrolment_id
    with writing() as session:
        service.restore(session, session.get_one(Coachee, coachee.id))
    web.say(_("Offered again in new entries."))
    return see_other("fieldwork.people_coached", enrolment_id=key)
