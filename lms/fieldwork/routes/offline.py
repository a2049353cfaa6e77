"""What makes the pages work without network: the service worker, its shell, the visit's grid."""

import hashlib
import json
from functools import cache
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for

from lms.cohorts.service import enrolments_of
from lms.core import web
from lms.core.db import db
from lms.fieldwork.entries.rules import local_date
from lms.fieldwork.routes.blueprint import bp, now
from lms.fieldwork.sync import observed
from lms.policy.actions import Action
from lms.policy.actor import Role
from lms.policy.guard import can, current_actor, guard

SHELL = (
    "style.css",
    "icons.svg",
    "favicon.svg",
    "js/app.js",
    "js/draft.js",
    "js/outbox.js",
    "js/field.js",
    "js/device.js",
)
"""What every page that works without network needs."""


@bp.get("/sw.js")
@guard(Action.PUBLIC_READ)
def service_worker() -> Response:
    """The service worker: from the root, so that it sees every page; asked for anew each time."""
    body, version = _worker()
    answer = Response(body, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(version)
    answer.make_conditional(request)
    return answer


@cache
def _worker() -> tuple[str, str]:
    shell = [web.static(path) for path in SHELL]
    code = web.static_file("js/sw.js").read_text(encoding="utf-8")
    version = hashlib.sha256(f"{shell}{code}".encode()).hexdigest()[:12]
    head = f"const SHELL = {json.dumps(shell)};\nconst VERSION = {json.dumps(version)};\n"
    return head + code, version


@bp.get("/offline")
@guard(Action.PUBLIC_READ)
def offline() -> str:
    """Shown by the service worker when a page is not on the phone. Says nothing of anybody."""
    return render_template("fieldwork/offline/offline.html", bare=True)


def kept_pages() -> list[str]:
    """Pages that a phone keeps for whoever is signed in, to write things down in the field."""
    actor = current_actor()
    mine = enrolments_of(db.session, actor.person_id) if actor.person_id else []
    pages = [
        url_for("fieldwork.note", enrolment_id=one.id)
        for one in mine
        if one.state.value == "enrolled" and can(Action.ENTRY_CREATE, one)
    ]
    if actor.has(Role.TRAINER):
        pages.append(url_for("fieldwork.observe"))
    return [*pages, url_for("fieldwork.outbox")] if pages else []


@bp.get("/practice/observe")
@guard(Action.PRACTICE_SYNC)
def observe() -> str:
    """The grid for a visit, for whoever is observed: chosen on the page."""
    actor = current_actor()
    today = local_date(now(), actor.time_zone or "UTC")
    return render_template(
        "fieldwork/offline/observe.html", groups=observed.groups_of(db.session, actor, today)
    )


@bp.get("/practice/observe/whom")
@guard(Action.PRACTICE_SYNC)
def choose_observed() -> Any:
    """Without a script: on to the form for whoever was chosen."""
    try:
        chosen = UUID(request.args.get("enrolment", ""))
    except ValueError:
        return redirect(url_for("fieldwork.observe"))
    if all(one.id != chosen for one in observed.observed_by(db.session, current_actor())):
        abort(404)
    return redirect(url_for("fieldwork.new_observation", enrolment_id=chosen))
