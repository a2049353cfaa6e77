"""Checking a file that somebody was handed: the PDF or the credential, against our register."""

import json
from datetime import datetime
from typing import Any

from flask import render_template, request

from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.credentials import service
from lms.credentials.attachment import MAX_PDF_BYTES
from lms.credentials.forms import FileForm
from lms.credentials.labels import FINDINGS
from lms.credentials.offline import ExitCode, Report, verify_file
from lms.credentials.reading import read
from lms.credentials.routes.blueprint import body, bp
from lms.credentials.routes.material import as_json
from lms.credentials.rules import Standing, standing
from lms.policy.actions import Action
from lms.policy.guard import guard

TONES = {
    ExitCode.IN_FORCE: "ok",
    ExitCode.REFUSED: "bad",
    ExitCode.UNREADABLE: "soft",
    ExitCode.NOT_CHECKED: "warn",
}


@bp.get("/verify/file")
@guard(Action.VERIFY)
def file() -> str:
    """Bring a file. `?token=` fills in a credential, to change one letter and see it refused."""
    form = FileForm(formdata=None)
    found = service.find_by_token(db.session, request.args.get("token", ""))
    if found is not None and found.credential is not None:
        form.text.data = as_json(json.loads(found.credential))
    return render_template("credentials/file.html", form=form, report=None)


@bp.post("/verify/file")
@guard(Action.VERIFY)
def check_file() -> Any:
    """Say what is known of the file. Nothing is kept of it."""
    form = FileForm()
    try:
        if not form.validate_on_submit():
            return render_template("credentials/file.html", form=form, report=None), 422
        report = _report(_handed_in(form), clock.now())
    except Refusal as refusal:
        form.refuse(refusal, form.file)
        return render_template("credentials/file.html", form=form, report=None), 422
    return render_template(
        "credentials/file.html",
        form=form,
        report=report,
        title=FINDINGS[report.reason],
        tone=TONES[report.exit_code],
        printed=read(report.credential) if report.credential else None,
        link=_token(report.credential["id"]) if report.credential else "",
    )


def _handed_in(form: FileForm) -> bytes:
    upload = form.file.data
    data: bytes = upload.read(MAX_PDF_BYTES + 1) if upload else b""
    data = data or str(form.text.data or "").strip().encode("utf-8", "replace")
    if not data:
        raise Refusal("nothing_to_check")
    return data


def _token(credential_id: str) -> str:
    return credential_id.rpartition("/")[2].removesuffix(".json")


def _report(data: bytes, now: datetime) -> Report:
    def register(credential_id: str, _data: bytes) -> Standing | None:
        found = service.find_by_token(db.session, _token(credential_id))
        return standing(found, now) if found is not None and found.is_prepared else None

    return verify_file(data, body().public_keys, now=now, register=register)
