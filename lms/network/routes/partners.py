"""Partner bodies."""

from flask import Response, render_template, url_for

from lms.core import clock
from lms.core.db import db
from lms.network import service
from lms.network.forms import (
    PartnerForm,
)
from lms.network.models import Country, PartnerBody
from lms.network.routes.area import bp, edited, end, fields, page, state
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/partners/<uuid:partner_id>")
@guard(Action.NETWORK_VIEW, partner=service.find_partner)
def partner(partner: PartnerBody) -> str:
    """One partner body with its conventions."""
    return render_template(
        "network/partner.html",
        partner=partner,
        conventions=service.conventions_of(db.session, partner),
        state=state,
    )


@bp.route("/countries/<code>/partners/new", methods=["GET", "POST"])
@guard(Action.PARTNER_EDIT, view=Action.NETWORK_VIEW, country=service.find_country)
def add_partner(country: Country) -> Response:
    """A body takes part."""
    form, code = PartnerForm(), country.code

    def save() -> None:
        record = PartnerBody(country_code=code, **fields(form, "name", "kind", "website"))
        with writing() as session:
            service.add(session, current_actor(), record, form.new_id, clock.now())

    return edited(
        form,
        save,
        lambda _stale: page(
            "network/partner_form.html", form=form, country_code=code, partner=None
        ),
        url_for("network.country", code=code, _anchor="partners"),
    )


@bp.route("/partners/<uuid:partner_id>/edit", methods=["GET", "POST"])
@guard(Action.PARTNER_EDIT, view=Action.NETWORK_VIEW, partner=service.find_partner)
def edit_partner(partner: PartnerBody) -> Response:
    """Correct a partner body."""
    form, key = PartnerForm(obj=partner), partner.id

    def save() -> None:
        with writing() as session:
            service.change(
                session,
                current_actor(),
                session.get_one(PartnerBody, key),
                fields(form, "name", "kind", "website"),
                clock.now(),
                seen_version=form.seen_version,
            )

    def show(stale: bool) -> Response:
        found = db.session.get_one(PartnerBody, key)
        if stale:
            form.version.data = str(found.version)
        return page(
            "network/partner_form.html",
            form=form,
            country_code=found.country_code,
            partner=found,
            stale=stale,
        )

    return edited(form, save, show, url_for("network.partner", partner_id=key))


@bp.route("/partners/<uuid:partner_id>/end", methods=["GET", "POST"])
@guard(Action.PARTNER_EDIT, view=Action.NETWORK_VIEW, partner=service.find_partner)
def end_partner(partner: PartnerBody) -> Response:
    """A body no longer takes part."""
    return end(partner, url_for("network.partner", partner_id=partner.id))
