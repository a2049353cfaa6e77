"""Writing a supervision session down: who came, how long, what was said and agreed."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms.cohorts.timetable.meetings import is_open_to
from lms.core import web
from lms.core.db import db
from lms.core.errors import Late, Refusal
from lms.fieldwork.models import SupervisionSession
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.rules import SupervisionEvent
from lms.fieldwork.supervision import queries, service
from lms.fieldwork.supervision.forms import HoldForm, hold_form
from lms.fieldwork.supervision.service import find_session
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/practice/supervision/<uuid:session_id>/hold")
@guard(Action.SUPERVISION_RUN, view=Action.SUPERVISION_VIEW, meeting=find_session)
def hold_supervision(meeting: SupervisionSession) -> str:
    """The form, with what was written down before a correction."""
    if not is_open_to(meeting, SupervisionEvent.HOLD):
        raise Late("illegal_transition", state=meeting.state)
    if meeting.starts_at > now():
        raise Refusal("supervision_in_future")
    return _page(_form(meeting), meeting)


@bp.post("/practice/supervision/<uuid:session_id>/hold")
@guard(Action.SUPERVISION_RUN, view=Action.SUPERVISION_VIEW, meeting=find_session)
def write_down_supervision(meeting: SupervisionSession) -> Any:
    """Keep it: from now on it counts for those who were there."""
    form, key = _form(meeting), meeting.id
    if not form.validate_on_submit():
        return _page(form, meeting), 422
    try:
        with writing() as session:
            meeting = session.get_one(SupervisionSession, key)
            content = form.content()
            service.hold(session, current_actor(), meeting, form.seen_version, content, now())
    except Refusal as refusal:
        found = db.session.get_one(SupervisionSession, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return _page(form, found), refusal.status
    web.say(_("Written down: it counts for those who were there."))
    return see_other("fieldwork.supervision_session", session_id=key)


def _form(meeting: SupervisionSession) -> HoldForm:
    actions = queries.actions_of(db.session, current_actor(), meeting)
    return hold_form(meeting, actions, service.private_notes(db.session, meeting))


def _page(form: HoldForm, meeting: SupervisionSession) -> str:
    return render_template(
        "fieldwork/supervision/hold.html",
        form=form,
        meeting=meeting,
        carried=queries.carried_over(db.session, current_actor(), meeting),
    )
