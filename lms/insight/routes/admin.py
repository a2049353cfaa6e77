"""Administration: the trail, jobs, mail, the table of permissions, the story of a case."""

from datetime import datetime
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from lms.core import clock, web
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.jobs import Job, JobState
from lms.core.labels import label
from lms.core.mail import MailMessage
from lms.core.paging import paginate
from lms.insight import permissions, service, trail
from lms.insight.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/admin/audit")
@guard(Action.AUDIT_LIST)
def audit() -> str:
    """Every change of state, newest first."""
    query = service.trail_visible_to(current_actor())
    kind, words = request.args.get("kind", ""), request.args.get("q", "").strip()[:100]
    if kind in trail.KINDS:
        query = query.where(AuditEntry.subject_kind == kind)
    query = service.about(query, words)
    page = paginate(
        db.session,
        query,
        AuditEntry.id,
        AuditEntry.at,
        read_sort=datetime.fromisoformat,
        newest_first=True,
        size=40,
    )
    return render_template("insight/audit.html", page=page, trail=trail, kind=kind, q=words)


@bp.get("/admin/jobs")
@guard(Action.JOBS_VIEW)
def jobs() -> str:
    """Work done outside requests; what failed can be tried again."""
    query = select(Job)
    state = request.args.get("state", "")
    if state in set(JobState):
        query = query.where(Job.status == JobState(state))
    page = paginate(db.session, query, Job.id, newest_first=True)
    states = [("", _("All states")), *((one.value, label(one)) for one in JobState)]
    return render_template("insight/jobs.html", page=page, states=states, state=state)


@bp.post("/admin/jobs/<uuid:job_id>/retry")
@guard(Action.JOBS_VIEW, job=service.find_job)
def retry_job(job: Job) -> Any:
    """Try a failed job again."""
    with writing() as session:
        service.retry(session, job, clock.now())
    web.say(_("The job will be tried again."))
    return redirect(url_for("insight.jobs"), 303)


@bp.get("/admin/outbox")
@guard(Action.OUTBOX_VIEW)
def outbox() -> str:
    """All mail, sent or waiting; in the demo this is where it arrives."""
    page = paginate(db.session, select(MailMessage), MailMessage.id, newest_first=True)
    return render_template("insight/outbox.html", page=page)


@bp.get("/admin/outbox/<uuid:message_id>")
@guard(Action.OUTBOX_VIEW, message=service.find_message)
def message(message: MailMessage) -> str:
    """One message as its reader sees it."""
    return render_template("insight/message.html", message=message)


@bp.get("/admin/outbox/<uuid:message_id>/html")
@guard(Action.OUTBOX_VIEW, message=service.find_message)
def message_html(message: MailMessage) -> Any:
    """The HTML part alone, for the frame on the message's page."""
    answer = current_app.make_response(message.html)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
    )
    return answer


@bp.get("/admin/permissions")
@guard(Action.PERMISSIONS_VIEW)
def permission_table() -> str:
    """Who may do what: the table itself, so that it cannot drift from the truth."""
    return render_template("insight/permissions.html", areas=permissions.areas())
