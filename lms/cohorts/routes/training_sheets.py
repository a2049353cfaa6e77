"""The sheet that trainees sign: printed, and filed by the code on its photo."""

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _

from lms.cohorts.forms import ScanForm
from lms.cohorts.models import Cohort, TrainingScan, TrainingSession
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.cohorts.routes.training import cohort_page, session_page
from lms.cohorts.service import find_cohort
from lms.cohorts.training import printing, service
from lms.cohorts.training.service import find_by_token, find_scan, find_training
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.files import Upload, store
from lms.core.i18n import current_language
from lms.core.sending import files, send_kept
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/training/<uuid:session_id>/sheet")
@guard(Action.TRAINING_LIST, view=Action.TRAINING_VIEW, meeting=find_training)
def training_sheet(meeting: TrainingSession) -> str:
    """The print in the reader's language, and whether it still names everybody."""
    return render_template(
        "cohorts/training/sheet.html",
        meeting=meeting,
        sheet=printing.sheet_of(db.session, meeting, current_language()),
    )


@bp.post("/training/<uuid:session_id>/sheet")
@guard(Action.TRAINING_LIST, view=Action.TRAINING_VIEW, meeting=find_training)
def print_training_sheet(meeting: TrainingSession) -> Any:
    """Ask the worker for the print."""
    key, by = meeting.id, current_actor().person_id
    with writing() as session:
        meeting = session.get_one(TrainingSession, key)
        printing.ask(session, meeting, current_language(), by, now())
    return see_other("cohorts.training_sheet", session_id=key)


@bp.get("/training/<uuid:session_id>/sheet.pdf")
@guard(Action.TRAINING_LIST, view=Action.TRAINING_VIEW, meeting=find_training)
def training_sheet_pdf(meeting: TrainingSession) -> Any:
    """The print that is kept; where there is none yet, the page on which it can be asked for."""
    kept = printing.printed(db.session, meeting, current_language())
    if kept is None:
        return see_other("cohorts.training_sheet", session_id=meeting.id)
    return send_kept(kept.file)


@bp.get("/training-sheets/<token>")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_by_token)
def scanned_sheet(meeting: TrainingSession) -> Any:
    """Where the code on a sheet leads: to where its photo is handed in. It gives no right."""
    return redirect(url_for(".training_session", session_id=meeting.id, _anchor="papers"))


@bp.post("/training/<uuid:session_id>/scan")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def file_training_scan(meeting: TrainingSession) -> Any:
    """A photo of this session's sheet, or of the one that its code names."""
    form, key = ScanForm(), meeting.id
    is_valid = form.validate_on_submit()
    try:
        if not is_valid:
            raise Refusal("scan_missing")
        scan, token = form.read(printing.AREA)
        return _file(scan, _named(token) or key)
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(refusal, form.scan)
        return session_page(db.session.get_one(TrainingSession, key), scan=form), 422


@bp.post("/cohorts/<uuid:cohort_id>/training/scan")
@guard(Action.TRAINING_PLAN, view=Action.COHORT_VIEW, cohort=find_cohort)
def file_cohort_scan(cohort: Cohort) -> Any:
    """A photo of any sheet: its code says which session it belongs to."""
    form, key = ScanForm(), cohort.id
    is_valid = form.validate_on_submit()
    try:
        if not is_valid:
            raise Refusal("scan_missing")
        scan, token = form.read(printing.AREA)
        named = _named(token)
        if named is None:
            raise Refusal("training_sheet_unread")
        return _file(scan, named)
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(refusal, form.scan)
        return cohort_page(db.session.get_one(Cohort, key), form), 422


def _named(token: str | None) -> UUID | None:
    """The session whose sheet it is; None for an unknown code. Raises Refusal."""
    found = find_by_token(db.session, token) if token else None
    if found is not None and not can(Action.TRAINING_RUN, found):
        raise Refusal("training_sheet_elsewhere")
    return found.id if found else None


def _file(scan: Upload, key: UUID) -> Any:
    with writing() as session:
        meeting = session.get_one(TrainingSession, key)
        if not can(Action.TRAINING_RUN, meeting):
            raise Refusal("training_sheet_elsewhere")
        actor = current_actor()
        kept = store(session, files(), scan, actor.person_id, now())
        service.file_scan(session, actor, meeting, kept, now())
        title, is_open = meeting.title, meeting.held_at is None and not meeting.cancel_reason
    web.say(_("Filed with “%(title)s”.", title=title))
    page = "cohorts.training_list" if is_open else "cohorts.training_session"
    return see_other(page, session_id=key)


@bp.get("/training/scans/<uuid:scan_id>")
@guard(Action.TRAINING_LIST, view=Action.TRAINING_VIEW, scan=find_scan)
def training_scan(scan: TrainingScan) -> Response:
    """The photo of a signed sheet."""
    return send_kept(scan.file)
