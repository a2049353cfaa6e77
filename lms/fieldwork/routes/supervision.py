"""Supervision sessions: planned, moved, cancelled, looked at."""

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.cohorts.forms import VersionedReasonForm
from lms.cohorts.models import Cohort
from lms.cohorts.service import find_cohort
from lms.cohorts.timetable.meetings import is_open_to
from lms.cohorts.timetable.people import enrolled
from lms.cohorts.timetable.rules import Clash
from lms.core import web
from lms.core.db import db
from lms.core.errors import Late, Refusal, Stale
from lms.fieldwork.models import SupervisionAction, SupervisionSession
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.rules import SupervisionEvent
from lms.fieldwork.supervision import queries, service
from lms.fieldwork.supervision.forms import (
    PlanForm,
    PrivateForm,
    blank_data,
    plan_data,
    plan_form,
)
from lms.fieldwork.supervision.rules import Plan
from lms.fieldwork.supervision.service import find_action, find_session
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing

# --- planning ---


@bp.get("/practice/cohorts/<uuid:cohort_id>/supervision/new")
@guard(Action.SUPERVISION_PLAN, view=Action.COHORT_VIEW, cohort=find_cohort)
def new_supervision(cohort: Cohort) -> str:
    """A blank plan."""
    trainees = enrolled(db.session, cohort.id)
    form = plan_form(trainees, blank_data(now(), cohort.time_zone))
    return _plan_page(form, cohort, None)


@bp.post("/practice/cohorts/<uuid:cohort_id>/supervision/new")
@guard(Action.SUPERVISION_PLAN, view=Action.COHORT_VIEW, cohort=find_cohort)
def plan_supervision(cohort: Cohort) -> Any:
    """Plan one session, or one a week."""
    form = plan_form(enrolled(db.session, cohort.id), {})
    if not form.validate_on_submit():
        return _plan_page(form, cohort, None), 422
    key = cohort.id
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
            "%(num)d session is planned; trainees are told by mail.",
            "%(num)d sessions are planned; trainees are told by mail.",
            number,
        )
    )
    return see_other("fieldwork.supervision_session", session_id=first)


@bp.get("/practice/supervision/<uuid:session_id>/edit")
@guard(Action.SUPERVISION_RUN, view=Action.SUPERVISION_VIEW, meeting=find_session)
def edit_supervision(meeting: SupervisionSession) -> str:
    """The plan, filled in."""
    if not is_open_to(meeting, SupervisionEvent.HOLD):
        raise Late("illegal_transition", state=meeting.state)
    form = plan_form(enrolled(db.session, meeting.cohort.id), plan_data(meeting))
    return _plan_page(form, meeting.cohort, meeting)


@bp.post("/practice/supervision/<uuid:session_id>/edit")
@guard(Action.SUPERVISION_RUN, view=Action.SUPERVISION_VIEW, meeting=find_session)
def change_supervision(meeting: SupervisionSession) -> Any:
    """Move it, or change who is invited."""
    form = plan_form(enrolled(db.session, meeting.cohort.id), {})
    if not form.validate_on_submit():
        return _plan_page(form, meeting.cohort, meeting), 422
    key = meeting.id
    try:
        asked = form.plan(meeting.cohort.time_zone)
        clashes = _clashes(form, meeting.cohort, asked, meeting)
        if clashes:
            return _plan_page(form, meeting.cohort, meeting, clashes), 422
        with writing() as session:
            meeting = session.get_one(SupervisionSession, key)
            service.change(session, current_actor(), meeting, form.seen_version, asked, now())
    except Refusal as refusal:
        found = db.session.get_one(SupervisionSession, key)
        form.version.data = str(found.revision)
        return _refused(form, refusal, found.cohort, found)
    web.say(_("Saved."))
    return see_other("fieldwork.supervision_session", session_id=key)


def _clashes(
    form: PlanForm, cohort: Cohort, asked: Plan, meeting: SupervisionSession | None
) -> list[Clash]:
    """Who is taken up already, unless they are to be planned all the same."""
    if form.despite.data:
        return []
    invited = [one for one in enrolled(db.session, cohort.id) if one.id in asked.enrolment_ids]
    actor = current_actor()
    but = meeting.id if meeting else None
    return queries.clashing(db.session, actor.person_id, invited, asked.slots, but)


def _refused(
    form: PlanForm, refusal: Refusal, cohort: Cohort, meeting: SupervisionSession | None
) -> Any:
    form.refuse(refusal)
    return _plan_page(form, cohort, meeting), refusal.status


def _plan_page(
    form: PlanForm,
    cohort: Cohort,
    meeting: SupervisionSession | None,
    clashes: list[Clash] | None = None,
) -> str:
    return render_template(
        "fieldwork/supervision/plan.html",
        form=form,
        cohort=cohort,
        meeting=meeting,
        clashes=clashes or [],
    )


# --- its page ---


@bp.get("/practice/supervision/<uuid:session_id>")
@guard(Action.SUPERVISION_VIEW, meeting=find_session)
def supervision_session(meeting: SupervisionSession) -> str:
    """When, where, with whom; what was noted and agreed, for those who were there."""
    return session_page(meeting)


def session_page(
    meeting: SupervisionSession,
    reason: VersionedReasonForm | None = None,
    private: PrivateForm | None = None,
) -> str:
    """The page, with a form that was refused if there is one."""
    actor, session = current_actor(), db.session
    seen = {"version": str(meeting.revision)}
    if private is None and can(Action.SUPERVISION_READ_PRIVATE, meeting):
        notes = service.private_notes(session, meeting)
        private = PrivateForm(formdata=None, data={**seen, "private_notes": notes})
    runs = can(Action.SUPERVISION_RUN, meeting)
    may = {event.value: is_open_to(meeting, event) and runs for event in SupervisionEvent}
    may["cancel"] = is_open_to(meeting, SupervisionEvent.CANCEL) and can(
        Action.SUPERVISION_CANCEL, meeting
    )
    may["hold"] = may["hold"] and meeting.starts_at <= now()
    may["change"] = is_open_to(meeting, SupervisionEvent.HOLD) and runs
    may["reopen"] = may["reopen"] and not any(one.locked_at for one in meeting.presences)
    reason = reason or VersionedReasonForm(formdata=None, data=seen)
    return render_template(
        "fieldwork/supervision/session.html",
        meeting=meeting,
        trainees=sorted(meeting.presences, key=lambda one: one.enrolment.sort_name),
        own=next((o for o in meeting.presences if o.enrolment.person_id == actor.person_id), None),
        actions=queries.actions_of(session, actor, meeting),
        carried=queries.carried_over(session, actor, meeting),
        reads=can(Action.SUPERVISION_READ, meeting),
        runs=runs,
        may=may,
        private=private,
        reason=reason,
        form=reason if reason.errors else private or reason,
    )


@bp.post("/practice/supervision/<uuid:session_id>/cancel")
@guard(Action.SUPERVISION_CANCEL, view=Action.SUPERVISION_VIEW, meeting=find_session)
def cancel_supervision(meeting: SupervisionSession) -> Any:
    """It does not take place."""
    key = meeting.id
    refused = _with_reason(meeting, service.cancel)
    if refused is not None:
        return refused
    web.say(_("Cancelled; trainees are told by mail."))
    return see_other("fieldwork.supervision_session", session_id=key)


@bp.post("/practice/supervision/<uuid:session_id>/reopen")
@guard(Action.SUPERVISION_RUN, view=Action.SUPERVISION_VIEW, meeting=find_session)
def reopen_supervision(meeting: SupervisionSession) -> Any:
    """Correct what was written down."""
    key = meeting.id
    refused = _with_reason(meeting, service.reopen)
    if refused is not None:
        return refused
    web.say(_("Open again: it counts once you have written it down anew."), "warn")
    return see_other("fieldwork.hold_supervision", session_id=key)


def _with_reason(meeting: SupervisionSession, change: Callable[..., None]) -> Any:
    """Change it, with the reason typed; the page once more where that is refused, or None."""
    form, key = VersionedReasonForm(), meeting.id
    if not form.validate_on_submit():
        return session_page(meeting, form), 422
    try:
        with writing() as session:
            meeting = session.get_one(SupervisionSession, key)
            seen, reason = form.seen_version, form.reason.data or ""
            change(session, current_actor(), meeting, seen, reason, now())
    except Stale as refusal:
        found = db.session.get_one(SupervisionSession, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return session_page(found, form), refusal.status
    return None


@bp.post("/practice/supervision/<uuid:session_id>/private")
@guard(Action.SUPERVISION_READ_PRIVATE, view=Action.SUPERVISION_VIEW, meeting=find_session)
def save_private_notes(meeting: SupervisionSession) -> Any:
    """Notes for oneself."""
    form, key = PrivateForm(), meeting.id
    if not form.validate_on_submit():
        return session_page(meeting, private=form), 422
    try:
        with writing() as session:
            meeting = session.get_one(SupervisionSession, key)
            service.write_private(
                session, meeting, form.seen_version, form.private_notes.data or ""
            )
    except Stale as refusal:
        found = db.session.get_one(SupervisionSession, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return session_page(found, private=form), 409
    web.say(_("Your private notes are kept."))
    return see_other("fieldwork.supervision_session", session_id=key)


@bp.post("/practice/supervision/actions/<uuid:action_id>/<done>")
@guard(Action.SUPERVISION_TICK, agreed=find_action)
def tick_action(agreed: SupervisionAction, done: str) -> Any:
    """It is done; or it is not after all."""
    key, back = agreed.id, agreed.session_id
    with writing() as session:
        agreed = session.get_one(SupervisionAction, key)
        service.tick(session, agreed, now(), done=done == "done")
    web.say(_("Done: well done.") if done == "done" else _("It is open again."))
    return see_other("fieldwork.supervision_session", session_id=back)
