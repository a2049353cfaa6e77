"""Reported posts, for those who moderate; and the link in a message that stops messages."""

from typing import Any

from flask import abort, current_app, render_template, request
from flask_babel import gettext as _

from lms.cohorts.discussion import moderation, switch
from lms.cohorts.discussion.forms import SettleForm
from lms.cohorts.models import PostReport
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.paging import paginate
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/cohorts/reports")
@guard(Action.REPORT_LIST)
def reports() -> str:
    """Those that wait, oldest first; with `?settled=1` those that are settled."""
    settled = request.args.get("settled") == "1"
    waits = PostReport.settled_at.is_(None)
    query = moderation.reports_visible_to(current_actor()).where(~waits if settled else waits)
    page: Any = paginate(db.session, query, PostReport.id, newest_first=settled)
    return render_template("cohorts/discussion/reports.html", page=page, settled=settled)


def _page(form: SettleForm, report: PostReport) -> str:
    return render_template("cohorts/discussion/settle.html", form=form, report=report)


@bp.get("/cohorts/reports/<uuid:report_id>")
@guard(Action.REPORT_SETTLE, report=moderation.find_report)
def post_report(report: PostReport) -> str:
    """The post, what is said against it, and what becomes of it."""
    return _page(SettleForm(), report)


@bp.post("/cohorts/reports/<uuid:report_id>")
@guard(Action.REPORT_SETTLE, report=moderation.find_report)
def settle_report(report: PostReport) -> Any:
    """Hide the post, or let it stay."""
    form, key = SettleForm(), report.id
    if not form.validate_on_submit() or form.outcome.data not in {"hide", "leave"}:
        return _page(form, report), 422
    try:
        with writing() as session:
            moderation.settle(
                session,
                current_actor(),
                session.get_one(PostReport, key),
                form.reason.data or "",
                now(),
                hides=form.outcome.data == "hide",
            )
    except Refusal as refusal:
        form.refuse(refusal, form.reason)
        return _page(form, db.session.get_one(PostReport, key)), 422
    web.say(_("Saved."))
    return see_other("cohorts.reports")


# --- stopping messages, without signing in ---


def _switch(token: str) -> switch.Switch:
    found = switch.read(current_app.config["SETTINGS"].secret_key, token[:400])
    return found or abort(404)


@bp.get("/discussion-mail/<token>")
@guard(Action.DISCUSSION_MAIL)
def ask_stop_mail(token: str) -> str:
    """Which messages are to stop? Opening the link changes nothing."""
    _switch(token)
    return render_template("cohorts/discussion/stop.html", stopped=False)


@bp.post("/discussion-mail/<token>")
@guard(Action.DISCUSSION_MAIL)
def stop_mail(token: str) -> str:
    """No more of them."""
    found = _switch(token)
    everywhere = request.form.get("what") == "all"
    with writing() as session:
        switch.stop(session, found, everywhere=everywhere)
    return render_template("cohorts/discussion/stop.html", stopped=True)
