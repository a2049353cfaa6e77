"""Training days: planned, moved, cancelled, looked at; a cohort's timetable."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from lms.cohorts.forms import ScanForm, VersionedReasonForm
from lms.cohorts.models import Cohort, TrainingMaterial, TrainingSession
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.cohorts.service import find_cohort
from lms.cohorts.timetable.meetings import between, is_open_to
from lms.cohorts.timetable.rules import Clash
from lms.cohorts.training import attendance, calendars, queries, service
from lms.cohorts.training.forms import (
    AnnounceForm,
    MaterialForm,
    PlanForm,
    blank_data,
    plan_data,
    plan_form,
)
from lms.cohorts.training.rules import Plan, TrainingEvent, TrainingState
from lms.cohorts.training.service import find_material, find_training
from lms.core import web
from lms.core.db import db
from lms.core.errors import Late, Refusal, Stale
from lms.core.files import accept, store
from lms.core.i18n import current_language
from lms.core.sending import files, send_kept
from lms.curriculum import service as curriculum
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing

MOST = 200
"""Sessions of a cohort on one page."""


def module_titles(cohort: Cohort) -> dict[str, str]:
    """The programme's written modules, in its order."""
    release, language = curriculum.release(db.session, cohort.release_id), current_language()
    found = {slug: release.module(slug) for slug in release.programmes[cohort.programme].written}
    return {
        slug: f"{one.code} · {release.text(one.title, language)}"
        for slug, one in found.items()
        if one is not None
    }


# --- a cohort's timetable ---


@bp.get("/cohorts/<uuid:cohort_id>/training")
@guard(Action.COHORT_VIEW, cohort=find_cohort)
def training(cohort: Cohort) -> str:
    """All its training: what is coming, what was held."""
    return cohort_page(cohort)


def cohort_page(cohort: Cohort, form: ScanForm | None = None) -> str:
    """The page, with a photo that was refused if there is one."""
    session, today = db.session, now()
    visible = queries.sessions_visible_to(current_actor()).where(
        TrainingSession.cohort_id == cohort.id
    )
    began = today - timedelta(days=4000)
    found = between(session, visible, began, today + timedelta(days=4000), MOST)
    is_open = [one for one in found if one.state is TrainingState.PLANNED]
    return render_template(
        "cohorts/training/cohort.html",
        cohort=cohort,
        late=[one for one in is_open if one.ends_at < today],
        coming=[one for one in found if one.ends_at >= today],
        held=[one for one in reversed(found) if one.ends_at < today and one not in is_open],
        halves=sum(one.halves for one in found if one.state is TrainingState.HELD),
        may_plan=can(Action.TRAINING_PLAN, cohort),
        form=form or ScanForm(formdata=None),
    )


# --- planning ---


@bp.get("/cohorts/<uuid:cohort_id>/training/new")
@guard(Action.TRAINING_PLAN, view=Action.COHORT_VIEW, cohort=find_cohort)
def new_training(cohort: Cohort) -> str:
    """A blank plan."""
    data = blank_data(now(), cohort.time_zone, current_actor().person_id)
    return _plan_page(_form(cohort, data), cohort, None)


@bp.post("/cohorts/<uuid:cohort_id>/training/new")
@guard(Action.TRAINING_PLAN, view=Action.COHORT_VIEW, cohort=find_cohort)
def plan_training(cohort: Cohort) -> Any:
    """Plan one session, or a series."""
    form, key = _form(cohort, {}), cohort.id
    if not form.validate_on_submit():
        return _plan_page(form, cohort, None), 422
    try:
        asked = form.plan(cohort.time_zone)
        clashes = _clashes(form, cohort, asked, None)
        if clashes:
            return _plan_page(form, cohort, None, clashes), 422
        with writing() as session:
            cohort = session.get_one(Cohort, key)
            made = service.plan(session, current_actor(), cohort, form.new_id, asked, now())
            first, number = made[0].id, len(made)
    except Refusal as refusal:
        return _refused(form, refusal, db.session.get_one(Cohort, key), None)
    web.say(
        ngettext(
            "%(num)d training session is planned; the cohort is told by mail.",
            "%(num)d training sessions are planned; the cohort is told by mail.",
            number,
        )
    )
    return see_other("cohorts.training_session", session_id=first)


@bp.get("/training/<uuid:session_id>/edit")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def edit_training(meeting: TrainingSession) -> str:
    """The plan, filled in."""
    if not is_open_to(meeting, TrainingEvent.HOLD):
        raise Late("illegal_transition", state=meeting.state)
    return _plan_page(_form(meeting.cohort, plan_data(meeting)), meeting.cohort, meeting)


@bp.post("/training/<uuid:session_id>/edit")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def change_training(meeting: TrainingSession) -> Any:
    """Move it, or change what it is about."""
    form, key = _form(meeting.cohort, {}), meeting.id
    if not form.validate_on_submit():
        return _plan_page(form, meeting.cohort, meeting), 422
    try:
        form.times.data = 1
        asked = form.plan(meeting.cohort.time_zone)
        clashes = _clashes(form, meeting.cohort, asked, meeting)
        if clashes:
            return _plan_page(form, meeting.cohort, meeting, clashes), 422
        with writing() as session:
            meeting = session.get_one(TrainingSession, key)
            service.change(session, current_actor(), meeting, form.seen_version, asked, now())
    except Refusal as refusal:
        found = db.session.get_one(TrainingSession, key)
        form.version.data = str(found.revision)
        return _refused(form, refusal, found.cohort, found)
    web.say(_("Saved."))
    return see_other("cohorts.training_session", session_id=key)


def _form(cohort: Cohort, data: dict[str, Any]) -> PlanForm:
    team = service.trainers(db.session, cohort)
    return plan_form(team, list(module_titles(cohort).items()), data)


def _clashes(
    form: PlanForm, cohort: Cohort, asked: Plan, meeting: TrainingSession | None
) -> list[Clash]:
    """Who is taken up already, unless it is to be planned all the same."""
    if form.despite.data:
        return []
    but = meeting.id if meeting else None
    return queries.clashing(db.session, cohort, asked.trainer_ids, asked.slots, but)


def _refused(
    form: PlanForm, refusal: Refusal, cohort: Cohort, meeting: TrainingSession | None
) -> Any:
    form.refuse(refusal)
    return _plan_page(form, cohort, meeting), refusal.status


def _plan_page(
    form: PlanForm,
    cohort: Cohort,
    meeting: TrainingSession | None,
    clashes: list[Clash] | None = None,
) -> str:
    return render_template(
        "cohorts/training/plan.html",
        form=form,
        cohort=cohort,
        meeting=meeting,
        clashes=clashes or [],
    )


# --- its page ---


@bp.get("/training/<uuid:session_id>")
@guard(Action.TRAINING_VIEW, meeting=find_training)
def training_session(meeting: TrainingSession) -> str:
    """When, where, by whom, about what; who came, for those who may know."""
    return session_page(meeting)


def session_page(meeting: TrainingSession, **refused: Any) -> str:
    """The page, with a form that was refused if there is one: reason, announce, material, scan."""
    session, runs = db.session, can(Action.TRAINING_RUN, meeting)
    sees_list = can(Action.TRAINING_LIST, meeting)
    lines = queries.lines(session, meeting) if sees_list else []
    may = {event.value: runs and is_open_to(meeting, event) for event in TrainingEvent}
    locked = any(one.attendance.locked_at for one in lines if one.attendance)
    may["reopen"] = may["reopen"] and not locked
    seen = {"version": str(meeting.revision)}
    forms = {
        "reason": VersionedReasonForm(formdata=None, data=seen),
        "announce": AnnounceForm(formdata=None),
        "material": MaterialForm(formdata=None),
        "scan": ScanForm(formdata=None),
    } | refused
    titles = module_titles(meeting.cohort) if meeting.modules else {}
    return render_template(
        "cohorts/training/session.html",
        meeting=meeting,
        modules=[titles[slug] for slug in meeting.modules if slug in titles],
        materials=queries.materials(session, meeting),
        lines=lines,
        sees_list=sees_list,
        own=attendance.own_line(session, current_actor(), meeting),
        scans=queries.scans(session, meeting) if sees_list else [],
        runs=runs,
        may=may,
        is_over=meeting.ends_at < now(),
        has_begun=meeting.starts_at <= now(),
        form=next(iter(refused.values()), None),
        forms=forms,
    )


@bp.post("/training/<uuid:session_id>/<any(cancel, reopen):act>")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def end_training(meeting: TrainingSession, act: str) -> Any:
    """It does not take place; or its list is opened again, to be corrected."""
    form, key = VersionedReasonForm(), meeting.id
    if not form.validate_on_submit():
        return session_page(meeting, reason=form), 422
    change = service.cancel if act == "cancel" else service.reopen
    try:
        with writing() as session:
            meeting = session.get_one(TrainingSession, key)
            change(
                session, current_actor(), meeting, form.seen_version, form.reason.data or "", now()
            )
    except Stale as refusal:
        found = db.session.get_one(TrainingSession, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return session_page(found, reason=form), 409
    if act == "cancel":
        web.say(_("Cancelled; the cohort is told by mail."))
        return see_other("cohorts.training_session", session_id=key)
    web.say(_("The list is open again: the day counts once you have closed it anew."), "warn")
    return see_other("cohorts.training_list", session_id=key)


@bp.get("/training/<uuid:session_id>/training.ics")
@guard(Action.TRAINING_VIEW, meeting=find_training)
def training_file(meeting: TrainingSession) -> Response:
    """One session, to be put into a calendar."""
    base = current_app.config["SETTINGS"].base_url
    data = calendars.single(meeting, base, current_language())
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="training.ics"'
    return answer


# --- what is handed out ---


@bp.post("/training/<uuid:session_id>/material")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, meeting=find_training)
def add_material(meeting: TrainingSession) -> Any:
    """A file, or an address."""
    form, key = MaterialForm(), meeting.id
    if not form.validate_on_submit():
        return session_page(meeting, material=form), 422
    sent = request.files.get("file")
    try:
        upload = None
        if isinstance(sent, FileStorage) and sent.filename:
            upload = accept(sent.stream, sent.filename)  # type: ignore[arg-type]
        if (upload is None) == (not form.url.data):
            raise Refusal("training_material_either")
        with writing() as session:
            actor, meeting = current_actor(), session.get_one(TrainingSession, key)
            kept = store(session, files(), upload, actor.person_id, now()) if upload else None
            title, url = form.title.data or "", form.url.data or ""
            service.add_material(session, actor, meeting, title, url, kept, now())
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(refusal, form.file)
        found = db.session.get_one(TrainingSession, key)
        return session_page(found, material=form), 422
    web.say(_("Added: the cohort finds it on this page."))
    return see_other("cohorts.training_session", session_id=key)


@bp.get("/training/material/<uuid:material_id>")
@guard(Action.TRAINING_VIEW, material=find_material)
def training_material(material: TrainingMaterial) -> Any:
    """The file. An address has none: it stands on the session's page."""
    if material.file is None:
        return see_other("cohorts.training_session", session_id=material.session_id)
    return send_kept(material.file)


@bp.post("/training/material/<uuid:material_id>/remove")
@guard(Action.TRAINING_RUN, view=Action.TRAINING_VIEW, material=find_material)
def remove_material(material: TrainingMaterial) -> Any:
    """Take it back."""
    key, back = material.id, material.session_id
    with writing() as session:
        found = session.get_one(TrainingMaterial, key)
        service.remove_material(session, current_actor(), found, now())
    web.say(_("Taken back."))
    return see_other("cohorts.training_session", session_id=back)
