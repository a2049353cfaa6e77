"""The register: the list, one entry, and the acts that change whether a certificate holds."""

from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import country_name, datetime_in_words
from lms.core.labels import label
from lms.core.paging import paginate
from lms.core.search import matches
from lms.credentials import service
from lms.credentials.codes import show_code
from lms.credentials.forms import DecisionForm, RevokeForm
from lms.credentials.integrity import is_intact
from lms.credentials.models import Certificate
from lms.credentials.routes.blueprint import body, bp, in_language, printed_day
from lms.credentials.rules import (
    TRANSITIONS,
    CertificateEvent,
    RevocationCategory,
    Verdict,
    standing,
)
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/admin/register")
@guard(Action.REGISTER_VIEW)
def register() -> str:
    """Certificates, newest first, narrowed by words, verdict and country."""
    actor, now = current_actor(), clock.now()
    words = request.args.get("q", "").strip()[:100]
    verdict, country = request.args.get("verdict", ""), request.args.get("country", "")
    query = service.visible_to(actor)
    if words:
        query = query.where(matches(Certificate.search_text, words))
    if verdict in set(Verdict):
        query = service.with_verdict(query, Verdict(verdict), now)
    if country:
        query = query.where(Certificate.country_code == country[:2].upper())
    page = paginate(db.session, query, Certificate.id, newest_first=True)
    return render_template(
        "credentials/register.html",
        page=page,
        standings={row.id: standing(row, now) for row in page.rows},
        titles={row.id: in_language(row.facts["title"]) for row in page.rows},
        awarded={row.id: date.fromisoformat(row.facts["awarded_on"]) for row in page.rows},
        countries=(codes := service.countries(db.session, actor)),
        places=[(code, country_name(code)) for code in codes],
        states=[(one.value, label(one)) for one in Verdict],
        q=words,
        verdict=verdict,
        country=country,
    )


@bp.get("/admin/register/<uuid:certificate_id>")
@guard(Action.CERTIFICATE_VIEW, certificate=service.find_certificate)
def entry(certificate: Certificate) -> str:
    """One certificate as those see it who keep the register."""
    case_id, facts = certificate.case_id, certificate.said
    trace = case_id is not None and can(Action.CASE_TRACE, certificate)
    return render_template(
        "credentials/entry.html",
        certificate=certificate,
        facts=facts,
        shown_code=show_code(certificate.code),
        standing=standing(certificate, clock.now()),
        intact=certificate.credential is None or is_intact(certificate, facts, body().public_keys),
        acts=_possible(certificate),
        history=[_told(row) for row in service.history(db.session, certificate)],
        case_url=url_for("insight.case", enrolment_id=case_id) if trace else "",
        words=in_language,
        printed_day=printed_day,
    )


def _possible(certificate: Certificate) -> set[str]:
    """Acts that the certificate's state allows."""
    events = {event.value for state, event in TRANSITIONS if state is certificate.state}
    replace = {"replace"} if certificate.state in service.REPLACEABLE else set()
    return (events & {"suspend", "reinstate", "revoke"}) | replace


def _told(row: AuditEntry) -> dict[str, str]:
    """One line of a certificate's history."""
    verb = row.action.partition(".")[2]
    known = {event.value for event in CertificateEvent}
    names = {"reserve": _("number reserved"), "replace": _("replacement asked for")}
    return {
        "when": datetime_in_words(row.at),
        "title": label(CertificateEvent(verb)) if verb in known else names.get(verb, verb),
        "who": row.actor_label,
        "text": row.reason,
    }


@bp.route("/admin/register/<uuid:certificate_id>/revoke", methods=["GET", "POST"])
@guard(
    Action.CERTIFICATE_REVOKE,
    view=Action.CERTIFICATE_VIEW,
    certificate=service.find_certificate,
)
def revoke(certificate: Certificate) -> Any:
    """Revoke, after a look at what it means."""
    form = RevokeForm()
    if form.validate_on_submit():
        category = RevocationCategory(form.category.data)
        try:
            with writing() as session:
                service.revoke(
                    session,
                    current_actor(),
                    certificate,
                    category,
                    str(form.reason.data),
                    now=clock.now(),
                )
            return _done(certificate, _("The certificate is revoked."))
        except Refusal as refusal:
            form.refuse(refusal)
    status = 422 if form.errors else 200
    page = render_template("credentials/revoke.html", form=form, certificate=certificate)
    return page, status


_ACTS = {
    "suspend": service.suspend,
    "reinstate": service.reinstate,
    "replace": service.replace,
}


@bp.route(
    "/admin/register/<uuid:certificate_id>/<any(suspend, reinstate, replace):act>",
    methods=["GET", "POST"],
)
@guard(
    Action.CERTIFICATE_REVOKE,
    view=Action.CERTIFICATE_VIEW,
    certificate=service.find_certificate,
)
def decide(certificate: Certificate, act: str) -> Any:
    """Suspend, reinstate or replace, with a reason."""
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                _ACTS[act](
                    session, current_actor(), certificate, str(form.reason.data), clock.now()
                )
            said = {
                "suspend": _("The certificate is suspended."),
                "reinstate": _("The certificate is in force again."),
                "replace": _("A new certificate is being made; it will replace this one."),
            }
            return _done(certificate, said[act])
        except Refusal as refusal:
            form.refuse(refusal)
    status = 422 if form.errors else 200
    page = render_template("credentials/decide.html", form=form, certificate=certificate, act=act)
    return page, status


def _done(certificate: Certificate, said: str) -> Response:
    web.say(said)
    url = url_for(".entry", certificate_id=certificate.id)
    return redirect(url, 303)  # type: ignore[return-value]
