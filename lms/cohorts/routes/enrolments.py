"""One person's enrolment: where it stands, pausing, resuming, leaving, moving, completing."""

from typing import Any
from uuid import UUID

from flask import abort, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from lms.cohorts import enrolling, service
from lms.cohorts.forms import ChangeForm
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.routes.blueprint import bp, now, programme_title, see_other
from lms.cohorts.rules import ENROLMENT_TRANSITIONS, EnrolmentEvent, enrolment_events_from
from lms.core import web
from lms.core.db import db
from lms.core.errors import Late, Refusal
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/cohorts/enrolments/<uuid:enrolment_id>")
@guard(Action.ENROLMENT_VIEW, enrolment=service.find_enrolment)
def enrolment(enrolment: Enrolment) -> str:
    """Who, where, since when; and the ways to their work."""
    may_change = can(Action.ENROLMENT_CHANGE, enrolment)
    return render_template(
        "cohorts/enrolment.html",
        enrolment=enrolment,
        cohort=enrolment.cohort,
        programme=programme_title(db.session, enrolment.cohort),
        events=enrolment_events_from(enrolment.state) if may_change else (),
    )


def _event(enrolment: Enrolment, name: str) -> EnrolmentEvent:
    try:
        event = EnrolmentEvent(name)
    except ValueError:
        abort(404)
    if (enrolment.state, event) not in ENROLMENT_TRANSITIONS:
        raise Late("illegal_transition", state=enrolment.state)
    return event


def _page(form: ChangeForm, enrolment: Enrolment, event: EnrolmentEvent) -> str:
    is_transfer = event is EnrolmentEvent.TRANSFER
    if is_transfer:
        targets = enrolling.transfer_targets(db.session, enrolment)
        form.target.choices = [
            ("", lazy_gettext("Choose…")),
            *((str(cohort.id), cohort.name) for cohort in targets),
        ]
    return render_template(
        "cohorts/enrolment_change.html",
        form=form,
        enrolment=enrolment,
        event=event,
        is_transfer=is_transfer,
        after=ENROLMENT_TRANSITIONS[enrolment.state, event],
    )


@bp.get("/cohorts/enrolments/<uuid:enrolment_id>/change/<event>")
@guard(Action.ENROLMENT_CHANGE, view=Action.ENROLMENT_VIEW, enrolment=service.find_enrolment)
def ask_enrolment_change(enrolment: Enrolment, event: str) -> str:
    """What would happen; why?"""
    return _page(ChangeForm(), enrolment, _event(enrolment, event))


@bp.post("/cohorts/enrolments/<uuid:enrolment_id>/change/<event>")
@guard(Action.ENROLMENT_CHANGE, view=Action.ENROLMENT_VIEW, enrolment=service.find_enrolment)
def change_enrolment(enrolment: Enrolment, event: str) -> Any:
    """Change where the enrolment stands."""
    form, happening = ChangeForm(), _event(enrolment, event)
    if not form.validate_on_submit():
        return _page(form, enrolment, happening), 422
    key, actor, reason = enrolment.id, current_actor(), form.reason.data or ""
    try:
        with writing() as session:
            if happening is EnrolmentEvent.TRANSFER:
                target = _target(form.target.data or "")
                moved = enrolling.transfer(session, actor, enrolment, target, reason, now())
                key = moved.id
            else:
                enrolling.change(session, actor, enrolment, happening, reason, now())
    except Refusal as refusal:
        form.refuse(refusal)
        found = db.session.get_one(Enrolment, key)
        return _page(form, found, _event(found, event)), 422
    web.say(_("Saved."))
    return see_other("cohorts.enrolment", enrolment_id=key)


def _target(text: str) -> Cohort:
    try:
        target = service.find_cohort(db.session, UUID(text))
    except ValueError:
        target = None
    if target is None:
        raise Refusal("transfer_needs_cohort")
    return target
