"""What everybody sees: start page, help, what operators ask for."""

from typing import Any

from flask import Response, current_app, jsonify, redirect, render_template, url_for

from lms.core import clock, i18n, web
from lms.core.db import db
from lms.curriculum import service as curriculum
from lms.insight.health import readiness
from lms.insight.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


@bp.get("/")
@guard(Action.PUBLIC_READ)
def start() -> Any:
    """What this is, the programmes, the box to verify a certificate."""
    if current_actor().is_authenticated:
        return redirect(url_for("insight.home"))
    release = curriculum.current_release(db.session)
    return render_template("insight/start.html", release=release)


@bp.get("/help")
@guard(Action.PUBLIC_READ)
def help_page() -> str:
    """How to get in, whom to ask."""
    return render_template("insight/help.html")


@bp.get("/manifest.webmanifest")
@guard(Action.PUBLIC_READ)
def manifest() -> Response:
    """The application as a phone installs it (W3C Web Application Manifest)."""
    language = i18n.current_language()
    answer = jsonify(
        name=str(i18n.site_name(current_app.config["SETTINGS"].site_name)),
        short_name="Coaching",
        lang=language,
        dir=i18n.direction(language),
        start_url="/home",
        scope="/",
        display="standalone",
        background_color="#faf8f4",
        theme_color="#0b5d5b",
        icons=[
            {"src": web.static("icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": web.static("icon-512.png"), "sizes": "512x512", "type": "image/png"},
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@bp.get("/healthz")
@guard(Action.HEALTH)
def healthz() -> Response:
    """Alive."""
    return jsonify(status="alive")


@bp.get("/readyz")
@guard(Action.HEALTH)
def readyz() -> tuple[Response, int]:
    """Able to work: database, migrations, queue, disk, keys, PDF."""
    found = readiness(db.session, clock.now())
    fine = all(part["ok"] for part in found.values())
    return jsonify(status="ready" if fine else "not ready", **found), 200 if fine else 503
