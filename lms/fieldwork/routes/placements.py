"""Placements: proposed by trainees, agreed and supervised through the administration."""

from typing import Any
from uuid import UUID

from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.service import find_cohort, find_enrolment
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.labels import label
from lms.fieldwork.entries.forms import ReasonForm
from lms.fieldwork.feedback import service as feedback
from lms.fieldwork.feedback.rules import Degree, Question
from lms.fieldwork.models import HostFeedback, Placement
from lms.fieldwork.placements import agreement, service
from lms.fieldwork.placements.forms import (
    AssignForm,
    InterestsForm,
    PaperAgreementForm,
    PaperSignatureForm,
    PlacementForm,
)
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.rules import (
    PLACEMENT_TRANSITIONS,
    LinkPurpose,
    Means,
    Party,
    PlacementEvent,
    PlacementState,
)
from lms.fieldwork.service import find_placement
from lms.fieldwork.signing import links
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/practice/<uuid:enrolment_id>/placements/new")
@guard(Action.PLACEMENT_PROPOSE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def new_placement(enrolment: Enrolment) -> str:
    """A blank proposal, for the cohort's dates."""
    cohort = enrolment.cohort
    form = PlacementForm(data={"starts_on": cohort.starts_on, "ends_on": cohort.ends_on})
    return _page(form, enrolment, None)


@bp.post("/practice/<uuid:enrolment_id>/placements/new")
@guard(Action.PLACEMENT_PROPOSE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def propose_placement(enrolment: Enrolment) -> Any:
    """Propose where to practise."""
    form = PlacementForm()
    if not form.validate_on_submit():
        return _page(form, enrolment, None), 422
    try:
        with writing() as session:
            placement = service.propose(
                session, current_actor(), enrolment, form.new_id, form.content(), now()
            )
            key = placement.id
    except Refusal as refusal:
        form.refuse(refusal, form.ends_on if "dates" in refusal.code else None)
        return _page(form, enrolment, None), 422
    web.say(_("The placement is proposed; the administration agrees to it and names a supervisor."))
    return see_other("fieldwork.placement", placement_id=key)


@bp.get("/practice/placements/<uuid:placement_id>")
@guard(Action.PRACTICE_VIEW, placement=find_placement)
def placement(placement: Placement) -> str:
    """Where, with whom, agreed or not."""
    return show(placement)


def show(
    placement: Placement,
    *,
    reason: ReasonForm | None = None,
    interests: InterestsForm | None = None,
    paper: PaperSignatureForm | None = None,
    agree: PaperAgreementForm | None = None,
) -> str:
    """The page, with the form that is being filled in."""
    session, may_edit = db.session, can(Action.PLACEMENT_EDIT, placement)
    reads = agreement.fingerprint_of(placement)
    signatures = agreement.signatures_of(session, placement)
    own, asks = can(Action.AGREEMENT_SIGN, placement), can(Action.PRACTICE_ASK_HOST, placement)
    declared = {
        "version": str(placement.revision),
        "ties": ("some" if placement.interests else "none")
        if placement.interests_declared
        else None,
        "interests": placement.interests,
    }
    return render_template(
        "fieldwork/placement.html",
        placement=placement,
        enrolment=placement.enrolment,
        events=[
            event
            for event in PlacementEvent
            if may_edit
            and (placement.state, event) in PLACEMENT_TRANSITIONS
            and event is not PlacementEvent.AGREE
        ],
        cancel=PlacementEvent.CANCEL,
        may_edit=may_edit and placement.state not in service.OVER,
        may_agree=may_edit and placement.state is PlacementState.PROPOSED,
        reason=reason or ReasonForm(formdata=None),
        interests=interests or InterestsForm(formdata=None, data=declared),
        paper=paper or PaperSignatureForm(formdata=None, data={"seen": reads}),
        agree=agree or PaperAgreementForm(formdata=None),
        form=reason or interests or paper or agree,
        own=own,
        asks=asks,
        countersigns=can(Action.AGREEMENT_COUNTERSIGN, placement),
        open=placement.state in agreement.SIGNABLE,
        ready=placement.interests_declared and placement.supervisor_id is not None,
        reads=reads,
        parties=Party,
        signatures=signatures,
        signed=agreement.standing(signatures),
        objections=[each for each in signatures if each.objects and not each.voided_at],
        links=links.open_links(session, placement, now()) if asks else [],
        feedbacks=feedback.of_placement(session, placement),
        zone=placement.enrolment.cohort.time_zone,
    )


def seen_terms() -> str:
    """Fingerprint of the agreement that the signer had before them."""
    return request.form.get("seen", "")[:64]


def asked(purpose: str, means: str) -> tuple[LinkPurpose, Means]:
    """What an address asks a host for, and how; 404 for anything else."""
    ways = {"code": Means.QR, "link": Means.LINK}
    if purpose not in {LinkPurpose.AGREEMENT, LinkPurpose.FEEDBACK} or means not in ways:
        abort(404)
    return LinkPurpose(purpose), ways[means]


def answered(given: HostFeedback) -> list[tuple[str, int, str]]:
    """Question, degree, and the degree in words; a question that is no longer asked is left out."""
    return [
        (label(each), given.answers[each.value], label(Degree(given.answers[each.value])))
        for each in Question
        if each.value in given.answers
    ]


@bp.get("/practice/placements/<uuid:placement_id>/edit")
@guard(Action.PLACEMENT_EDIT, view=Action.PRACTICE_VIEW, placement=find_placement)
def edit_placement(placement: Placement) -> str:
    """The form, filled in."""
    form = PlacementForm(obj=placement, data={"version": str(placement.revision)})
    return _page(form, placement.enrolment, placement)


@bp.post("/practice/placements/<uuid:placement_id>/edit")
@guard(Action.PLACEMENT_EDIT, view=Action.PRACTICE_VIEW, placement=find_placement)
def save_placement(placement: Placement) -> Any:
    """Keep the changes."""
    form = PlacementForm()
    if not form.validate_on_submit():
        return _page(form, placement.enrolment, placement), 422
    key = placement.id
    try:
        with writing() as session:
            service.edit(
                session, current_actor(), placement, form.seen_version, form.content(), now()
            )
    except Refusal as refusal:
        found = db.session.get_one(Placement, key)
        form.refuse(refusal, form.ends_on if "dates" in refusal.code else None)
        form.version.data = str(found.revision)
        return _page(form, found.enrolment, found), 409 if isinstance(refusal, Stale) else 422
    web.say(_("Saved."))
    return see_other("fieldwork.placement", placement_id=key)


def _page(form: PlacementForm, enrolment: Enrolment, placement: Placement | None) -> str:
    return render_template(
        "fieldwork/placement_form.html",
        form=form,
        enrolment=enrolment,
        placement=placement,
        own=current_actor().person_id == enrolment.person_id,
    )


@bp.post("/practice/placements/<uuid:placement_id>/<event>")
@guard(Action.PLACEMENT_EDIT, view=Action.PRACTICE_VIEW, placement=find_placement)
def change_placement(placement: Placement, event: str) -> Any:
    """Agree, start, end or cancel."""
    try:
        happening = PlacementEvent(event)
    except ValueError:
        abort(404)
    form = ReasonForm()
    if happening is PlacementEvent.CANCEL and not form.validate_on_submit():
        return show(placement, reason=form), 422
    key = placement.id
    with writing() as session:
        service.change(
            session, current_actor(), placement, happening, form.reason.data or "", now()
        )
    web.say(_("Saved."))
    return see_other("fieldwork.placement", placement_id=key)


# --- a cohort's placements, and their supervisors ---


@bp.get("/practice/cohorts/<uuid:cohort_id>/placements")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=find_cohort)
def cohort_placements(cohort: Cohort) -> str:
    """Who practises where, with which supervisor; and who has no placement yet."""
    return _overview(cohort, AssignForm(formdata=None))


@bp.post("/practice/cohorts/<uuid:cohort_id>/placements")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=find_cohort)
def assign_supervisor(cohort: Cohort) -> Any:
    """Name the supervisor of all that was chosen."""
    form = AssignForm()
    placements, _without = service.roster(db.session, cohort)
    _choices(form, placements, service.supervisors(db.session, cohort.id))
    is_valid = form.validate_on_submit()
    if is_valid and not form.placements.data:
        form.placements.errors = [_("Choose at least one placement.")]
    if form.errors:
        return _overview(cohort, form), 422
    key, chosen = cohort.id, [UUID(each) for each in form.placements.data or ()]
    try:
        with writing() as session:
            supervisor = session.get_one(Person, UUID(form.supervisor.data))
            number = service.assign_supervisor(
                session, current_actor(), cohort, chosen, supervisor, now()
            )
            name = supervisor.name
    except Refusal as refusal:
        form.refuse(refusal)
        return _overview(db.session.get_one(Cohort, key), form), 422
    web.say(
        ngettext(
            "%(name)s now supervises %(num)d more placement.",
            "%(name)s now supervises %(num)d more placements.",
            number,
            name=name,
        )
    )
    return see_other("fieldwork.cohort_placements", cohort_id=key)


def _choices(form: AssignForm, placements: list[Placement], people: list[Person]) -> None:
    form.placements.choices = [(str(each.id), each.enrolment.person.name) for each in placements]
    form.supervisor.choices = [
        ("", lazy_gettext("Choose…")),
        *((str(person.id), person.name) for person in people),
    ]


def _overview(cohort: Cohort, form: AssignForm) -> str:
    placements, without = service.roster(db.session, cohort)
    supervisors = service.supervisors(db.session, cohort.id)
    _choices(form, placements, supervisors)
    return render_template(
        "fieldwork/cohort_placements.html",
        form=form,
        cohort=cohort,
        placements=placements,
        without=without,
        supervisors=supervisors,
    )
