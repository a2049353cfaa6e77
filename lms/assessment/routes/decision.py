"""Signing the outcome, the jury's deliberation, releasing the decision."""

from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _

from lms.assessment import service
from lms.assessment.forms import ActForm, DeliberationForm, SignForm
from lms.assessment.models import Dossier
from lms.assessment.routes.area import bp, refused, to_dossier
from lms.assessment.rules.scoring import combined
from lms.assessment.rules.segregation import JURORS
from lms.assessment.rules.states import DECIDED, DossierState, Outcome, Profile
from lms.assessment.service import sheets
from lms.assessment.service.counting import local_date
from lms.assessment.service.decisions import Meeting
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


def _context(dossier: Dossier) -> dict[str, Any]:
    """The sheets that may be read, their levels together, and what the rule proposes."""
    read = service.readable(db.session, current_actor(), dossier)
    return {
        "dossier": dossier,
        "programme": sheets.programme_of(db.session, dossier),
        "rubric": sheets.rubric_of(db.session, dossier),
        "sheets": read,
        "levels": combined([sheets.marks(one) for one in read]),
        "diverging": sheets.diverging(read),
        "proposal": sheets.proposal(db.session, dossier, read),
    }


# Light: the assessor signs ---------------------------------------------------------------------


@bp.get("/assessment/dossiers/<uuid:dossier_id>/sign")
@guard(Action.DOSSIER_SIGN_LIGHT, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def sign(dossier: Dossier) -> Any:
    """The outcome and its reasons, before they are signed."""
    if dossier.state is not DossierState.CONCORDANT or dossier.profile is not Profile.LIGHT:
        return to_dossier(dossier)
    form = SignForm(None)
    form.offer()
    own = service.sheet_of(db.session, dossier, current_actor().person_id)
    if own is not None and own.recommendation is not None:
        form.outcome.data = own.recommendation.value
    form.version.data = str(dossier.version)
    return render_template("assessment/sign.html", form=form, **_context(dossier))


@bp.post("/assessment/dossiers/<uuid:dossier_id>/sign")
@guard(Action.DOSSIER_SIGN_LIGHT, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def signed(dossier: Dossier) -> Any:
    """Sign the outcome."""
    form, status = SignForm(), 422
    form.offer()
    if form.validate_on_submit():
        outcome, reasons = form.chosen, form.reasons.data or ""
        if outcome is None:
            form.outcome.errors = [*form.outcome.errors, _("Choose an outcome.")]
        else:
            try:
                with writing() as session:
                    service.sign_light(
                        session,
                        current_actor(),
                        dossier,
                        outcome,
                        reasons,
                        form.seen_version,
                        clock.now(),
                    )
            except Refusal as refusal:
                status = refused(form, refusal, dossier.version)
            else:
                web.say(_("Signed. The programme admin now releases the decision."))
                return to_dossier(dossier)
    return render_template("assessment/sign.html", form=form, **_context(dossier)), status


# The jury --------------------------------------------------------------------------------------


def _jury_form(dossier: Dossier, *, fresh: bool = False) -> DeliberationForm:
    jurors = sorted(
        (a for a in dossier.active if a.role in JURORS and a.declared_at),
        key=lambda a: (a.person_id != dossier.chair_id, a.person.sort_name),
    )
    kind = DeliberationForm.for_jury({a.person_id: a.person.name for a in jurors})
    form = kind(None) if fresh else kind()
    form.offer()
    return form


def _deliberation_page(dossier: Dossier, form: DeliberationForm, status: int) -> Any:
    undeclared = [a for a in dossier.active if a.role in JURORS and not a.declared_at]
    page = render_template(
        "assessment/deliberate.html", form=form, undeclared=undeclared, **_context(dossier)
    )
    return page, status


@bp.get("/assessment/dossiers/<uuid:dossier_id>/deliberate")
@guard(Action.DOSSIER_DELIBERATE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def deliberate(dossier: Dossier) -> Any:
    """Who was there, votes, reasons, minutes."""
    if dossier.state is not DossierState.JURY:
        return to_dossier(dossier)
    sheets.require_declared(dossier, current_actor())
    form = _jury_form(dossier, fresh=True)
    record = service.deliberation_of(db.session, dossier)
    if record is not None:
        form.held_on.data, form.place.data = record.held_on, record.place
        form.minutes.data, form.reasons.data = record.minutes, record.reasons
        form.show_votes(record.votes)
    else:
        form.held_on.data = local_date(clock.now(), dossier.enrolment)
        form.show_votes({})
    form.version.data = str(record.version if record else 0)
    return _deliberation_page(dossier, form, 200)


@bp.post("/assessment/dossiers/<uuid:dossier_id>/deliberate")
@guard(Action.DOSSIER_DELIBERATE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def record(dossier: Dossier) -> Any:
    """Write the meeting down; it can be mended until it is signed."""
    form, status = _jury_form(dossier), 422
    valid = form.validate_on_submit()
    votes = form.votes()
    if valid and not form.errors and form.held_on.data:
        meeting = Meeting(
            held_on=form.held_on.data,
            place=form.place.data or "",
            votes=votes,
            minutes=form.minutes.data or "",
            reasons=form.reasons.data or "",
        )
        try:
            with writing() as session:
                service.deliberate(
                    session, current_actor(), dossier, meeting, form.seen_version, clock.now()
                )
        except Refusal as refusal:
            known = service.deliberation_of(db.session, dossier)
            status = refused(form, refusal, known.version if known else 0)
        else:
            return redirect(url_for("assessment.deliberation", dossier_id=dossier.id), 303)
    return _deliberation_page(dossier, form, status)


@bp.get("/assessment/dossiers/<uuid:dossier_id>/deliberation")
@guard(Action.DOSSIER_DELIBERATE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def deliberation(dossier: Dossier) -> Any:
    """What the jury carried, before the chair signs it."""
    return _before_signing(dossier, ActForm(None), 200)


def _before_signing(dossier: Dossier, form: ActForm, status: int) -> Any:
    found = service.deliberation_of(db.session, dossier)
    if found is None or dossier.state is not DossierState.JURY:
        return to_dossier(dossier)
    form.version.data = str(found.version)
    page = render_template(
        "assessment/deliberation.html", form=form, deliberation=found, **_context(dossier)
    )
    return page, status


@bp.post("/assessment/dossiers/<uuid:dossier_id>/deliberation")
@guard(Action.DOSSIER_DELIBERATE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def sign_deliberation(dossier: Dossier) -> Any:
    """The chair signs."""
    form, status = ActForm(), 422
    if form.validate_on_submit():
        try:
            with writing() as session:
                service.sign_jury(session, current_actor(), dossier, form.seen_version, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            web.say(_("Signed. The programme admin now releases the decision."))
            return to_dossier(dossier)
    return _before_signing(dossier, form, status)


# Release ---------------------------------------------------------------------------------------


@bp.get("/assessment/dossiers/<uuid:dossier_id>/release")
@guard(Action.DOSSIER_RELEASE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def release(dossier: Dossier) -> Any:
    """What will be told, and what happens then."""
    return _release_page(dossier, ActForm(None), 200)


def _release_page(dossier: Dossier, form: ActForm, status: int) -> Any:
    if dossier.state not in DECIDED:
        return to_dossier(dossier)
    form.version.data = str(dossier.version)
    page = render_template(
        "assessment/release.html",
        form=form,
        certifies=dossier.outcome is Outcome.CERTIFIED,
        **_context(dossier),
    )
    return page, status


@bp.post("/assessment/dossiers/<uuid:dossier_id>/release")
@guard(Action.DOSSIER_RELEASE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def released(dossier: Dossier) -> Any:
    """Tell the trainee; confer the title."""
    form, status = ActForm(), 422
    if form.validate_on_submit():
        try:
            with writing() as session:
                award = service.release(
                    session,
                    current_actor(),
                    dossier,
                    form.seen_version,
                    clock.now(),
                    current_app.config["SETTINGS"],
                )
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            web.say(
                _("Released. The certificate is being issued.")
                if award is not None
                else _("Released. The trainee is told the decision and its reasons.")
            )
            return to_dossier(dossier)
    return _release_page(dossier, form, status)
