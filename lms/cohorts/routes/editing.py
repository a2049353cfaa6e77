"""Founding a cohort, changing it, leading it through its life."""

from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from lms.cohorts import service
from lms.cohorts.forms import ChangeForm, CohortForm
from lms.cohorts.labels import ACTS
from lms.cohorts.models import Cohort
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.cohorts.rules import COHORT_TRANSITIONS, REASON_OPTIONAL, CohortEvent
from lms.core import web
from lms.core.db import db
from lms.core.errors import Late, Refusal, Stale
from lms.core.i18n import country_name, current_language, date_in_words
from lms.curriculum import service as curriculum
from lms.network.models import Centre, Country
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


def _form(cohort: Cohort | None = None) -> CohortForm:
    """The form with the countries within one's scope, their centres, programmes, releases."""
    session, actor, language = db.session, current_actor(), current_language()
    countries = session.scalars(select(Country).order_by(Country.code)).all()
    mine = [
        each
        for each in countries
        if actor.sees_everything
        or each.code in actor.countries
        or (cohort is not None and each.code == cohort.country_code)
    ]
    releases = curriculum.published(session)
    data: dict[str, Any] = {
        "country_code": mine[0].code if len(mine) == 1 else "",
        "time_zone": mine[0].time_zone if len(mine) == 1 else "",
        "release": releases[0].id if releases else "",
    }
    if cohort is not None:
        data = {
            name: getattr(cohort, name)
            for name in ("name", "country_code", "programme", "starts_on", "ends_on", "time_zone")
        } | {
            "centre": str(cohort.centre_id or ""),
            "release": cohort.release_id,
            "note": cohort.note,
            "version": str(cohort.revision),
        }
    form = CohortForm(data=data)
    none = ("", lazy_gettext("Choose…"))
    form.country_code.choices = [none, *((c.code, country_name(c.code)) for c in mine)]
    centres = session.scalars(
        select(Centre)
        .where(Centre.country_code.in_([each.code for each in mine]))
        .order_by(Centre.name, Centre.id)
    )
    form.centre.choices = [
        ("", lazy_gettext("None")),
        *((str(c.id), f"{c.name}, {country_name(c.country_code)}") for c in centres),
    ]
    form.release.choices = [
        (
            each.id,
            " · ".join(filter(None, (date_in_words(each.published_at), each.note, each.id[:8]))),
        )
        for each in releases
    ]
    chosen = form.release.data or data["release"]
    known = chosen if chosen in {each.id for each in releases} else data["release"]
    release = curriculum.release(session, known) if known else None
    programmes = release.programmes.items() if release else ()
    form.programme.choices = [
        none,
        *((slug, release.text(each.title, language)) for slug, each in programmes if release),
    ]
    return form


def _page(form: CohortForm, cohort: Cohort | None) -> str:
    return render_template("cohorts/form.html", form=form, cohort=cohort)


@bp.get("/cohorts/new")
@guard(Action.COHORT_CREATE)
def create() -> str:
    """A blank cohort."""
    return _page(_form(), None)


@bp.post("/cohorts/new")
@guard(Action.COHORT_CREATE)
def found() -> Any:
    """Found a cohort."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, None), 422
    try:
        with writing() as session:
            made = service.create_cohort(
                session, current_actor(), form.new_id, form.content(), now()
            )
            key = made.id
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, None), 422
    web.say(_("The cohort is founded. Next: its team, then its people."))
    return see_other("cohorts.cohort", cohort_id=key)


@bp.get("/cohorts/<uuid:cohort_id>/edit")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def edit(cohort: Cohort) -> str:
    """The form, filled in."""
    return _page(_form(cohort), cohort)


@bp.post("/cohorts/<uuid:cohort_id>/edit")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def save(cohort: Cohort) -> Any:
    """Keep the changes."""
    form = _form(cohort)
    if not form.validate_on_submit():
        return _page(form, cohort), 422
    key = cohort.id
    try:
        with writing() as session:
            service.edit_cohort(
                session,
                current_actor(),
                cohort,
                form.seen_version,
                form.content(),
                form.reason.data or "",
                now(),
            )
    except Refusal as refusal:
        found = db.session.get_one(Cohort, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return _page(form, found), 409 if isinstance(refusal, Stale) else 422
    web.say(_("Saved."))
    return see_other("cohorts.cohort", cohort_id=key)


def _event(cohort: Cohort, name: str) -> CohortEvent:
    try:
        event = CohortEvent(name)
    except ValueError:
        abort(404)
    if (cohort.state, event) not in COHORT_TRANSITIONS:
        raise Late("illegal_transition", state=cohort.state)
    return event


def _confirm(form: ChangeForm, cohort: Cohort, event: CohortEvent) -> str:
    return render_template(
        "cohorts/change.html",
        form=form,
        cohort=cohort,
        event=event,
        acts=ACTS,
        needs_reason=event not in REASON_OPTIONAL,
        after=COHORT_TRANSITIONS[cohort.state, event],
        is_grave=event is CohortEvent.CANCEL,
    )


@bp.get("/cohorts/<uuid:cohort_id>/change/<event>")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def ask_change(cohort: Cohort, event: str) -> str:
    """What would happen; why?"""
    return _confirm(ChangeForm(), cohort, _event(cohort, event))


@bp.post("/cohorts/<uuid:cohort_id>/change/<event>")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def change(cohort: Cohort, event: str) -> Any:
    """Lead the cohort on."""
    form, happening = ChangeForm(), _event(cohort, event)
    if not form.validate_on_submit():
        return _confirm(form, cohort, happening), 422
    key = cohort.id
    try:
        with writing() as session:
            service.change_cohort(
                session, current_actor(), cohort, happening, form.reason.data or "", now()
            )
    except Refusal as refusal:
        found = db.session.get_one(Cohort, key)
        form.refuse(refusal)
        return _confirm(form, found, _event(found, event)), 422
    web.say(_("Saved."))
    return see_other("cohorts.cohort", cohort_id=key)
