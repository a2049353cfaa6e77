"""Who came to training: the list, the code on the screen, what is announced, corrected, stated."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.cohorts.models import Attendance, Enrolment, TrainingSession
from lms.cohorts.routes.blueprint import bp, now, programme_title, see_other
from lms.cohorts.routes.training import session_page
from lms.cohorts.service import find_enrolment, lineage
from lms.cohorts.timetable.meetings import is_open_to
from lms.cohorts.training import attendance, codes, queries, service
from lms.cohorts.training.forms import AnnounceForm, CodeForm, CorrectForm, ListForm, list_form
from lms.cohorts.training.rules import (
    THERE,
    Attended,
    TrainingEvent,
    TrainingState,
    takes_code,
)
from lms.cohorts.training.service import find_attendance, find_training
from lms.core import web
from lms.core.codes import picture_of
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.labels import label, refusal_text
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

# --- the list ---


@bp.get("/training/<uuid:session_id>/list")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def training_list(meeting: TrainingSession) -> Any:
    """Everybody, to be ticked; the photo of the signed sheet beside it."""
    if not is_open_to(meeting, TrainingEvent.HOLD):
        web.say(refusal_text(Refusal("training_list_closed")), "warn")
        return see_other("cohorts.training_session", session_id=meeting.id)
    lines = queries.lines(db.session, meeting)
    return _list_page(list_form(meeting, lines), meeting, lines)


@bp.post("/training/<uuid:session_id>/list")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def tick_list(meeting: TrainingSession) -> Any:
    """Keep what was ticked; then note all others as present, or close the list, if asked to."""
    lines, key = queries.lines(db.session, meeting), meeting.id
    form, act = list_form(meeting, lines), request.form.get("act", "")
    if not form.validate_on_submit():
        return _list_page(form, meeting, lines), 422
    batch: UUID | None = None
    number = 0
    try:
        with writing() as session:
            meeting = session.get_one(TrainingSession, key)
            attendance.note(session, meeting, form.ticks(), now())
            if act == "everybody":
                batch, number = attendance.everybody(session, meeting, now())
            elif act == "close":
                service.close(session, current_actor(), meeting, form.seen_version, now())
    except Refusal as refusal:
        db.session.rollback()
        return _list_refused(form, refusal, key)
    if act == "close":
        web.say(_("Closed: the day counts for those who were there."))
        return see_other("cohorts.training_session", session_id=key)
    if batch is not None and number:
        words = ngettext(
            "%(num)d person is noted as present.", "%(num)d people are noted as present.", number
        )
        back = url_for("cohorts.undo_everybody", session_id=key, batch_id=batch)
        web.say(words, undo_url=back)
    else:
        web.say(_("Saved."))
    return see_other("cohorts.training_list", session_id=key)


def _list_refused(form: ListForm, refusal: Refusal, key: UUID) -> Any:
    """The list once more, what was typed kept, compared with what stands there by now."""
    found = db.session.get_one(TrainingSession, key)
    if found.state is not TrainingState.PLANNED:
        raise refusal
    lines = queries.lines(db.session, found)
    form.refuse(refusal)
    form.version.data = str(found.revision)
    parts = form["who"].form
    for line in lines:
        if line.attendance is not None and line.enrolment.id.hex in parts:
            parts[line.enrolment.id.hex].form.seen.data = line.attendance.mark.value
    shown = [line for line in lines if line.enrolment.id.hex in parts]
    return _list_page(form, found, shown), refusal.status


def _list_page(form: ListForm, meeting: TrainingSession, lines: list[queries.Line]) -> str:
    return render_template(
        "cohorts/training/list.html",
        form=form,
        meeting=meeting,
        lines=lines,
        scans=queries.scans(db.session, meeting),
        has_begun=meeting.starts_at <= now(),
        takes_code=takes_code(meeting.starts_at, meeting.ends_at, now()),
    )


@bp.post("/training/<uuid:session_id>/list/undo/<uuid:batch_id>")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def undo_everybody(meeting: TrainingSession, batch_id: UUID) -> Any:
    """Those who were noted all at once are open again."""
    key = meeting.id
    with writing() as session:
        attendance.undo(session, session.get_one(TrainingSession, key), batch_id)
    web.say(_("Undone."))
    return see_other("cohorts.training_list", session_id=key)


# --- corrections ---


@bp.get("/training/attendance/<uuid:attendance_id>/correct")
@guard(Action.TRAINING_CORRECT, row=find_attendance)
def correction(row: Attendance) -> str:
    """What was noted of one trainee, to be set right."""
    data = {"mark": row.mark.value, "seen": row.mark.value}
    return _correct_page(CorrectForm(formdata=None, data=data), row)


@bp.post("/training/attendance/<uuid:attendance_id>/correct")
@guard(Action.TRAINING_CORRECT, row=find_attendance)
def correct_attendance(row: Attendance) -> Any:
    """Set it right; the reason is kept."""
    form, key, back = CorrectForm(), row.id, row.session_id
    form.mark.choices = _marks()
    if not form.validate_on_submit():
        return _correct_page(form, row), 422
    seen, mark = form.marks
    try:
        with writing() as session:
            row = session.get_one(Attendance, key)
            reason = form.reason.data or ""
            attendance.correct(session, current_actor(), row, seen, mark, reason, now())
    except Refusal as refusal:
        db.session.rollback()
        found = db.session.get_one(Attendance, key)
        form.refuse(refusal)
        form.seen.data = found.mark.value
        return _correct_page(form, found), refusal.status
    web.say(_("Corrected."))
    return see_other("cohorts.training_session", session_id=back)


def _marks() -> list[tuple[str, str]]:
    return [(one.value, label(one)) for one in Attended if one is not Attended.EXPECTED]


def _correct_page(form: CorrectForm, row: Attendance) -> str:
    form.mark.choices = _marks()
    return render_template("cohorts/training/correct.html", form=form, row=row, meeting=row.session)


# --- the code on the screen ---


@bp.get("/training/<uuid:session_id>/code")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def training_code(meeting: TrainingSession) -> Response:
    """The code of this minute, large. The page comes anew by itself when the next one is due."""
    at = now()
    secret = attendance.secret_of(db.session, meeting)
    code = codes.code_at(secret, codes.step_of(at)) if secret else ""
    lines = queries.lines(db.session, meeting)
    base = current_app.config["SETTINGS"].base_url
    page = render_template(
        "cohorts/training/code.html",
        meeting=meeting,
        code=code,
        qr=picture_of(f"{base}{url_for('.attend')}?code={code}") if code else "",
        address=f"{base.partition('//')[2]}{url_for('.attend')}",
        seconds=codes.seconds_left(at),
        number=len(lines),
        there=sum(one.attendance.mark in THERE for one in lines if one.attendance),
    )
    answer = make_response(page)
    if code:
        answer.headers["Refresh"] = str(codes.seconds_left(at))
    return answer


@bp.post("/training/<uuid:session_id>/code/<any(show, stop):act>")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def switch_code(meeting: TrainingSession, act: str) -> Any:
    """Begin to take codes, or take no more."""
    key = meeting.id
    with writing() as session:
        meeting = session.get_one(TrainingSession, key)
        if act == "show":
            attendance.show_code(session, current_actor(), meeting, now())
        else:
            attendance.stop_code(session, meeting)
    return see_other("cohorts.training_code" if act == "show" else "cohorts.training_list",
                     session_id=key)  # fmt: skip


@bp.get("/attend")
@guard(Action.HOME)
def attend() -> str:
    """Where the code is typed; who has scanned it finds it filled in."""
    form = CodeForm(formdata=None, data={"code": request.args.get("code", "")[:40]})
    return render_template("cohorts/training/attend.html", form=form)


@bp.post("/attend")
@guard(Action.HOME)
def attend_with_code() -> Any:
    """Note whoever typed the code as present."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("cohorts/training/attend.html", form=form), 422
    key = None
    try:
        with writing() as session:
            actor, at = current_actor(), now()
            found = attendance.session_of_code(session, actor, form.code.data or "", at)
            if found is not None:
                attendance.check_in(session, actor, found, at)
                key = found.id
        if key is None:  # the wrong try is counted by now
            raise Refusal("training_code_unknown")
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(refusal, form.code)
        status = 429 if refusal.code == "throttled" else 422
        return render_template("cohorts/training/attend.html", form=form), status
    web.say(_("You are noted as present."))
    return see_other("cohorts.training_session", session_id=key)


# --- what a trainee announces ---


@bp.post("/training/<uuid:session_id>/absence")
@guard(Action.TRAINING_ANNOUNCE, view=Action.TRAINING_VIEW, meeting=find_training)
def announce_absence(meeting: TrainingSession) -> Any:
    """They cannot come, and say why."""
    form, key = AnnounceForm(), meeting.id
    if not form.validate_on_submit():
        return session_page(meeting, announce=form), 422
    try:
        with writing() as session:
            meeting = session.get_one(TrainingSession, key)
            reason = form.reason.data or ""
            attendance.announce(session, current_actor(), meeting, reason, now())
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(refusal, form.reason)
        found = db.session.get_one(TrainingSession, key)
        return session_page(found, announce=form), refusal.status
    web.say(_("The trainer knows: thank you for saying so."))
    return see_other("cohorts.training_session", session_id=key)


@bp.post("/training/<uuid:session_id>/absence/take-back")
@guard(Action.TRAINING_ANNOUNCE, view=Action.TRAINING_VIEW, meeting=find_training)
def take_back_absence(meeting: TrainingSession) -> Any:
    """They can come after all."""
    key = meeting.id
    with writing() as session:
        meeting = session.get_one(TrainingSession, key)
        attendance.announce(session, current_actor(), meeting, "", now())
    web.say(_("You are expected again."))
    return see_other("cohorts.training_session", session_id=key)


# --- the statement ---


@bp.get("/training/of/<uuid:enrolment_id>")
@guard(Action.ENROLMENT_VIEW, enrolment=find_enrolment)
def attendance_statement(enrolment: Enrolment) -> str:
    """What a trainee attended, day by day, to be read or printed."""
    rows = queries.of_trainee(db.session, lineage(db.session, [enrolment.id]))
    return render_template(
        "cohorts/training/statement.html",
        enrolment=enrolment,
        cohort=enrolment.cohort,
        programme=programme_title(db.session, enrolment.cohort),
        rows=rows,
        halves=sum(one.halves for one in rows),
        at=now(),
    )
