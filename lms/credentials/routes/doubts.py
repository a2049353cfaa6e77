"""Reports of doubtful certificates: from anybody, to the programme's admins."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.core import clock, throttle, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.credentials import service
from lms.credentials.forms import AnswerForm, DoubtForm
from lms.credentials.models import DoubtReport
from lms.credentials.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.route("/verify/report", methods=["GET", "POST"])
@guard(Action.REPORT_DOUBT)
def report() -> Any:
    """Say what seems wrong with a paper; `?token=` names the certificate it claims to be."""
    token = request.args.get("token", "")
    certificate = service.find_by_token(db.session, token) if token else None
    form = DoubtForm()
    if form.validate_on_submit():
        try:
            _keep(form, token)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return render_template("credentials/reported.html")
    elif request.method == "GET" and certificate is not None:
        form.shown.data = certificate.register_number
    status = 422 if form.errors else 200
    return render_template("credentials/report.html", form=form, certificate=certificate), status


def _keep(form: DoubtForm, token: str) -> None:
    now = clock.now()
    key = f"doubt:address:{request.remote_addr}"
    throttle.check(db.session, key, service.REPORT_LIMIT, now)
    with writing() as session:
        throttle.note(session, key, now)
        service.report_doubt(
            session,
            form.new_id,
            service.find_by_token(session, token) if token else None,
            shown=form.shown.data or "",
            message=form.message.data or "",
            contact=form.contact.data or "",
            now=now,
        )


@bp.get("/admin/doubts")
@guard(Action.DOUBTS_HANDLE)
def doubts() -> str:
    """Reports that wait for an answer, oldest first."""
    return render_template("credentials/doubts.html", reports=service.open_doubts(db.session))


@bp.route("/admin/doubts/<uuid:doubt_id>", methods=["GET", "POST"])
@guard(Action.DOUBTS_HANDLE, doubt=service.find_doubt)
def doubt(doubt: DoubtReport) -> Any:
    """One report, and what came of it."""
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                service.handle_doubt(
                    session, current_actor(), doubt, str(form.answer.data), clock.now()
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            web.say(_("The answer is noted."))
            return redirect(url_for(".doubts"), 303)
    status = 422 if form.errors else 200
    return render_template("credentials/doubt.html", form=form, doubt=doubt), status
