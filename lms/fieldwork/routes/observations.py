"""Observations: scored by a trainer in the field, answered by the trainee."""

from typing import Any, Literal

from flask import render_template, request
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.db import AnySession, db
from lms.core.errors import Late, Refusal
from lms.core.files import Upload
from lms.core.i18n import current_language
from lms.core.sending import files, send_kept
from lms.curriculum.rules import Rubric
from lms.fieldwork.entries.rules import local_date
from lms.fieldwork.models import Observation
from lms.fieldwork.observations import service
from lms.fieldwork.observations.forms import (
    AnswerForm,
    ObservationForm,
    data_of,
    observation_form,
)
from lms.fieldwork.observations.rules import EDITABLE, mean
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.rules import OBSERVATION_TRANSITIONS, ObservationEvent
from lms.fieldwork.service import find_observation, find_observed
from lms.fieldwork.words import release_of, rubric_of, words_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


def _form(enrolment: Enrolment, data: dict[str, object]) -> ObservationForm:
    rubric = rubric_of(db.session, enrolment.cohort)
    release, language = release_of(db.session, enrolment.cohort), current_language()
    texts = {
        indicator.id: release.text(indicator.text, language)
        for criterion in rubric.criteria
        for indicator in criterion.indicators
    }
    entries = service.recent_entries(db.session, enrolment)
    return observation_form(rubric, texts, words_of(db.session, enrolment.cohort), entries, data)


@bp.get("/practice/<uuid:enrolment_id>/observations/new")
@guard(Action.OBSERVATION_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def new_observation(enrolment: Enrolment) -> str:
    """A blank grid, for today."""
    today = local_date(now(), enrolment.cohort.time_zone)
    return _page(_form(enrolment, {"observed_on": today}), enrolment, None)


@bp.post("/practice/<uuid:enrolment_id>/observations/new")
@guard(Action.OBSERVATION_CREATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def create_observation(enrolment: Enrolment) -> Any:
    """Keep the observation, and share it if asked to."""
    form = _form(enrolment, {})
    photo = _photo(form)
    if photo is False or not form.validate_on_submit():
        return _page(form, enrolment, None), 422
    rubric = rubric_of(db.session, enrolment.cohort)
    try:
        with writing() as session:
            observation = service.begin(
                session, current_actor(), enrolment, form.new_id, form.content(), rubric, now()
            )
            service.attach(session, current_actor(), observation, photo or None, files(), now())
            shared = observation.state not in EDITABLE or _share(session, observation, form)
            key = observation.id
    except Refusal as refusal:
        _refuse(form, refusal)
        return _page(form, enrolment, None), 422
    return _answer(key, form, shared=shared)


@bp.get("/practice/observations/<uuid:observation_id>/edit")
@guard(Action.OBSERVATION_EDIT, view=Action.OBSERVATION_VIEW, observation=find_observation)
def edit_observation(observation: Observation) -> str:
    """A draft, or what the trainee commented on."""
    if observation.state not in EDITABLE:
        raise Late("illegal_transition", state=observation.state)
    enrolment = observation.enrolment
    return _page(_form(enrolment, data_of(observation)), enrolment, observation)


@bp.post("/practice/observations/<uuid:observation_id>/edit")
@guard(Action.OBSERVATION_EDIT, view=Action.OBSERVATION_VIEW, observation=find_observation)
def save_observation(observation: Observation) -> Any:
    """Keep the changes, and share them if asked to."""
    enrolment, key = observation.enrolment, observation.id
    form = _form(enrolment, data_of(observation))
    photo = _photo(form)
    if photo is False or not form.validate_on_submit():
        return _page(form, enrolment, observation), 422
    rubric = rubric_of(db.session, enrolment.cohort)
    try:
        with writing() as session:
            service.edit(
                session,
                current_actor(),
                observation,
                form.seen_version,
                form.content(),
                rubric,
                now(),
            )
            service.attach(session, current_actor(), observation, photo or None, files(), now())
            shared = _share(session, observation, form)
    except Refusal as refusal:
        found = db.session.get_one(Observation, key)
        _refuse(form, refusal)
        form.version.data = str(found.version)
        return _page(form, found.enrolment, found), refusal.status
    return _answer(key, form, shared=shared)


def _photo(form: ObservationForm) -> Upload | Literal[False] | None:
    """The photo, or None; False when what was sent cannot be taken."""
    try:
        return form.upload()
    except Refusal as refusal:
        form.validate_on_submit()
        form.refuse(refusal, form.photo)
        return False


def _refuse(form: ObservationForm, refusal: Refusal) -> None:
    fields = {
        "entry_in_future": form.observed_on,
        "entry_outside_cohort": form.observed_on,
        "observation_feedback_missing": form.feedback,
        "entry_of_another": form.entry,
    }
    form.refuse(refusal, fields.get(refusal.code))


def _wants_shared() -> bool:
    return request.form.get("action") == "share"


def _share(session: AnySession, observation: Observation, form: ObservationForm) -> bool:
    """Share if asked to; what stands in the way is shown, and the draft is kept."""
    if not _wants_shared():
        return False
    try:
        service.share(session, current_actor(), observation, now())
    except Refusal as refusal:
        _refuse(form, refusal)
        return False
    return True


def _answer(key: Any, form: ObservationForm, *, shared: bool) -> Any:
    observation = db.session.get_one(Observation, key)
    if _wants_shared() and not shared:
        form.version.data = str(observation.version)
        return _page(form, observation.enrolment, observation, kept=True), 422
    if shared:
        web.say(_("Shared: the trainee is asked to countersign."))
    else:
        web.say(_("The draft is kept."))
    return see_other("fieldwork.observation", observation_id=key)


def _page(
    form: ObservationForm,
    enrolment: Enrolment,
    observation: Observation | None,
    *,
    kept: bool = False,
) -> str:
    return render_template(
        "fieldwork/observation_form.html",
        form=form,
        enrolment=enrolment,
        observation=observation,
        rubric=rubric_of(db.session, enrolment.cohort),
        kept=kept,
    )


# --- its page, and the trainee's answer ---


@bp.get("/practice/observations/<uuid:observation_id>")
@guard(Action.OBSERVATION_VIEW, observation=find_observation)
def observation(observation: Observation) -> str:
    """What was seen, level by level; and where it stands."""
    answer = AnswerForm(formdata=None, data={"version": str(observation.version)})
    return _show(observation, answer)


def _show(observation: Observation, answer: AnswerForm) -> str:
    cohort = observation.enrolment.cohort
    rubric = rubric_of(db.session, cohort)
    may_answer = can(Action.OBSERVATION_COUNTERSIGN, observation)

    def open_to(event: ObservationEvent) -> bool:
        return (observation.state, event) in OBSERVATION_TRANSITIONS

    return render_template(
        "fieldwork/observation.html",
        observation=observation,
        enrolment=observation.enrolment,
        words=words_of(db.session, cohort),
        rubric=rubric,
        means=_means(rubric, observation),
        form=answer,
        may_edit=observation.state in EDITABLE and can(Action.OBSERVATION_EDIT, observation),
        may_countersign=may_answer and open_to(ObservationEvent.COUNTERSIGN),
        may_comment=may_answer and open_to(ObservationEvent.COMMENT),
    )


def _means(rubric: Rubric, observation: Observation) -> dict[str, float | None]:
    return {
        criterion.id: mean(
            [
                observation.scores[each.id]
                for each in criterion.indicators
                if each.id in observation.scores
            ]
        )
        for criterion in rubric.criteria
    }


@bp.post("/practice/observations/<uuid:observation_id>/countersign")
@guard(Action.OBSERVATION_COUNTERSIGN, view=Action.OBSERVATION_VIEW, observation=find_observation)
def countersign_observation(observation: Observation) -> Any:
    """The trainee agrees, or says what they see otherwise."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show(observation, form), 422
    key = observation.id
    agrees = request.form.get("action") != "comment"
    act = service.countersign if agrees else service.comment
    try:
        with writing() as session:
            words = form.comment.data or ""
            act(session, current_actor(), observation, form.seen_version, words, now())
    except Refusal as refusal:
        found = db.session.get_one(Observation, key)
        form.refuse(refusal, form.comment if refusal.code == "comment_needed" else None)
        form.version.data = str(found.version)
        return _show(found, form), 422 if refusal.code == "comment_needed" else 409
    if agrees:
        web.say(_("Countersigned: the observation counts from now on."))
    else:
        web.say(_("Your comment is with the trainer."))
    return see_other("fieldwork.observation", observation_id=key)


@bp.get("/practice/observations/<uuid:observation_id>/photo")
@guard(Action.OBSERVATION_VIEW, observation=find_observed)
def observation_photo(observation: Observation) -> Any:
    """The photo, to be kept, never run."""
    kept = observation.file
    if kept is None:
        raise LookupError("an observation without a photo was found as one with a photo")
    return send_kept(kept)
