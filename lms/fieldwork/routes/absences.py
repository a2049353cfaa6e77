"""Who is away, and who stands in."""

from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _

from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.fieldwork.models import Absence
from lms.fieldwork.queue import absences as service
from lms.fieldwork.queue.forms import AbsenceForm, absence_form
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


def _form() -> AbsenceForm:
    actor = current_actor()
    away = service.may_be_away(db.session, actor)
    colleagues = service.colleagues(db.session, actor, away)
    own = [str(person.id) for person in away if person.id == actor.person_id]
    chosen = own[0] if own and len(away) == 1 else ""
    return absence_form(away, colleagues, supervisor=chosen)


def _page(form: AbsenceForm) -> str:
    actor = current_actor()
    found = service.current(db.session, actor, now().date())
    may_end = {each.id for each in found if can(Action.ABSENCE_END, each)}
    return render_template(
        "fieldwork/queue/absences.html",
        form=form,
        absences=found,
        may_end=may_end,
        today=now().date(),
        alone=len(form.supervisor.choices or ()) == 2 and bool(form.supervisor.data),
    )


@bp.get("/practice/absences")
@guard(Action.ABSENCE_LIST)
def absences() -> str:
    """What is noted for me and mine, and a form for another."""
    return _page(_form())


@bp.post("/practice/absences")
@guard(Action.ABSENCE_LIST)
def plan_absence() -> Any:
    """Note an absence; who stands in is told."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with writing() as session:
            absence = service.plan(
                session,
                current_actor(),
                form.new_id,
                session.get_one(Person, UUID(form.supervisor.data)),
                session.get_one(Person, UUID(form.stand_in.data)),
                form.starts_on.day,
                form.ends_on.day,
                form.reason.data or "",
                now(),
            )
            name = absence.stand_in.name
    except Refusal as refusal:
        fields = {"absence_dates_reversed": form.ends_on, "absence_over": form.ends_on}
        field = form.stand_in if refusal.code.startswith("stand_in") else None
        form.refuse(refusal, fields.get(refusal.code, field))
        return _page(form), 422
    web.say(_("Noted. %(name)s has been told.", name=name))
    return see_other("fieldwork.absences")


@bp.post("/practice/absences/<uuid:absence_id>/end")
@guard(Action.ABSENCE_END, view=Action.ABSENCE_VIEW, absence=service.find_absence)
def end_absence(absence: Absence) -> Any:
    """Back sooner."""
    key = absence.id
    with writing() as session:
        service.end(session, current_actor(), session.get_one(Absence, key), now())
    web.say(_("The absence is over; nobody stands in any more."))
    return see_other("fieldwork.absences")
