"""Conventions between partner bodies."""

from typing import Any
from uuid import UUID

from flask import (
    Response,
    render_template,
    request,
    url_for,
)

from lms.core import clock, i18n
from lms.core.db import db
from lms.network import service
from lms.network.forms import (
    ConventionForm,
)
from lms.network.models import Convention, Country
from lms.network.routes.area import bp, edited, end, page, state
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/conventions/<uuid:convention_id>")
@guard(Action.NETWORK_VIEW, convention=service.find_convention)
def convention(convention: Convention) -> str:
    """One convention with its parties."""
    return render_template("network/convention.html", convention=convention, state=state)


@bp.route("/countries/<code>/conventions/new", methods=["GET", "POST"])
@guard(Action.CONVENTION_EDIT, view=Action.NETWORK_VIEW, country=service.find_country)
def add_convention(country: Country) -> Response:
    """A convention has been signed."""
    form, code = ConventionForm(), country.code
    form.parties.choices = _party_choices()

    def save() -> None:
        record = Convention(country_code=code, **_convention_fields(form))
        with writing() as session:
            kept = service.add(session, current_actor(), record, form.new_id, clock.now())
            service.set_parties(session, kept, _keys(form.parties.data))

    return edited(
        form,
        save,
        lambda _stale: page(
            "network/convention_form.html", form=form, country_code=code, convention=None
        ),
        url_for("network.country", code=code, _anchor="conventions"),
    )


@bp.route("/conventions/<uuid:convention_id>/edit", methods=["GET", "POST"])
@guard(Action.CONVENTION_EDIT, view=Action.NETWORK_VIEW, convention=service.find_convention)
def edit_convention(convention: Convention) -> Response:
    """Correct a convention."""
    key = convention.id
    present = [str(party.partner_id) for party in convention.parties]
    form = ConventionForm(obj=convention, data={"parties": present})
    form.parties.choices = _party_choices()
    if request.method == "GET":
        form.parties.data = present

    def save() -> None:
        with writing() as session:
            found = session.get_one(Convention, key)
            service.change(
                session,
                current_actor(),
                found,
                _convention_fields(form),
                clock.now(),
                seen_version=form.seen_version,
            )
            service.set_parties(session, found, _keys(form.parties.data))

    def show(stale: bool) -> Response:
        found = db.session.get_one(Convention, key)
        if stale:
            form.version.data = str(found.version)
        return page(
            "network/convention_form.html",
            form=form,
            country_code=found.country_code,
            convention=found,
            stale=stale,
        )

    return edited(form, save, show, url_for("network.convention", convention_id=key))


@bp.route("/conventions/<uuid:convention_id>/end", methods=["GET", "POST"])
@guard(Action.CONVENTION_EDIT, view=Action.NETWORK_VIEW, convention=service.find_convention)
def end_convention(convention: Convention) -> Response:
    """A convention ends earlier than agreed, or at last."""
    return end(convention, url_for("network.convention", convention_id=convention.id))


def _convention_fields(form: ConventionForm) -> dict[str, Any]:
    return {
        "title": form.title.data,
        "signed_on": form.signed_on.data,
        "ends_on": form.ends_on.data,
        "purpose": form.purpose.data or "",
    }


def _keys(texts: list[str] | None) -> list[UUID]:
    return [UUID(text) for text in texts or []]


def _party_choices() -> list[tuple[str, str]]:
    return [
        (str(body.id), f"{body.name} ({i18n.country_name(body.country_code)})")
        for body in service.partners(db.session)
    ]
