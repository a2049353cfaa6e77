"""What every page gets: security headers, fingerprinted static files, error pages, messages."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    get_flashed_messages,
    has_request_context,
    jsonify,
    render_template,
    request,
)
from flask_babel import lazy_gettext
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.security import safe_join

from lms.core import i18n, labels
from lms.core.addresses import same_page
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.faults import way_of_fault, words_of_fault
from lms.core.resources import PACKAGE
from lms.core.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class _Static:
    """A static file as it is sent: read and compressed once."""

    plain: bytes
    gzipped: bytes
    media_type: str
    fingerprint: str


@lru_cache(256)  # one file has many addresses: a/../style.css
def _static(path: str) -> _Static:
    """Raises OSError for anything but a file inside the folder of static files."""
    place = safe_join(str(PACKAGE / "static"), path)
    if place is None or "\0" in place:
        raise FileNotFoundError(path)
    plain = Path(place).read_bytes()
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(plain, 9, mtime=0)
    return _Static(
        plain,
        packed if len(packed) < 0.9 * len(plain) else plain,
        f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
        hashlib.sha256(plain).hexdigest()[:12],
    )


@cache
def static(path: str) -> str:
    """Address of a static file that changes with its content, so that it may be kept for ever."""
    try:
        return f"/static/{path}?v={_static(path).fingerprint}"
    except OSError:
        return f"/static/{path}"


def _send_static(filename: str) -> Response:
    try:
        found = _static(filename)
    except OSError:
        abort(404)
    packed = found.gzipped is not found.plain and request.accept_encodings["gzip"] > 0
    answer = Response(found.gzipped if packed else found.plain, content_type=found.media_type)
    if packed:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.set_etag(f"{found.fingerprint}{'-gz' if packed else ''}")
    # for ever only what the address speaks of: during an update this may still be the old file
    lasting = request.args.get("v") == found.fingerprint
    kept = "public, max-age=31536000, immutable" if lasting else "no-cache"
    answer.headers["Cache-Control"] = kept
    answer.make_conditional(request)
    return answer


def tongues(languages: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Code, own name and address of this page in each language.

    It is the address of the start where this one shows no page.
    """
    rule = request.url_rule
    shows = rule is not None and "GET" in (rule.methods or ())
    return [
        (code, i18n.NATIVE_NAMES[code], same_page(lang=code) if shows else f"/?lang={code}")
        for code in languages
    ]


def wants_json() -> bool:
    """Whether the caller asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.is_json


def say(text: str, tone: str = "ok", undo_url: str = "") -> None:
    """Show a message on the next page, optionally with an undo for ten seconds."""
    flash({"text": str(text), "undo": undo_url}, tone)  # type: ignore[arg-type]


def messages() -> list[tuple[str, str, str | None]]:
    """Waiting messages as (tone, text, undo address or None)."""
    if not has_request_context() or "lms" not in request.cookies:
        return []
    found: Any = get_flashed_messages(with_categories=True)
    return [(tone, item["text"], item["undo"] or None) for tone, item in found]


def init_app(app: Flask) -> None:
    """Register headers, helpers of templates, error pages."""
    settings: Settings = app.config["SETTINGS"]
    app.jinja_env.globals.update(
        static=static,
        tongues=partial(tongues, settings.languages),
        languages=[(code, i18n.NATIVE_NAMES[code]) for code in settings.languages],
        messages=messages,
        label=labels.label,
        tone=labels.tone,
        site_name=i18n.site_name(settings.site_name),
        help_email=settings.help_email,
        is_demo=settings.demo,
        nav_items=list,
        demo_bar=lambda: None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_headers)
    app.view_functions["static"] = _send_static
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(StaleDataError, lambda _error: _refused(Stale()))
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(PoolTimeout, _busy)
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
    # a page in somebody's language, or about somebody: never shared, never kept
    headers.setdefault("Cache-Control", "private, no-store")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


_WORDS = {
    400: lazy_gettext("We could not read that request"),
    401: lazy_gettext("Please sign in"),
    403: lazy_gettext("You cannot do this"),
    404: lazy_gettext("We cannot find this page"),
    409: lazy_gettext("This cannot be done now"),
    413: lazy_gettext("This file is too large"),
    429: lazy_gettext("A short pause, please"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("We will be back shortly"),
}


def error_page(code: int, text: str = "", error_id: str = "") -> tuple[Any, int]:
    """The page (or JSON) of an error, in the language of the request.

    Bare, without person and navigation, where these may be what is broken.
    """
    page = code if code in _WORDS else (500 if code >= 500 else 400)
    g.bare = code >= 500 or isinstance(request.routing_exception, SecurityError)
    if not g.bare:
        try:
            return _error_body(page, code, text, error_id), code
        except Exception:
            current_app.logger.exception("no page for error %s: shown bare", code)
            db.session.rollback()
            g.bare = True
    return _error_body(page, code, text, error_id), code


def _error_body(page: int, code: int, text: str, error_id: str) -> Any:
    if wants_json():
        return jsonify(error=code, message=text or str(_WORDS[page]), id=error_id)
    known = {"code": code, "text": text, "error_id": error_id, "bare": g.bare}
    return render_template(f"errors/{page}.html", **known)


def http_error(error: HTTPException) -> Any:
    """The page of an HTTP error, with the headers that belong to it."""
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        return _fault(error.original_exception)
    response = current_app.make_response(error_page(error.code))
    for name, value in error.get_headers(request.environ):
        if name.lower() != "content-type":  # Allow, Retry-After, WWW-Authenticate, Content-Range
            response.headers[name] = value
    return response


def _refused(refusal: Refusal) -> Any:
    db.session.rollback()
    code = 429 if refusal.code == "throttled" else 409
    return error_page(code, labels.refusal_text(refusal))


def _busy(error: Exception) -> Any:
    db.session.rollback()
    current_app.logger.error("database unavailable: %s", words_of_fault(error))
    response = current_app.make_response(error_page(503))
    response.headers["Retry-After"] = "5"
    return response


def _fault(error: BaseException) -> Any:
    db.session.rollback()
    error_id = token_hex(4)
    who = getattr(g.get("_login_user"), "id", None)
    words, way = words_of_fault(error), way_of_fault(error)
    current_app.logger.error("fault %s person %s: %s\n%s", error_id, who, words, way)
    return error_page(500, error_id=error_id)


def static_file(path: str) -> Path:
    """A static file's place, for routes that serve one from another address."""
    return PACKAGE / "static" / path
