"""The practice agreement: declared, signed by three, printed; and what hosts are asked."""

from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from lms.core import web
from lms.core.codes import picture_of
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.sending import files, send_kept
from lms.fieldwork.feedback.service import find_feedback
from lms.fieldwork.models import ConfirmationLink, HostFeedback, Placement, Signature
from lms.fieldwork.placements import agreement
from lms.fieldwork.placements.forms import InterestsForm, PaperAgreementForm, PaperSignatureForm
from lms.fieldwork.routes import placements as pages
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.routes.signing import link_page
from lms.fieldwork.rules import LinkPurpose, Means, Party
from lms.fieldwork.service import find_placement
from lms.fieldwork.signing import links
from lms.fieldwork.signing.service import find_paper
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

HOME = "fieldwork.placement"


@bp.post("/practice/placements/<uuid:placement_id>/interests")
@guard(Action.AGREEMENT_SIGN, view=Action.PRACTICE_VIEW, placement=find_placement)
def declare_interests(placement: Placement) -> Any:
    """The trainee says what ties them to the host."""
    form, key = InterestsForm(), placement.id
    if not form.validate_on_submit():
        return pages.show(placement, interests=form), 422
    try:
        with writing() as session:
            found = session.get_one(Placement, key)
            seen = form.seen_version
            agreement.declare(session, current_actor(), found, seen, form.declared, now())
    except Stale as stale:
        found = db.session.get_one(Placement, key)
        form.refuse(stale)
        form.version.data = str(found.revision)
        return pages.show(found, interests=form), 409
    web.say(_("Your declaration is kept."))
    return see_other(HOME, placement_id=key)


@bp.post("/practice/placements/<uuid:placement_id>/sign")
@guard(Action.AGREEMENT_SIGN, view=Action.PRACTICE_VIEW, placement=find_placement)
def sign_agreement(placement: Placement) -> Any:
    """The trainee signs."""
    return _sign(placement, Party.TRAINEE)


@bp.post("/practice/placements/<uuid:placement_id>/countersign")
@guard(Action.AGREEMENT_COUNTERSIGN, view=Action.PRACTICE_VIEW, placement=find_placement)
def countersign_agreement(placement: Placement) -> Any:
    """The supervisor named, or the administration, signs for the centre."""
    return _sign(placement, Party.CENTRE)


def _sign(placement: Placement, party: Party) -> Any:
    key, seen = placement.id, pages.seen_terms()
    with writing() as session:
        found = session.get_one(Placement, key)
        agreement.sign(session, current_actor(), found, seen, party, now())
    web.say(_("Signed. Thank you."))
    return see_other(HOME, placement_id=key)


@bp.post("/practice/placements/<uuid:placement_id>/host/<purpose>/<means>")
@guard(Action.PRACTICE_ASK_HOST, view=Action.PRACTICE_VIEW, placement=find_placement)
def ask_placement_host(placement: Placement, purpose: str, means: str) -> Response:
    """A code or a link for the host: to sign the agreement, or to give feedback."""
    about, way = pages.asked(purpose, means)
    key = placement.id
    with writing() as session:
        found = session.get_one(Placement, key)
        if about is LinkPurpose.AGREEMENT:
            agreement.signable(found)
        link, token = links.make_link(session, current_actor(), found, about, way, now())
        link_id = link.id
    link = db.session.get_one(ConfirmationLink, link_id)
    return link_page(link, token, url_for(HOME, placement_id=key))


@bp.post("/practice/placements/<uuid:placement_id>/host/paper")
@guard(Action.PRACTICE_ASK_HOST, view=Action.PRACTICE_VIEW, placement=find_placement)
def sign_on_paper(placement: Placement) -> Any:
    """The scan of the agreement that the host has signed by hand."""
    form, key = PaperSignatureForm(), placement.id
    is_valid = form.validate_on_submit()
    try:
        scan = form.upload()
        if not is_valid:
            return pages.show(placement, paper=form), 422
        with writing() as session:
            agreement.sign_on_paper(
                session,
                current_actor(),
                session.get_one(Placement, key),
                form.seen.data or "",
                form.name.data or "",
                form.role.data or "",
                scan,
                files(),
                now(),
            )
    except Refusal as refusal:
        found = db.session.get_one(Placement, key)
        about_file = refusal.code.startswith(("file_", "scan_"))
        form.refuse(refusal, form.scan if about_file else None)
        form.seen.data = agreement.fingerprint_of(found)
        return pages.show(found, paper=form), 409 if isinstance(refusal, Stale) else 422
    web.say(_("The scan is filed: the host’s signature on paper is kept."))
    return see_other(HOME, placement_id=key)


@bp.post("/practice/placements/<uuid:placement_id>/agree")
@guard(Action.PLACEMENT_EDIT, view=Action.PRACTICE_VIEW, placement=find_placement)
def agree_on_paper(placement: Placement) -> Any:
    """The administration stands by an agreement on paper: why, and its scan."""
    form, key = PaperAgreementForm(), placement.id
    is_valid = form.validate_on_submit()
    try:
        scan = form.upload()
        if not is_valid:
            return pages.show(placement, agree=form), 422
        with writing() as session:
            found, reason = session.get_one(Placement, key), form.reason.data or ""
            agreement.agree_on_paper(session, current_actor(), found, reason, scan, files(), now())
    except Refusal as refusal:
        if refusal.code == "illegal_transition":
            raise
        form.refuse(refusal, form.scan)
        return pages.show(db.session.get_one(Placement, key), agree=form), 422
    web.say(_("The placement is agreed on paper."))
    return see_other(HOME, placement_id=key)


@bp.get("/practice/placements/<uuid:placement_id>/agreement")
@guard(Action.PRACTICE_VIEW, placement=find_placement)
def print_agreement(placement: Placement) -> str:
    """The agreement for paper: what is agreed, and room for three signatures."""
    address = url_for(HOME, placement_id=placement.id, _external=True)
    return render_template(
        "fieldwork/placement/agreement.html",
        placement=placement,
        enrolment=placement.enrolment,
        parties=Party,
        signed=agreement.standing(agreement.signatures_of(db.session, placement)),
        fingerprint=agreement.fingerprint_of(placement),
        zone=placement.enrolment.cohort.time_zone,
        qr=picture_of(address),
        means=Means,
    )


@bp.get("/practice/signatures/<uuid:signature_id>/paper")
@guard(Action.PRACTICE_VIEW, signature=find_paper)
def signed_paper(signature: Signature) -> Any:
    """The scan of an agreement signed on paper; to be kept, never run."""
    kept = signature.file
    if kept is None:
        raise Refusal("scan_missing")
    return send_kept(kept)


@bp.get("/practice/feedback/<uuid:feedback_id>")
@guard(Action.PRACTICE_VIEW, feedback=find_feedback)
def host_feedback(feedback: HostFeedback) -> str:
    """What a host thinks of the trainee's work."""
    return render_template(
        "fieldwork/placement/feedback.html",
        feedback=feedback,
        placement=feedback.placement,
        enrolment=feedback.enrolment,
        answers=pages.answered(feedback),
        zone=feedback.enrolment.cohort.time_zone,
    )
