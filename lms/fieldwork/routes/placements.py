"""Placements: proposed by trainees, agreed and supervised through the administration."""

from typing import Any
from uuid import UUID

from flask import abort, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.service import find_cohort, find_enrolment
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.fieldwork.entries.forms import ReasonForm
from lms.fieldwork.models import Placement
from lms.fieldwork.placements import service
from lms.fieldwork.placements.forms import AssignForm, PlacementForm
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.rules import PLACEMENT_TRANSITIONS, PlacementEvent
from lms.fieldwork.service import find_placement
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/practice/<uuid:enrolment_id>/placements/new")
@guard(Action.PLACEMENT_PROPOSE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def new_placement(enrolment: Enrolment) -> str:
    """A blank proposal, for the cohort's dates."""
    cohort = enrolment.cohort
    form = PlacementForm(data={"starts_on": cohort.starts_on, "ends_on": cohort.ends_on})
    return _page(form, enrolment, None)


@bp.post("/practice/<uuid:enrolment_id>/placements/new")
@guard(Action.PLACEMENT_PROPOSE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def propose_placement(enrolment: Enrolment) -> Any:
    """Propose where to practise."""
    form = PlacementForm()
    if not form.validate_on_submit():
        return _page(form, enrolment, None), 422
    try:
        with writing() as session:
            placement = service.propose(
                session, current_actor(), enrolment, form.new_id, form.content(), now()
            )
            key = placement.id
    except Refusal as refusal:
        form.refuse(refusal, form.ends_on if "dates" in refusal.code else None)
        return _page(form, enrolment, None), 422
    web.say(_("The placement is proposed; the administration agrees to it and names a supervisor."))
    return see_other("fieldwork.placement", placement_id=key)


@bp.get("/practice/placements/<uuid:placement_id>")
@guard(Action.PRACTICE_VIEW, placement=find_placement)
def placement(placement: Placement) -> str:
    """Where, with whom, agreed or not."""
    return _show(placement, ReasonForm(formdata=None))


def _show(placement: Placement, reason: ReasonForm) -> str:
    may_edit = can(Action.PLACEMENT_EDIT, placement)
    events = [
        event
        for event in PlacementEvent
        if may_edit and (placement.state, event) in PLACEMENT_TRANSITIONS
    ]
    return render_template(
        "fieldwork/placement.html",
        placement=placement,
        enrolment=placement.enrolment,
        events=events,
        cancel=PlacementEvent.CANCEL,
        may_edit=may_edit and placement.state not in service.OVER,
        reason=reason,
        form=reason,
    )


@bp.get("/practice/placements/<uuid:placement_id>/edit")
@guard(Action.PLACEMENT_EDIT, view=Action.PRACTICE_VIEW, placement=find_placement)
def edit_placement(placement: Placement) -> str:
    """The form, filled in."""
    form = PlacementForm(obj=placement, data={"version": str(placement.revision)})
    return _page(form, placement.enrolment, placement)


@bp.post("/practice/placements/<uuid:placement_id>/edit")
@guard(Action.PLACEMENT_EDIT, view=Action.PRACTICE_VIEW, placement=find_placement)
def save_placement(placement: Placement) -> Any:
    """Keep the changes."""
    form = PlacementForm()
    if not form.validate_on_submit():
        return _page(form, placement.enrolment, placement), 422
    key = placement.id
    try:
        with writing() as session:
            service.edit(
                session, current_actor(), placement, form.seen_version, form.content(), now()
            )
    except Refusal as refusal:
        found = db.session.get_one(Placement, key)
        form.refuse(refusal, form.ends_on if "dates" in refusal.code else None)
        form.version.data = str(found.revision)
        return _page(form, found.enrolment, found), 409 if isinstance(refusal, Stale) else 422
    web.say(_("Saved."))
    return see_other("fieldwork.placement", placement_id=key)


def _page(form: PlacementForm, enrolment: Enrolment, placement: Placement | None) -> str:
    return render_template(
        "fieldwork/placement_form.html",
        form=form,
        enrolment=enrolment,
        placement=placement,
        own=current_actor().person_id == enrolment.person_id,
    )


@bp.post("/practice/placements/<uuid:placement_id>/<event>")
@guard(Action.PLACEMENT_EDIT, view=Action.PRACTICE_VIEW, placement=find_placement)
def change_placement(placement: Placement, event: str) -> Any:
    """Agree, start, end or cancel."""
    try:
        happening = PlacementEvent(event)
    except ValueError:
        abort(404)
    form = ReasonForm()
    if happening is PlacementEvent.CANCEL and not form.validate_on_submit():
        return _show(placement, form), 422
    key = placement.id
    with writing() as session:
        service.change(
            session, current_actor(), placement, happening, form.reason.data or "", now()
        )
    web.say(_("Saved."))
    return see_other("fieldwork.placement", placement_id=key)


# --- a cohort's placements, and their supervisors ---


@bp.get("/practice/cohorts/<uuid:cohort_id>/placements")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=find_cohort)
def cohort_placements(cohort: Cohort) -> str:
    """Who practises where, with which supervisor; and who has no placement yet."""
    return _overview(cohort, AssignForm(formdata=None))


@bp.post("/practice/cohorts/<uuid:cohort_id>/placements")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=find_cohort)
def assign_supervisor(cohort: Cohort) -> Any:
    """Name the supervisor of all that was chosen."""
    form = AssignForm()
    placements, _without = service.roster(db.session, cohort)
    _choices(form, placements, service.supervisors(db.session, cohort.id))
    is_valid = form.validate_on_submit()
    if is_valid and not form.placements.data:
        form.placements.errors = [_("Choose at least one placement.")]
    if form.errors:
        return _overview(cohort, form), 422
    key, chosen = cohort.id, [UUID(each) for each in form.placements.data or ()]
    try:
        with writing() as session:
            supervisor = session.get_one(Person, UUID(form.supervisor.data))
            number = service.assign_supervisor(
                session, current_actor(), cohort, chosen, supervisor, now()
            )
            name = supervisor.name
    except Refusal as refusal:
        form.refuse(refusal)
        return _overview(db.session.get_one(Cohort, key), form), 422
    web.say(
        ngettext(
            "%(name)s now supervises %(num)d more placement.",
            "%(name)s now supervises %(num)d more placements.",
            number,
            name=name,
        )
    )
    return see_other("fieldwork.cohort_placements", cohort_id=key)


def _choices(form: AssignForm, placements: list[Placement], people: list[Person]) -> None:
    form.placements.choices = [(str(each.id), each.enrolment.person.name) for each in placements]
    form.supervisor.choices = [
        ("", lazy_gettext("Choose…")),
        *((str(person.id), person.name) for person in people),
    ]


def _overview(cohort: Cohort, form: AssignForm) -> str:
    placements, without = service.roster(db.session, cohort)
    supervisors = service.supervisors(db.session, cohort.id)
    _choices(form, placements, supervisors)
    return render_template(
        "fieldwork/cohort_placements.html",
        form=form,
        cohort=cohort,
        placements=placements,
        without=without,
        supervisors=supervisors,
    )
