"""What counts and what remains; preparing a dossier and handing it in."""

from typing import Any

from flask import abort, current_app, redirect, render_template, url_for
from flask_babel import gettext as _

from lms.assessment import service
from lms.assessment.forms import ActForm, PrepareForm
from lms.assessment.models import Dossier
from lms.assessment.routes.area import bp, dossier_url, refused, to_dossier
from lms.assessment.rules.states import IN_HAND
from lms.assessment.service.dossiers import Preparation
from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import clock, files, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.curriculum import service as curriculum
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


def _context(enrolment: Enrolment) -> dict[str, Any]:
    """Enrolment, programme, release, ledger, what lies ahead, and the dossier."""
    release = curriculum.release(db.session, enrolment.cohort.release_id)
    programme = release.programmes[enrolment.cohort.programme]
    found = service.ledger(db.session, enrolment, release)
    return {
        "enrolment": enrolment,
        "release": release,
        "programme": programme,
        "ledger": found,
        "ahead": service.ahead_of(enrolment, programme, found, clock.now()),
        "dossier": service.dossier_of(db.session, enrolment.id),
    }


@bp.get("/assessment/ledger/<uuid:enrolment_id>")
@guard(Action.LEDGER_VIEW, enrolment=find_enrolment)
def ledger(enrolment: Enrolment) -> str:
    """What counts, what remains, and the rows behind each figure."""
    context = _context(enrolment)
    dossier = context["dossier"]
    in_hand = dossier is None or dossier.state in IN_HAND
    return render_template(
        "assessment/ledger.html",
        **context,
        own=can(Action.DOSSIER_SUBMIT, enrolment),
        in_hand=in_hand,
        sees_dossier=dossier is not None and can(Action.DOSSIER_VIEW, dossier),
    )


@bp.get("/assessment/ledger/<uuid:enrolment_id>/requirements/<need>")
@guard(Action.LEDGER_VIEW, enrolment=find_enrolment)
def behind(enrolment: Enrolment, need: str) -> str:
    """The rows behind one figure."""
    context = _context(enrolment)
    line, requirement = context["ledger"].line(need), context["programme"].requirement(need)
    if line is None or requirement is None:
        abort(404)
    return render_template("assessment/behind.html", line=line, need=requirement, **context)


@bp.get("/assessment/ledger/<uuid:enrolment_id>/dossier")
@guard(Action.DOSSIER_SUBMIT, view=Action.LEDGER_VIEW, enrolment=find_enrolment)
def prepare(enrolment: Enrolment) -> Any:
    """The statement and the report, before handing in."""
    context = _context(enrolment)
    dossier: Dossier | None = context["dossier"]
    if dossier is not None and dossier.state not in IN_HAND:
        return redirect(dossier_url(dossier), 303)
    form = PrepareForm(data={"statement": dossier.statement if dossier else ""})
    form.version.data = str(dossier.version if dossier else 0)
    return render_template("assessment/prepare.html", form=form, **context)


@bp.post("/assessment/ledger/<uuid:enrolment_id>/dossier")
@guard(Action.DOSSIER_SUBMIT, view=Action.LEDGER_VIEW, enrolment=find_enrolment)
def keep(enrolment: Enrolment) -> Any:
    """Keep statement and report, then show them to be checked."""
    form, status = PrepareForm(), 422
    if form.validate_on_submit() and (given := _given(form)) is not None:
        try:
            with writing() as session:
                dossier = service.prepare(
                    session,
                    current_actor(),
                    enrolment,
                    given,
                    form.seen_version,
                    current_app.extensions["files"],
                    clock.now(),
                )
            return redirect(url_for("assessment.check", dossier_id=dossier.id), 303)
        except Refusal as refusal:
            db.session.rollback()
            known = service.dossier_of(db.session, enrolment.id)
            status = refused(form, refusal, known.version if known else 0)
    return render_template("assessment/prepare.html", form=form, **_context(enrolment)), status


def _given(form: PrepareForm) -> Preparation | None:
    """Statement and checked report; None, with the field marked, when the file is no good."""
    sent, statement = form.report.data, form.statement.data or ""
    if not sent or not sent.filename:
        return Preparation(statement)
    try:
        return Preparation(statement, files.accept(sent.stream, sent.filename))
    except Refusal as refusal:
        form.refuse(refusal, form.report)
        return None


@bp.get("/assessment/dossiers/<uuid:dossier_id>/check")
@guard(Action.DOSSIER_SUBMIT, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def check(dossier: Dossier) -> Any:
    """Check your answers, then hand in."""
    if dossier.state not in IN_HAND:
        return redirect(dossier_url(dossier), 303)
    return _checked(dossier, ActForm(), 200)


def _checked(dossier: Dossier, form: ActForm, status: int) -> Any:
    form.version.data = str(dossier.version)
    page = render_template("assessment/check.html", form=form, **_context(dossier.enrolment))
    return page, status


@bp.post("/assessment/dossiers/<uuid:dossier_id>/submit")
@guard(Action.DOSSIER_SUBMIT, view=Action.DOSSIER_VIEW, dossier=service.find_dossier)
def submit(dossier: Dossier) -> Any:
    """Hand the dossier in."""
    form, status = ActForm(), 422
    if form.validate_on_submit():
        try:
            with writing() as session:
                service.submit(session, current_actor(), dossier, form.seen_version, clock.now())
        except Refusal as refusal:
            if dossier.state not in IN_HAND:
                raise
            status = refused(form, refusal)
        else:
            web.say(_("Your dossier has been handed in."))
            return to_dossier(dossier)
    return _checked(dossier, form, status)
