"""Naming who judges a case; each person's word that nothing ties them to it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from lms.assessment import service
from lms.assessment.forms import ActForm, AssignForm, ReasonForm
from lms.assessment.models import Dossier
from lms.assessment.routes.area import bp, refused, to_dossier
from lms.assessment.routes.dossier import places_free, show
from lms.assessment.rules.segregation import is_from_elsewhere, trained_recently
from lms.assessment.rules.states import CaseRole
from lms.assessment.service.counting import local_date
from lms.assessment.service.pool import Member, candidate_of
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/assessment/dossiers/<uuid:dossier_id>/assign")
@guard(Action.DOSSIER_ASSIGN, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def assign(dossier: Dossier) -> Any:
    """The pool: who may be named for what, and why the others may not."""
    form = AssignForm(None)
    form.version.data = str(dossier.version)
    return _page(dossier, form, 200)


def _page(dossier: Dossier, form: AssignForm, status: int, **forms: Any) -> Any:
    now = clock.now()
    members = service.pool(db.session, dossier, now)
    today, candidate = local_date(now, dossier.enrolment), candidate_of(dossier)
    places = places_free(dossier)
    lists = {role: _sorted(members, role, dossier, now) for role in places}
    page = render_template(
        "assessment/assign.html",
        dossier=dossier,
        form=form,
        places=places,
        lists=lists,
        chosen=_chosen(form),
        elsewhere={k for k, m in members.items() if is_from_elsewhere(m.judge, candidate)},
        trained={k for k, m in members.items() if trained_recently(m.judge, today)},
        take_off=forms.get("take_off") or ReasonForm(None, prefix="off"),
    )
    return page, status


def _sorted(
    members: Mapping[UUID, Member], role: CaseRole, dossier: Dossier, now: Any
) -> tuple[list[Any], list[Any]]:
    """For one place: who may be named, and who may not with the reasons."""
    today, candidate = local_date(now, dossier.enrolment), candidate_of(dossier)
    free, bound = [], []
    for member in members.values():
        if member.judge.holds is role:
            continue
        why = member.why_not(role, candidate, dossier, today)
        if why:
            bound.append((member.person, why))
        else:
            free.append(member.person)
    return free, bound


def _chosen(form: AssignForm) -> set[str]:
    """Role and key of everybody ticked, to tick them again: `juror:<key>`."""
    try:
        places = form.places()
    except ValueError:
        return set()
    return {f"{role.value}:{key}" for role, keys in places.items() for key in keys}


@bp.post("/assessment/dossiers/<uuid:dossier_id>/assign")
@guard(Action.DOSSIER_ASSIGN, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def name_people(dossier: Dossier) -> Any:
    """Name people to the case."""
    form, status = AssignForm(), 422
    if form.validate_on_submit():
        try:
            with writing() as session:
                service.assign(
                    session,
                    current_actor(),
                    dossier,
                    _places(form),
                    form.seen_version,
                    clock.now(),
                )
        except Refusal as refusal:
            status = refused(form, refusal, dossier.version)
        else:
            web.say(_("Named. Each of them now declares whether anything ties them to the case."))
            return to_dossier(dossier)
    return _page(dossier, form, status)


def _places(form: AssignForm) -> dict[CaseRole, list[UUID]]:
    try:
        return form.places()
    except ValueError:
        raise Refusal("not_in_pool") from None


@bp.post("/assessment/dossiers/<uuid:dossier_id>/assign/<uuid:person_id>/take-off")
@guard(Action.DOSSIER_ASSIGN, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def take_off(dossier: Dossier, person_id: UUID) -> Any:
    """Relieve somebody of the case."""
    form, status = ReasonForm(prefix="off"), 422
    if form.validate_on_submit():
        reason = form.reason.data or ""
        try:
            with writing() as session:
                service.take_off(session, current_actor(), dossier, person_id, reason, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            web.say(_("Done. Somebody else can be named now."))
            return redirect(url_for("assessment.assign", dossier_id=dossier.id), 303)
    blank = AssignForm(None)
    blank.version.data = str(dossier.version)
    return _page(dossier, blank, status, take_off=form)


@bp.post("/assessment/dossiers/<uuid:dossier_id>/declare")
@guard(Action.DOSSIER_DECLARE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def declare(dossier: Dossier) -> Any:
    """Declare to have no conflict of interest."""
    form, status = ActForm(prefix="declare"), 422
    if form.validate_on_submit():
        try:
            with writing() as session:
                service.declare(session, current_actor(), dossier, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            web.say(_("Thank you. The case is open to you now."))
            return to_dossier(dossier)
    return show(dossier, status, declare=form)


@bp.post("/assessment/dossiers/<uuid:dossier_id>/stand-down")
@guard(Action.DOSSIER_DECLARE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def stand_down(dossier: Dossier) -> Any:
    """Leave the case, saying why."""
    form, status = ReasonForm(prefix="leave"), 422
    if form.validate_on_submit():
        reason = form.reason.data or ""
        try:
            with writing() as session:
                service.stand_down(session, current_actor(), dossier, reason, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            web.say(_("You have stood down from the case. Thank you for saying so."))
            return redirect(url_for("assessment.index"), 303)
    return show(dossier, status, leave=form)
