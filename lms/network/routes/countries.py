"""The network as a whole, and its countries."""

from typing import Any
from zoneinfo import available_timezones

from flask import Response, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from lms.core import clock, i18n, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.network import service
from lms.network.forms import (
    CountryForm,
    NewCountryForm,
)
from lms.network.models import Country
from lms.network.routes.area import bp, edited, languages, page, see, state
from lms.network.rules import is_code
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

ZONES = sorted(zone for zone in available_timezones() if "/" in zone)


@bp.get("")
@guard(Action.NETWORK_VIEW)
def index() -> str:
    """Countries, each with its centres, bodies and conventions."""
    countries = sorted(service.countries(db.session), key=lambda each: i18n.country_name(each.code))
    return render_template(
        "network/index.html",
        countries=countries,
        centres=service.centres(db.session),
        partners=service.partners(db.session),
        conventions=service.conventions(db.session),
        figures=service.figures(db.session, None),
        state=state,
    )


@bp.get("/countries/<code>")
@guard(Action.NETWORK_VIEW, country=service.find_country)
def country(country: Country) -> str:
    """One country: what is there, and apart from it what is reported."""
    return render_template(
        "network/country.html",
        country=country,
        centres=service.centres(db.session, country.code),
        partners=service.partners(db.session, country.code),
        conventions=service.conventions(db.session, country.code),
        figures=service.figures(db.session, country.code),
        state=state,
    )


@bp.route("/countries/new", methods=["GET", "POST"])
@guard(Action.COUNTRY_CREATE)
def add_country() -> Response:
    """A country joins the network."""
    form = NewCountryForm(data={"language": i18n.current_language()})
    form.language.choices = languages()
    form.code.choices = _country_choices()
    if not form.validate_on_submit():
        return page("network/country_form.html", form=form, country=None, zones=ZONES)
    try:
        with writing() as session:
            service.add_country(
                session, current_actor(), form.code.data, _country_fields(form), clock.now()
            )
    except Refusal as refusal:
        form.refuse(refusal, form.code)
        return page("network/country_form.html", form=form, country=None, zones=ZONES)
    web.say(_("The country is part of the network."))
    return see(url_for("network.country", code=form.code.data))


@bp.route("/countries/<code>/edit", methods=["GET", "POST"])
@guard(Action.COUNTRY_EDIT, view=Action.NETWORK_VIEW, country=service.find_country)
def edit_country(country: Country) -> Response:
    """What a country asks of its people."""
    form, code = CountryForm(obj=country), country.code
    form.language.choices = languages()

    def save() -> None:
        with writing() as session:
            service.change(
                session,
                current_actor(),
                session.get_one(Country, code),
                _country_fields(form),
                clock.now(),
                seen_version=form.seen_version,
            )

    def show(stale: bool) -> Response:
        found = db.session.get_one(Country, code)
        if stale:
            form.version.data = str(found.version)
        return page("network/country_form.html", form=form, country=found, zones=ZONES, stale=stale)

    return edited(form, save, show, url_for("network.country", code=code))


def _country_fields(form: CountryForm) -> dict[str, Any]:
    return {
        "language": form.language.data,
        "time_zone": form.time_zone.data,
        "needs_arabic_names": bool(form.needs_arabic_names.data),
    }


def _country_choices() -> list[tuple[str, str]]:
    locale: Any = get_locale()
    named = [(code, str(name)) for code, name in locale.territories.items() if is_code(code)]
    return sorted(
        ((code, name) for code, name in named if code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}),
        key=lambda item: item[1],
    )
