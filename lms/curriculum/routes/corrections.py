"""Corrections: the list, one of them with difference and preview, and what becomes of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.paging import paginate
from lms.curriculum.corrections import checking, service, showing
from lms.curriculum.corrections.forms import DecisionForm
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import (
    OPEN,
    TRANSITIONS,
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
    Standing,
)
from lms.curriculum.corrections.service import find_correction
from lms.curriculum.exchange.showing import added, report
from lms.curriculum.release import Release
from lms.curriculum.routes.blueprint import bp, store
from lms.curriculum.routes.content import chosen_language
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


class Shelf(StrEnum):
    """Which corrections the list shows."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    MINE = "mine"
    ALL = "all"


@bp.get("/admin/corrections")
@guard(Action.CORRECTION_LIST)
def corrections() -> str:
    """Corrections that one may see, by shelf."""
    asked = request.args.get("shelf", "")
    shelf = Shelf(asked) if asked in {one.value for one in Shelf} else Shelf.WAITING
    query = service.visible_to(current_actor())
    if shelf is Shelf.WAITING:
        query = query.where(Correction.state == CorrectionState.PROPOSED)
    elif shelf is Shelf.ACCEPTED:
        query = query.where(Correction.state == CorrectionState.ACCEPTED)
    elif shelf is Shelf.MINE:
        query = query.where(Correction.person_id == current_actor().person_id)
    page = paginate(db.session, query, Correction.id, newest_first=shelf is not Shelf.WAITING)
    return render_template(
        "curriculum/corrections/index.html",
        page=page,
        shelf=shelf.value,
        shelves=[
            (Shelf.WAITING.value, _("Waiting for a decision")),
            (Shelf.ACCEPTED.value, _("Accepted, not yet published")),
            (Shelf.MINE.value, _("My corrections")),
            (Shelf.ALL.value, _("All")),
        ],
    )


@bp.get("/admin/corrections/<uuid:correction_id>")
@guard(Action.CORRECTION_VIEW, correction=find_correction)
def correction(correction: Correction) -> Any:
    """What it changes, word by word, and how it will look."""
    return correction_page(correction, DecisionForm(data={"version": str(correction.revision)}))


def correction_page(correction: Correction, form: DecisionForm) -> str:
    """The page of a correction, with the form to decide on it."""
    published = service.base(db.session)
    open_still = correction.state in OPEN
    stands = service.standing(db.session, correction, published) if open_still else None
    base = published
    if not open_still and correction.release_id != published.release.id:
        base = service.base(db.session, correction.release_id)
    change = service.change_of(correction)
    before = checking.read(base.files, change.kind, change.subject, change.lesson, base.languages)
    try:
        preview = checking.preview(base.files, change)
    except Refusal:
        preview = None
    fresh = correction.kind is CorrectionKind.QUESTIONS
    return render_template(
        "curriculum/corrections/correction.html",
        correction=correction,
        added=added(correction, base) if fresh else [],
        report=report(correction) if fresh else {},
        checked="check" in request.args,
        form=form,
        passages=showing.passages(change.kind, before, change.content),
        preview=preview,
        gone=before is None,
        stands=stands,
        overtaken=stands is Standing.CHANGED,
        release=base.release,
        language=_language(correction, base.release),
        may=_possible(correction),
        module=base.release.module(change.module),
        lesson=base.release.content.lessons.get(change.lesson),
    )


def _language(correction: Correction, release: Release) -> str:
    """The language to look at; of questions taken in from a file one that the file has."""
    chosen = chosen_language(release)
    there = correction.content.get("languages") or [chosen]
    return chosen if "in" in request.args or chosen in there else str(there[0])


def _possible(correction: Correction) -> frozenset[str]:
    """Events that the state allows and the actor may bring about."""
    mine = can(Action.CORRECTION_EDIT, correction)
    decides = can(Action.CORRECTION_DECIDE, correction)
    deciding = {CorrectionEvent.ACCEPT, CorrectionEvent.DECLINE}
    return frozenset(
        event.value
        for event in CorrectionEvent
        if (correction.state, event) in TRANSITIONS
        and event is not CorrectionEvent.PUBLISH
        and (decides if event in deciding else mine)
    )


# What becomes of it ----------------------------------------------------------------------------


@bp.post("/admin/corrections/<uuid:correction_id>/propose")
@guard(Action.CORRECTION_EDIT, view=Action.CORRECTION_VIEW, correction=find_correction)
def propose_correction(correction: Correction) -> Any:
    """Hand it in, once the check of the whole content finds nothing."""
    return _happens(correction, service.propose, _("Proposed. You are told what is decided."))


@bp.post("/admin/corrections/<uuid:correction_id>/rework")
@guard(Action.CORRECTION_EDIT, view=Action.CORRECTION_VIEW, correction=find_correction)
def rework_correction(correction: Correction) -> Any:
    """Take it back to write on."""
    return _happens(
        correction, service.rework, _("It is a draft again."), to="curriculum.edit_correction"
    )


@bp.post("/admin/corrections/<uuid:correction_id>/withdraw")
@guard(Action.CORRECTION_EDIT, view=Action.CORRECTION_VIEW, correction=find_correction)
def withdraw_correction(correction: Correction) -> Any:
    """Give it up."""
    return _happens(correction, service.withdraw, _("Given up."))


def _happens(
    correction: Correction,
    act: Callable[..., None],
    said: str,
    to: str = "curriculum.correction",
) -> Any:
    form = DecisionForm()
    if not form.validate_on_submit():
        return correction_page(correction, form), 422
    key = correction.id
    try:
        if act is service.propose and has_faults(correction):
            return redirect(url_for("curriculum.edit_correction", correction_id=key, check=1), 303)
        with writing() as session:
            found = session.get_one(Correction, key)
            act(session, current_actor(), found, form.seen_version, clock.now())
    except Refusal as refusal:
        found = db.session.get_one(Correction, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return correction_page(found, form), refusal.status
    web.say(said)
    return redirect(url_for(to, correction_id=key), 303)


def has_faults(correction: Correction) -> bool:
    """Whether the whole content, with this correction in it, is not fit to be published."""
    base = service.base(db.session)
    kept = store() if correction.kind is CorrectionKind.HANDOUT else None
    made = checking.apply_all(base.files, [service.change_of(correction, kept)])
    return bool(checking.faults(made))


@bp.post("/admin/corrections/<uuid:correction_id>/decide")
@guard(Action.CORRECTION_DECIDE, view=Action.CORRECTION_VIEW, correction=find_correction)
def decide_correction(correction: Correction) -> Any:
    """Accept or decline, by the button pressed."""
    form = DecisionForm()
    if not form.validate_on_submit():
        return correction_page(correction, form), 422
    key, declined = correction.id, request.form.get("go") == "decline"
    act = service.decline if declined else service.accept
    try:
        if not declined and has_faults(correction):
            raise Refusal("correction_faulty")
        with writing() as session:
            found = session.get_one(Correction, key)
            act(
                session,
                current_actor(),
                found,
                form.seen_version,
                form.reason.data or "",
                clock.now(),
            )
    except Refusal as refusal:
        found = db.session.get_one(Correction, key)
        beside = form.reason if refusal.code == "correction_without_reason" else None
        form.refuse(refusal, beside)
        form.version.data = str(found.revision)
        return correction_page(found, form), refusal.status
    web.say(_("Declined; the proposer is told.") if declined else _("Accepted."))
    return redirect(url_for("curriculum.correction", correction_id=key), 303)
