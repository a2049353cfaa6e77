"""Verification for everybody: by QR code, link or typed code, as a page and as JSON."""

import contextlib
from datetime import datetime
from typing import Any

from flask import (
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from lms.core import clock, throttle
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.web import wants_json
from lms.credentials import achievements, service
from lms.credentials.codes import RegisterNumber, parse_code
from lms.credentials.facts import CertificateFacts, instant
from lms.credentials.forms import CodeForm
from lms.credentials.integrity import is_intact
from lms.credentials.labels import VERDICT_LEADS, VERDICT_TITLES
from lms.credentials.models import Certificate
from lms.credentials.routes.blueprint import body, bp, in_language, printed_day
from lms.credentials.rules import Standing, standing
from lms.policy.actions import Action
from lms.policy.guard import guard, writing


@bp.get("/verify")
@guard(Action.VERIFY)
def verify() -> Any:
    """Where one types the code from a paper, or brings a file. `?code=` asks at once."""
    if "code" in request.args:
        return _find(CodeForm(request.args))
    return render_template("credentials/verify.html", form=CodeForm(formdata=None))


@bp.post("/verify")
@guard(Action.VERIFY)
def find() -> Any:
    """From a typed code to the certificate's page."""
    return _find(CodeForm())


def _find(form: CodeForm) -> Any:
    if form.validate():
        try:
            certificate = _by_code(str(form.code.data), clock.now())
            return redirect(url_for(".certificate", token=certificate.token), 303)
        except Refusal as refusal:
            status = 429 if refusal.code == "throttled" else 422
            form.refuse(refusal, form.code)
    else:
        status = 422
    return render_template("credentials/verify.html", form=form), status


def _by_code(typed: str, now: datetime) -> Certificate:
    """Raises Refusal. What is misspelt is told at once; only well-formed wrong codes count."""
    with contextlib.suppress(Refusal):
        RegisterNumber.parse(typed)
        raise Refusal("number_is_no_code")
    code = parse_code(typed)
    key = f"verify:address:{request.remote_addr}"
    throttle.check(db.session, key, service.CODE_LIMIT, now)
    certificate = service.find_by_code(db.session, code)
    if certificate is None:
        with writing() as session:
            throttle.note(session, key, now)
        raise Refusal("code_unknown")
    return certificate


@bp.get("/verify/<token>")
@guard(Action.VERIFY)
def certificate(token: str) -> Response:
    """Whether a certificate holds now, since when, and what stands on it. Two queries."""
    found = service.find_by_token(db.session, token)
    if found is None:
        return _unknown()
    now = clock.now()
    told, facts = standing(found, now), found.said
    if found.credential is not None and not is_intact(found, facts, body().public_keys):
        return _doubtful(found)
    if wants_json():
        return _as_json(found, facts, told, now)
    page = render_template(
        "credentials/certificate.html",
        certificate=found,
        facts=facts,
        standing=told,
        title=VERDICT_TITLES[told.verdict],
        lead=VERDICT_LEADS[told.verdict],
        now=now,
        words=in_language,
        printed_day=printed_day,
        did=facts.issuer.did,
    )
    return _unshared(page)


def _unshared(page: str, status: int = 200) -> Response:
    """A page that names a person: not kept, not indexed, and no address handed on."""
    answer = make_response(page, status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return answer


def _unknown() -> Response:
    if wants_json():
        answer = jsonify(verdict="unknown", in_force=False)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.status_code = 404
        return answer
    return _unshared(render_template("credentials/unknown.html"), 404)


def _doubtful(found: Certificate) -> Response:
    """The register does not agree with the signature: nothing is confirmed."""
    if wants_json():
        answer = jsonify(verdict="unconfirmed", in_force=False)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.status_code = 503
        return answer
    return _unshared(render_template("credentials/unconfirmed.html", certificate=found), 503)


def _as_json(
    found: Certificate, facts: CertificateFacts, told: Standing, now: datetime
) -> Response:
    answer = jsonify(
        verdict=told.verdict.value,
        in_force=told.in_force,
        since=instant(told.since),
        checked_at=instant(now),
        specimen=facts.demo,
        revocation_category=found.revocation_category.value if found.revocation_category else None,
        superseded_by=_address(found.superseded_by) if found.superseded_by else None,
        certificate={
            "register_number": facts.register_number,
            "name": facts.latin_name,
            "name_ar": facts.arabic_name or None,
            "kind": facts.kind.value,
            "programme": facts.programme,
            "title": facts.title,
            "allows": facts.allows,
            "basis": facts.basis,
            "place": facts.place,
            "body": facts.body,
            "country": facts.country_code,
            "awarded_on": facts.awarded_on.isoformat(),
            "valid_from": instant(facts.valid_from),
            "valid_until": instant(facts.valid_until) if facts.valid_until else None,
        },
        issuer={"id": facts.issuer.did, "name": facts.issuer.name, "url": facts.issuer.url},
        credential=facts.credential_url if found.credential else None,
        status_list=facts.status.list_url,
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Vary"] = "Accept, Accept-Language, Cookie"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(f"{found.id.hex[-12:]}-{told.verdict.value}-{int(told.since.timestamp())}")
    answer.make_conditional(request)
    return answer


def _address(found: Certificate) -> str:
    return f"{body().issuer.url}/verify/{found.token}"


@bp.get("/achievements/<slug>/<version>")
@guard(Action.PUBLIC_READ)
def achievement(slug: str, version: str) -> Any:
    """What a certificate of this programme attests, in the open."""
    found = achievements.find(db.session, slug, version)
    if found is None:
        abort(404)
    if wants_json():
        answer = jsonify(achievements.as_document(found, body().issuer))
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer
    programme, release = found
    return render_template(
        "credentials/achievement.html",
        programme=programme,
        rubric=release.rubric(programme.rubric),
        attests=achievements.attests(programme),
        allows=achievements.allows(programme.slug),
        title=achievements.title(programme.award),
        issuer=body().issuer,
        words=in_language,
    )
