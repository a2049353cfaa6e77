"""What every page gets: security headers, fingerprinted static files, error pages, messages."""

import hashlib
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    get_flashed_messages,
    g,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from lms.core import i18n, labels
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.resources import PACKAGE
from lms.core.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@cache
def _fingerprint(path: str) -> str:
    return hashlib.sha256((PACKAGE / "static" / path).read_bytes()).hexdigest()[:12]


def static(path: str) -> str:
    """Address of a static file that changes with its content, so that it may be kept for ever."""
    try:
        return url_for("static", filename=path, v=_fingerprint(path))
    except OSError:
        return url_for("static", filename=path)


def lang_url(code: str) -> str:
    """This page's address in another language."""
    if request.endpoint is None:
        return f"/?lang={code}"
    args = {name: values for name, values in request.args.lists() if name != "lang"}
    return url_for(request.endpoint, **{**(request.view_args or {}), **args, "lang": code})


def say(text: str, tone: str = "ok", undo_url: str = "") -> None:
    """Show a message on the next page, optionally with an undo for ten seconds."""
    flash({"text": str(text), "undo": undo_url}, tone)  # type: ignore[arg-type]


def messages() -> list[tuple[str, str, str | None]]:
    """Waiting messages as (tone, text, undo address or None)."""
    if not request or "lms" not in request.cookies:
        return []
    found: Any = get_flashed_messages(with_categories=True)
    return [(tone, item["text"], item["undo"] or None) for tone, item in found]


def init_app(app: Flask) -> None:
    """Register headers, helpers of templates, error pages."""
    settings: Settings = app.config["SETTINGS"]
    app.jinja_env.globals.update(
        static=static,
        lang_url=lang_url,
        messages=messages,
        label=labels.label,
        tone=labels.tone,
        site_name=settings.site_name,
        help_email=settings.help_email,
        is_demo=settings.demo,
        languages=[(code, i18n.NATIVE_NAMES[code]) for code in settings.languages],
        nav_items=list,
        demo_bar=lambda: None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _http_error)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _fault)

    @app.context_processor
    def _page() -> dict[str, Any]:
        language = i18n.current_language()
        return {"lang": language, "dir": i18n.direction(language)}


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.endpoint == "static":
        lasting = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        headers["Cache-Control"] = lasting
    elif response.mimetype == "text/html":
        # a page in somebody's language, or about somebody: never shared, never kept
        headers.setdefault("Cache-Control", "private, no-store")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


_PAGES = frozenset({400, 401, 403, 404, 409, 413, 429, 500, 503})


def error_page(code: int, text: str = "", error_id: str = "") -> tuple[Any, int]:
    """The page (or JSON) of an error, in the language of the request."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) != "text/html":
        return jsonify(error=code, message=text, id=error_id), code
    page = code if code in _PAGES else (500 if code >= 500 else 400)
    return render_template(f"errors/{page}.html", text=text, error_id=error_id, code=code), code


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    body, code = error_page(error.code)
    response = current_app.make_response((body, code))
    if error.code == 405:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or [])
    if error.code in {429, 503} and getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(error.retry_after)  # type: ignore[attr-defined]
    return response


def _refused(refusal: Refusal) -> Any:
    db.session.rollback()
    code = 429 if refusal.code == "throttled" else 409
    return error_page(code, labels.refusal_text(refusal))


def _busy(error: OperationalError) -> Any:
    db.session.rollback()
    current_app.logger.exception("database unavailable", exc_info=error)
    body, code = error_page(503)
    response = current_app.make_response((body, code))
    response.headers["Retry-After"] = "5"
    return response


def _fault(error: Exception) -> Any:
    db.session.rollback()
    error_id = token_hex(4)
    who = getattr(current_user, "id", None) if "_login_user" in g else None
    current_app.logger.error("fault %s person %s", error_id, who, exc_info=error)
    return error_page(500, error_id=error_id)


def static_file(path: str) -> Path:
    """A static file's place, for routes that serve one from another address."""
    return PACKAGE / "static" / path
