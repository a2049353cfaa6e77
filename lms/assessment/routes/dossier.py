"""The list of cases, and one case as each role sees it."""

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from lms.assessment import service
from lms.assessment.forms import ActForm, ReasonForm
from lms.assessment.models import Assignment, Dossier
from lms.assessment.routes.area import bp, refused, to_dossier
from lms.assessment.rules import turns
from lms.assessment.rules.scoring import combined
from lms.assessment.rules.states import DECIDED, IN_HAND, DossierState, Outcome, Profile
from lms.assessment.service import cases, sheets
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.paging import paginate
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing

# The list --------------------------------------------------------------------------------------


@bp.get("/assessment")
@guard(Action.CASES_LIST)
def index() -> str:
    """What waits for me first, oldest first; then all cases that I may see."""
    actor, session = current_actor(), db.session
    search, now = _search(), clock.now()
    waiting = service.number_waiting(session, actor)
    view = request.args.get("view") or ("waiting" if waiting else "all")
    found = service.waiting_for(actor) if view == "waiting" else service.visible_to(actor)
    page = paginate(
        session,
        cases.narrowed(found, search),
        Dossier.id,
        Dossier.since,
        read_sort=datetime.fromisoformat,
        newest_first=view != "waiting",
    )
    return render_template(
        "assessment/index.html",
        page=page,
        view=view,
        waiting=waiting,
        search=search,
        searching=search != cases.Search(),
        states=list(DossierState),
        countries=cases.countries(session) if actor.sees_everything else [],
        titles=_titles(page.rows),
        places={dossier.id: dossier.assignment_of(actor.person_id) for dossier in page.rows},
        days={dossier.id: max(0, (now - dossier.since).days) for dossier in page.rows},
    )


def _search() -> cases.Search:
    state = request.args.get("state", "")
    return cases.Search(
        words=request.args.get("q", "")[:200],
        state=DossierState(state) if state in set(DossierState) else None,
        country=request.args.get("country", "")[:2],
    )


def _titles(dossiers: Any) -> dict[Any, Any]:
    """The programme's title of each dossier, from releases kept in memory."""
    return {one.id: sheets.programme_of(db.session, one).title for one in dossiers}


# One case --------------------------------------------------------------------------------------


@bp.get("/assessment/dossiers/<uuid:dossier_id>")
@guard(Action.DOSSIER_VIEW, dossier=service.find_dossier)
def dossier(dossier: Dossier) -> Any:
    """The way of the case, what it rests on, and what is to be done now."""
    return show(dossier)


def show(dossier: Dossier, status: int = 200, **forms: Any) -> Any:
    """The dossier's page; `forms` are those that were refused, by their name."""
    session, actor = db.session, current_actor()
    release = service.release_of(session, dossier)
    place = dossier.assignment_of(actor.person_id)
    undeclared = place is not None and place.declared_at is None
    own = dossier.person_id == actor.person_id
    read = [] if undeclared else service.readable(session, actor, dossier)
    may_judge = not own and not undeclared
    state = service.shown_state(actor, dossier)
    released = dossier.released_at is not None
    page = render_template(
        "assessment/dossier.html",
        dossier=dossier,
        state=state,
        steps=turns.steps(state, dossier.profile),
        release=release,
        programme=release.programmes[dossier.enrolment.cohort.programme],
        rubric=sheets.rubric_of(session, dossier),
        ledger=_ledger(dossier),
        place=place,
        undeclared=undeclared,
        own=own,
        sheets=read,
        levels=combined([sheets.marks(one) for one in read]),
        diverging=sheets.diverging(read),
        proposal=sheets.proposal(session, dossier, read),
        to_score=sheets.still_to_score(session, actor, dossier),
        deliberation=service.deliberation_of(session, dossier) if may_judge else None,
        sees_outcome=dossier.outcome is not None and (released or may_judge),
        award=service.award_of(session, dossier) if dossier.outcome is Outcome.CERTIFIED else None,
        turn=_turn(dossier, place),
        forms=_forms(dossier, forms),
    )
    return page, status


def _ledger(dossier: Dossier) -> Any:
    return None if dossier.state in IN_HAND else service.frozen_ledger(dossier)


def _turn(dossier: Dossier, place: Assignment | None) -> frozenset[str]:
    """What the person may do now, by the state of the case and the table."""
    acts = {
        "prepare": dossier.state in IN_HAND and can(Action.DOSSIER_SUBMIT, dossier),
        "withdraw": dossier.state in {DossierState.SUBMITTED, DossierState.ADMISSIBLE}
        and can(Action.DOSSIER_SUBMIT, dossier),
        "admit": dossier.state is DossierState.SUBMITTED and can(Action.DOSSIER_ADMIT, dossier),
        "assign": bool(places_free(dossier)) and can(Action.DOSSIER_ASSIGN, dossier),
        "sign": dossier.state is DossierState.CONCORDANT
        and dossier.profile is Profile.LIGHT
        and can(Action.DOSSIER_SIGN_LIGHT, dossier),
        "deliberate": dossier.state is DossierState.JURY
        and can(Action.DOSSIER_DELIBERATE, dossier),
        "release": dossier.state in DECIDED and can(Action.DOSSIER_RELEASE, dossier),
        "leave": place is not None and dossier.signed_at is None,
    }
    return frozenset(name for name, possible in acts.items() if possible)


def places_free(dossier: Dossier) -> Any:
    """How many people may be named now, by place."""
    roles = [assignment.role for assignment in dossier.active]
    return turns.open_places(dossier.state, dossier.profile, roles)


def _forms(dossier: Dossier, refused_forms: dict[str, Any]) -> dict[str, Any]:
    """The small forms of the page, each by its name; refused ones keep what was typed."""
    fresh: dict[str, Any] = {
        "admit": ActForm(None, prefix="admit"),
        "declare": ActForm(None, prefix="declare"),
        "withdraw": ReasonForm(None, prefix="withdraw"),
        "return": ReasonForm(None, prefix="return"),
        "leave": ReasonForm(None, prefix="leave"),
    }
    for form in fresh.values():
        form.version.data = str(dossier.version)
    return fresh | refused_forms


# Acts on the page itself -----------------------------------------------------------------------


@bp.post("/assessment/dossiers/<uuid:dossier_id>/withdraw")
@guard(Action.DOSSIER_SUBMIT, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def withdraw(dossier: Dossier) -> Any:
    """Take the dossier back."""
    form, status = ReasonForm(prefix="withdraw"), 422
    if form.validate_on_submit():
        reason, seen = form.reason.data or "", form.seen_version
        try:
            with writing() as session:
                service.withdraw(session, current_actor(), dossier, reason, seen, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal, dossier.version)
        else:
            web.say(_("You have taken your dossier back. You can hand it in again."))
            return to_dossier(dossier)
    return show(dossier, status, withdraw=form)


@bp.post("/assessment/dossiers/<uuid:dossier_id>/admit")
@guard(Action.DOSSIER_ADMIT, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def admit(dossier: Dossier) -> Any:
    """Find the dossier admissible."""
    form, status = ActForm(prefix="admit"), 422
    if form.validate_on_submit():
        try:
            with writing() as session:
                service.admit(session, current_actor(), dossier, form.seen_version, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal, dossier.version)
        else:
            web.say(_("The dossier is admissible. The programme admin now names who assesses it."))
            return to_dossier(dossier)
    return show(dossier, status, admit=form)


@bp.post("/assessment/dossiers/<uuid:dossier_id>/return")
@guard(Action.DOSSIER_ADMIT, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def give_back(dossier: Dossier) -> Any:
    """Return the dossier to the trainee, with what is to be mended."""
    form, status = ReasonForm(prefix="return"), 422
    if form.validate_on_submit():
        reason, seen = form.reason.data or "", form.seen_version
        try:
            with writing() as session:
                service.give_back(session, current_actor(), dossier, reason, seen, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal, dossier.version)
        else:
            web.say(_("The dossier has been returned; its entries can be changed again."))
            return to_dossier(dossier)
    return show(dossier, status, **{"return": form})
