"""The score sheet: levels with their anchors, kept as a draft, checked, handed in."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.assessment import service
from lms.assessment.forms import ActForm, ScoreForm
from lms.assessment.models import Dossier, ScoreSheet
from lms.assessment.routes.area import bp, refused, to_dossier
from lms.assessment.rules.scoring import propose, sheet_faults
from lms.assessment.service import sheets
from lms.assessment.service.sheets import Scores
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


def _form(dossier: Dossier, *, fresh: bool = False) -> ScoreForm:
    kind = ScoreForm.for_rubric(sheets.rubric_of(db.session, dossier))
    form = kind(None) if fresh else kind()
    form.offer()
    return form


def _sheet(dossier: Dossier) -> ScoreSheet | None:
    return service.sheet_of(db.session, dossier, current_actor().person_id)


def _scores(sheet: ScoreSheet) -> Scores:
    return Scores(sheet.levels, sheet.comments, sheet.recommendation, sheet.summary)


@bp.get("/assessment/dossiers/<uuid:dossier_id>/score")
@guard(Action.DOSSIER_SCORE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def score(dossier: Dossier) -> Any:
    """The rubric, with the anchors of each level."""
    if not sheets.still_to_score(db.session, current_actor(), dossier):
        return to_dossier(dossier)
    sheets.require_declared(dossier, current_actor())
    form, sheet = _form(dossier, fresh=True), _sheet(dossier)
    if sheet is not None:
        form.show(_scores(sheet))
    form.version.data = str(sheet.version if sheet else 0)
    if sheet is not None and "faults" in request.args:
        form.mark_faults(_scores(sheet))
    return _page(dossier, form, 200)


def _page(dossier: Dossier, form: ScoreForm, status: int) -> Any:
    release = service.release_of(db.session, dossier)
    programme = sheets.programme_of(db.session, dossier)
    page = render_template(
        "assessment/score.html",
        dossier=dossier,
        form=form,
        rubric=form.rubric,
        programme=programme,
        release=release,
        sheet=_sheet(dossier),
    )
    return page, status


@bp.post("/assessment/dossiers/<uuid:dossier_id>/score")
@guard(Action.DOSSIER_SCORE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def save(dossier: Dossier) -> Any:
    """Keep the sheet as a draft, or go on to check it."""
    form, status = _form(dossier), 422
    valid = form.validate_on_submit()
    scores = form.scores()
    if valid and not form.errors:
        try:
            with writing() as session:
                service.save_sheet(
                    session, current_actor(), dossier, scores, form.seen_version, clock.now()
                )
        except Refusal as refusal:
            sheet = _sheet(dossier)
            status = refused(form, refusal, sheet.version if sheet else 0)
        else:
            return _after_saving(dossier, form, scores)
    return _page(dossier, form, status)


def _after_saving(dossier: Dossier, form: ScoreForm, scores: Scores) -> Any:
    if request.form.get("then") != "check":
        web.say(_("Saved as a draft. Only you can read it."))
        return redirect(url_for("assessment.score", dossier_id=dossier.id), 303)
    if form.mark_faults(scores):
        return redirect(url_for("assessment.score", dossier_id=dossier.id, faults=1), 303)
    return redirect(url_for("assessment.check_sheet", dossier_id=dossier.id), 303)


@bp.get("/assessment/dossiers/<uuid:dossier_id>/score/check")
@guard(Action.DOSSIER_SCORE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def check_sheet(dossier: Dossier) -> Any:
    """The sheet as it will be handed in, and what the programme's rule makes of it."""
    sheet = _sheet(dossier)
    if sheet is None or not sheets.still_to_score(db.session, current_actor(), dossier):
        return to_dossier(dossier)
    return _checked(dossier, sheet, ActForm(None), 200)


def _checked(dossier: Dossier, sheet: ScoreSheet, form: ActForm, status: int) -> Any:
    rubric, programme = (
        sheets.rubric_of(db.session, dossier),
        sheets.programme_of(db.session, dossier),
    )
    form.version.data = str(sheet.version)
    page = render_template(
        "assessment/check_sheet.html",
        dossier=dossier,
        sheet=sheet,
        form=form,
        rubric=rubric,
        programme=programme,
        faults=sheet_faults(sheet.levels, sheet.comments, [c.id for c in rubric.criteria]),
        proposal=propose(sheet.levels, programme.criteria),
    )
    return page, status


@bp.post("/assessment/dossiers/<uuid:dossier_id>/score/hand-in")
@guard(Action.DOSSIER_SCORE, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def hand_in(dossier: Dossier) -> Any:
    """Hand the sheet in, for good."""
    form, status, sheet = ActForm(), 422, _sheet(dossier)
    if sheet is None:
        return redirect(url_for("assessment.score", dossier_id=dossier.id), 303)
    if form.validate_on_submit():
        try:
            with writing() as session:
                service.hand_in(session, current_actor(), dossier, form.seen_version, clock.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            web.say(_("Your score sheet has been handed in."))
            return to_dossier(dossier)
    return _checked(dossier, sheet, form, status)
