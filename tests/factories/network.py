"""Countries, centres, partner bodies, conventions for tests."""

from datetime import date
from itertools import count

from lms.network.models import Centre, Convention, ConventionParty, Country, PartnerBody

_numbers = count(1)
COUNTRIES = {
    "MA": {"language": "fr", "time_zone": "Africa/Casablanca", "needs_arabic_names": True},
    "SN": {"language": "fr", "time_zone": "Africa/Dakar"},
    "BE": {"language": "fr", "time_zone": "Europe/Brussels"},
}


def country(session, code="MA", **fields):
    """The country, made if it is not there yet."""
    found = session.get(Country, code)
    if found is None:
        found = Country(code=code, **{**COUNTRIES.get(code, {}), **fields})
        session.add(found)
        session.flush()
    return found


def centre(session, country_code="MA", **fields):
    country(session, country_code)
    fields = {"name": f"Centre {next(_numbers)}", "city": "Oujda", **fields}
    made = Centre(country_code=country_code, **fields)
    session.add(made)
    session.flush()
    return made


def partner(session, country_code="MA", **fields):
    country(session, country_code)
    fields = {"name": f"Organisme {next(_numbers)}", "kind": "Association", **fields}
    made = PartnerBody(country_code=country_code, **fields)
    session.add(made)
    session.flush()
    return made


def convention(session, country_code="MA", parties=(), **fields):
    country(session, country_code)
    fields = {"title": f"Convention {next(_numbers)}", "signed_on": date(2026, 1, 15), **fields}
    made = Convention(country_code=country_code, **fields)
    made.parties = [ConventionParty(partner_id=party.id) for party in parties]
    session.add(made)
    session.flush()
    return made
