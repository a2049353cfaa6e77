"""Centres of excellence."""

from flask import Response, render_template, url_for

from lms.core import clock
from lms.core.db import db
from lms.network import service
from lms.network.forms import (
    CentreForm,
)
from lms.network.models import Centre, Country
from lms.network.routes.area import bp, edited, end, fields, page, state
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/centres/<uuid:centre_id>")
@guard(Action.NETWORK_VIEW, centre=service.find_centre)
def centre(centre: Centre) -> str:
    """One centre of excellence."""
    return render_template("network/centre.html", centre=centre, state=state)


@bp.route("/countries/<code>/centres/new", methods=["GET", "POST"])
@guard(Action.CENTRE_EDIT, view=Action.NETWORK_VIEW, country=service.find_country)
def add_centre(country: Country) -> Response:
    """A centre opens."""
    form, code = CentreForm(), country.code

    def save() -> None:
        record = Centre(
            country_code=code, **fields(form, "name", "city", "address", "email", "phone")
        )
        with writing() as session:
            service.add(session, current_actor(), record, form.new_id, clock.now())

    return edited(
        form,
        save,
        lambda _stale: page("network/centre_form.html", form=form, country_code=code, centre=None),
        url_for("network.country", code=code, _anchor="centres"),
    )


@bp.route("/centres/<uuid:centre_id>/edit", methods=["GET", "POST"])
@guard(Action.CENTRE_EDIT, view=Action.NETWORK_VIEW, centre=service.find_centre)
def edit_centre(centre: Centre) -> Response:
    """Correct a centre."""
    form, key = CentreForm(obj=centre), centre.id

    def save() -> None:
        with writing() as session:
            service.change(
                session,
                current_actor(),
                session.get_one(Centre, key),
                fields(form, "name", "city", "address", "email", "phone"),
                clock.now(),
                seen_version=form.seen_version,
            )

    def show(stale: bool) -> Response:
        found = db.session.get_one(Centre, key)
        if stale:
            form.version.data = str(found.version)
        return page(
            "network/centre_form.html",
            form=form,
            country_code=found.country_code,
            centre=found,
            stale=stale,
        )

    return edited(form, save, show, url_for("network.centre", centre_id=key))


@bp.route("/centres/<uuid:centre_id>/end", methods=["GET", "POST"])
@guard(Action.CENTRE_EDIT, view=Action.NETWORK_VIEW, centre=service.find_centre)
def end_centre(centre: Centre) -> Response:
    """A centre closes."""
    return end(centre, url_for("network.centre", centre_id=centre.id))
