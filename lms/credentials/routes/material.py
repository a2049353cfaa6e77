"""Verification material: files that any program may fetch, keep and compare (CORS, ETag)."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, current_app, make_response, render_template, request

from lms.core.db import db
from lms.core.files import FileStore
from lms.core.i18n import current_language
from lms.credentials import service
from lms.credentials.models import Certificate
from lms.credentials.routes.blueprint import asked_language, body, bp
from lms.policy.actions import Action
from lms.policy.guard import guard

CREDENTIAL_TYPE = "application/vc+ld+json"
"""Not `application/vc`: programs in JavaScript read JSON only where the type says `json`."""
SHORT = 300
"""Seconds that did.json and status lists may be kept: shorter than a key's lead time."""


def material(data: bytes | str, media_type: str, seconds: int = SHORT) -> Response:
    """A file of verification material, with its ETag; 304 when the caller has it already."""
    answer = make_response(data)
    answer.headers["Content-Type"] = media_type
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def as_json(document: Mapping[str, Any]) -> str:
    """JSON for people who look into it, too."""
    return json.dumps(document, ensure_ascii=False, indent=1)


@bp.get("/.well-known/did.json")
@guard(Action.VERIFY)
def did_document() -> Response:
    """The issuer's keys (did:web)."""
    return material(as_json(body().did_document), "application/json")


@bp.get("/status/<purpose>/<int:number>.json")
@guard(Action.VERIFY)
def status_list(purpose: str, number: int) -> Response:
    """A signed status list (Bitstring Status List 1.0, section 2.2)."""
    row = service.find_list(db.session, purpose, number)
    if row is None:
        abort(404)
    return material(row.credential, CREDENTIAL_TYPE)


@bp.get("/credentials/<token>.json")
@guard(Action.VERIFY)
def credential(token: str) -> Response:
    """The signed credential (Open Badges 3.0)."""
    certificate = _signed(token)
    answer = material(certificate.credential or "", CREDENTIAL_TYPE)
    if "download" in request.args:
        name = f"{certificate.register_number}.json"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/certificates/<token>.pdf")
@guard(Action.VERIFY)
def printed(token: str) -> Response:
    """The printed certificate in the language asked for; 503 while it is being printed."""
    certificate = _signed(token)
    documents = {document.language: document for document in certificate.documents}
    if not documents:
        page = render_template("credentials/printing.html", certificate=certificate)
        answer = make_response(page, 503)
        answer.headers["Retry-After"] = "20"
        return answer
    language = asked_language(current_language())
    document = documents.get(language) or next(iter(documents.values()))
    files: FileStore = current_app.extensions["files"]
    answer = material(files.get(document.sha256), "application/pdf")
    kind = "attachment" if "download" in request.args else "inline"
    name = f"{certificate.register_number}-{document.language}.pdf"
    answer.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    answer.headers["Content-Language"] = document.language
    return answer


def _signed(token: str) -> Certificate:
    certificate = service.find_by_token(db.session, token)
    if certificate is None or not certificate.is_prepared:
        abort(404)
    return certificate
