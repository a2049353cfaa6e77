"""A trainer's side of quizzes: open answers that wait for marks, and extra time for a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.labels import refusal_text
from lms.core.paging import paginate
from lms.learning.models import QuizAttempt
from lms.learning.quizzes import extra, marking, service
from lms.learning.quizzes.forms import (
    CorrectForm,
    ExtraTimeForm,
    MarkForm,
    as_sent,
    level_name,
    read_marks,
)
from lms.learning.quizzes.rules.scoring import HIGHEST_LEVEL
from lms.learning.routes.attempts import quiz_url
from lms.learning.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/learn/marking")
@guard(Action.OPEN_ANSWER_QUEUE)
def marking_queue() -> str:
    """Attempts with open answers that wait, oldest first."""
    page: Any = paginate(
        db.session,
        marking.waiting_for(current_actor()),
        QuizAttempt.id,
        QuizAttempt.finished_at,
        read_sort=datetime.fromisoformat,
    )
    marked = marking.marked_by(db.session, current_actor(), clock.now())
    papers = {one.id: service.paper_taken(db.session, one)[1] for one in [*page.rows, *marked]}
    return render_template("learning/marking.html", page=page, marked=marked, papers=papers)


@bp.get("/learn/attempts/<uuid:attempt_id>/mark")
@guard(Action.ATTEMPT_MARK, view=Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def mark(attempt: QuizAttempt) -> Any:
    """The open answers of an attempt beside the criteria; its result once they are marked."""
    if not attempt.to_mark:
        return redirect(url_for("learning.result", attempt_id=attempt.id))
    return _mark_page(attempt)


@bp.post("/learn/attempts/<uuid:attempt_id>/mark")
@guard(Action.ATTEMPT_MARK, view=Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def give_marks(attempt: QuizAttempt) -> Any:
    """Mark all open answers of an attempt; then on to the next that waits."""
    release, _paper = service.paper_taken(db.session, attempt)
    marks = read_marks(request.form, marking.open_answers(release, attempt))
    try:
        with writing() as session:
            marking.mark(session, current_actor(), attempt, marks, clock.now())
    except Refusal as refusal:
        if not attempt.to_mark:
            web.say(refusal_text(refusal), "warn")
            return redirect(url_for("learning.result", attempt_id=attempt.id), 303)
        return _mark_page(attempt, refusal_text(refusal)), 422
    web.say(_("Marked. The trainee has been told."))
    return redirect(url_for("learning.marking_queue"), 303)


@bp.get("/learn/attempts/<uuid:attempt_id>/correct")
@guard(Action.ATTEMPT_MARK, view=Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def correct(attempt: QuizAttempt) -> Any:
    """The marks that were given, to be corrected; its result where there are none."""
    marks = service.marks_of(db.session, attempt)
    if not marks or attempt.to_mark:
        return redirect(url_for("learning.result", attempt_id=attempt.id))
    form = CorrectForm(formdata=None, data={"version": str(marking.number_of(marks))})
    release, _paper = service.paper_taken(db.session, attempt)
    sent = as_sent(marks, marking.open_answers(release, attempt))
    return _mark_page(attempt, form=form, sent=sent)


@bp.post("/learn/attempts/<uuid:attempt_id>/correct")
@guard(Action.ATTEMPT_MARK, view=Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def correct_marks(attempt: QuizAttempt) -> Any:
    """Mark again, as a new version beside the old one."""
    address = url_for("learning.result", attempt_id=attempt.id)
    if attempt.to_mark or not service.marks_of(db.session, attempt):
        web.say(refusal_text(Refusal("not_marked_yet")), "warn")
        return redirect(address, 303)
    form = CorrectForm()
    release, _paper = service.paper_taken(db.session, attempt)
    marks = read_marks(request.form, marking.open_answers(release, attempt))
    if not form.validate_on_submit():
        return _mark_page(attempt, _("Say why the marks are corrected."), form), 422
    try:
        with writing() as session:
            actor, reason, now = current_actor(), form.reason.data or "", clock.now()
            marking.correct(session, actor, attempt, form.seen_version, marks, reason, now)
    except Refusal as refusal:
        if refusal.code == "marks_locked":
            web.say(refusal_text(refusal), "warn")
            return redirect(address, 303)
        stale = isinstance(refusal, Stale)
        if stale:
            known = service.marks_of(db.session, attempt)
            form.version.data = str(marking.number_of(known))
        return _mark_page(attempt, refusal_text(refusal), form), 409 if stale else 422
    web.say(_("Corrected. The trainee has been told."))
    return redirect(address, 303)


def _mark_page(
    attempt: QuizAttempt,
    fault: str = "",
    form: CorrectForm | None = None,
    sent: Mapping[str, str] | None = None,
) -> str:
    """The page, with what was given or just typed; `form` where marks are corrected."""
    release, paper = service.paper_taken(db.session, attempt)
    rows = marking.open_answers(release, attempt)
    rubrics = {row.question.id: release.rubric(row.question.rubric or "") for row, _c in rows}
    return render_template(
        "learning/mark.html",
        attempt=attempt,
        paper=paper,
        quiz_url=quiz_url(attempt),
        rows=rows,
        rubrics=rubrics,
        form=form or MarkForm(formdata=None),
        sent=request.form if sent is None else sent,
        fault=fault,
        level_name=level_name,
        levels=range(HIGHEST_LEVEL + 1),
        comment_length=marking.COMMENT_LENGTH,
    )


@bp.get("/learn/<uuid:enrolment_id>/extra-time")
@guard(Action.EXTRA_TIME_GIVE, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def extra_time(enrolment: Enrolment) -> str:
    """How much more time somebody has, and why."""
    return _extra_page(enrolment, _extra_form(enrolment))


@bp.post("/learn/<uuid:enrolment_id>/extra-time")
@guard(Action.EXTRA_TIME_GIVE, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def give_extra_time(enrolment: Enrolment) -> Any:
    """Give, change or take back extra time."""
    form = ExtraTimeForm()
    if not form.validate_on_submit():
        return _extra_page(enrolment, form), 422
    enrolment_id, percent = enrolment.id, int(form.percent.data)
    try:
        with writing() as session:
            seen, reason = form.seen_version, form.reason.data or ""
            actor, now = current_actor(), clock.now()
            extra.give(session, actor, enrolment, percent, reason, seen, now)
    except Stale as stale:
        form.refuse(stale)
        row = extra.extra_time_of(db.session, enrolment_id)
        form.version.data = str(row.version if row else 0)
        return _extra_page(enrolment, form), 409
    except Refusal as refusal:
        form.refuse(refusal, form.reason)
        return _extra_page(enrolment, form), 422
    web.say(_("Extra time given.") if percent else _("Extra time taken back."))
    return redirect(url_for("learning.programme", enrolment_id=enrolment_id), 303)


def _extra_form(enrolment: Enrolment) -> ExtraTimeForm:
    row = extra.extra_time_of(db.session, enrolment.id)
    if row is None:
        return ExtraTimeForm(formdata=None, version="0", percent="0")
    return ExtraTimeForm(
        formdata=None, version=str(row.version), percent=str(row.percent), reason=row.reason
    )


def _extra_page(enrolment: Enrolment, form: ExtraTimeForm) -> str:
    return render_template(
        "learning/extra_time.html",
        enrolment=enrolment,
        form=form,
        row=extra.extra_time_of(db.session, enrolment.id),
    )
