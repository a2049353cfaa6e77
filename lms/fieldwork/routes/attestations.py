"""Attestations: given with a paper behind them, and taken back."""

from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.files import accept
from lms.core.i18n import current_language
from lms.core.labels import label
from lms.core.sending import files, send_kept
from lms.curriculum.rules import Requirement
from lms.fieldwork.attestations import service
from lms.fieldwork.attestations.forms import AttestationForm
from lms.fieldwork.entries.forms import ReasonForm
from lms.fieldwork.models import Attestation
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.service import find_attestation
from lms.fieldwork.words import programme_of, release_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


def _requirements(enrolment: Enrolment) -> dict[str, Requirement]:
    programme = programme_of(db.session, enrolment.cohort)
    return {each.id: each for each in service.attestable(programme)}


def _form(enrolment: Enrolment) -> AttestationForm:
    form = AttestationForm()
    release, language = release_of(db.session, enrolment.cohort), current_language()
    form.requirement.choices = [
        ("", lazy_gettext("Choose…")),
        *(
            (key, f"{release.text(each.title, language)} ({label(each.unit).lower()})")
            for key, each in _requirements(enrolment).items()
        ),
    ]
    return form


def _page(form: AttestationForm, enrolment: Enrolment) -> str:
    return render_template("fieldwork/attestation_form.html", form=form, enrolment=enrolment)


@bp.get("/practice/<uuid:enrolment_id>/attestations/new")
@guard(Action.ATTESTATION_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def new_attestation(enrolment: Enrolment) -> str:
    """A blank attestation."""
    return _page(_form(enrolment), enrolment)


@bp.post("/practice/<uuid:enrolment_id>/attestations/new")
@guard(Action.ATTESTATION_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def attest(enrolment: Enrolment) -> Any:
    """Attest an amount."""
    form = _form(enrolment)
    is_valid = form.validate_on_submit()
    need = _requirements(enrolment).get(form.requirement.data)
    amount = form.amount.amount(need.unit) if need else form.amount.data
    if not amount and not form.amount.errors:
        form.amount.errors = [_("Give a whole number, such as 90.")]
    upload = None
    if form.file.data:
        try:
            upload = accept(form.file.data.stream, form.file.data.filename or "")
        except Refusal as refusal:
            form.refuse(refusal, form.file)
    if not is_valid or form.errors or upload is None:
        return _page(form, enrolment), 422
    key = enrolment.id
    try:
        with writing() as session:
            service.attest(
                session,
                current_actor(),
                enrolment,
                form.new_id,
                _requirements(enrolment)[form.requirement.data],
                amount or 0,
                form.reason.data or "",
                upload,
                files(),
                now(),
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, enrolment), 422
    web.say(_("Attested: it counts from now on, and is shown as an attestation."))
    return see_other("fieldwork.logbook", enrolment_id=key, _anchor="attestations")


@bp.get("/practice/attestations/<uuid:attestation_id>")
@guard(Action.PRACTICE_VIEW, attestation=find_attestation)
def attestation(attestation: Attestation) -> str:
    """What was attested, by whom, on which paper."""
    return _show(attestation, ReasonForm(formdata=None))


def _show(attestation: Attestation, reason: ReasonForm) -> str:
    programme = programme_of(db.session, attestation.enrolment.cohort)
    return render_template(
        "fieldwork/attestation.html",
        attestation=attestation,
        enrolment=attestation.enrolment,
        requirement=programme.requirement(attestation.requirement),
        may_revoke=attestation.revoked_at is None and can(Action.ATTESTATION_REVOKE, attestation),
        reason=reason,
        form=reason,
    )


@bp.post("/practice/attestations/<uuid:attestation_id>/revoke")
@guard(Action.ATTESTATION_REVOKE, view=Action.PRACTICE_VIEW, attestation=find_attestation)
def revoke_attestation(attestation: Attestation) -> Any:
    """Take an attestation back."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _show(attestation, form), 422
    key = attestation.id
    with writing() as session:
        service.revoke(session, current_actor(), attestation, form.reason.data or "", now())
    web.say(_("The attestation is taken back; it no longer counts."), "warn")
    return see_other("fieldwork.attestation", attestation_id=key)


@bp.get("/practice/attestations/<uuid:attestation_id>/file")
@guard(Action.PRACTICE_VIEW, attestation=find_attestation)
def attestation_file(attestation: Attestation) -> Any:
    """The paper behind it, to be kept, never run."""
    if attestation.file is None:
        abort(404)
    return send_kept(attestation.file)
