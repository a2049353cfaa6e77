"""Countries, centres, partner bodies, a convention, reported figures.

All bodies are fictional; the figures are quoted with their source (seed rows D20, D21).
"""

from datetime import date, timedelta

from lms.core.db import AnySession
from lms.network.models import (
    Centre,
    Convention,
    ConventionParty,
    Country,
    PartnerBody,
    ReportedFigure,
)

COUNTRIES = (
    ("MA", "fr", "Africa/Casablanca", True),
    ("SN", "fr", "Africa/Dakar", False),
    ("BE", "fr", "Europe/Brussels", False),
)
DECK = "Présentation « Coaching territorial », journée de sensibilisation"
FIGURES = (
    ("SN", "coaches", "03 COACHS MAROCAIN CERTIFIES", 3),
    ("SN", "facilitators", "15 ANIMATEURS EN COACHING TERRITORIAL", 15),
    ("SN", "initiatives", "03 INITIATIVES", 3),
    ("SN", "projects", "01 PROJETS", 1),
    ("MA", "coaches", "30 COACHS MAROCAIN CERTIFIES", 30),
    ("MA", "facilitators", "40 ANIMATEURS EN COACHING TERRITORIAL", 40),
    ("MA", "initiatives", "+ 10 INITIATIVES", 10),
    ("MA", "projects", "02 PROJETS", 2),
    (
        None,
        "coaches",
        "3 PROMOTIONS DE 62 COACHS TERRITORIAUX CERTIFIER PAR ALGA / CGLU AFRIQUE",
        62,
    ),
)
SLIP = {
    "fr": "« Marocain » sous le titre Sénégal : sans doute une erreur de la source, laissée ainsi.",
    "en": "“Marocain” under the heading Senegal: probably a slip of the source, kept as it is.",
    "ar": "كلمة «Marocain» تحت عنوان السنغال: لعلها سهو في المصدر، وقد أبقيت كما هي.",
}


def load(session: AnySession, today: date) -> dict[str, Centre]:
    """Add the network; returns the centres by country."""
    for code, language, time_zone, arabic in COUNTRIES:
        session.add(
            Country(code=code, language=language, time_zone=time_zone, needs_arabic_names=arabic)
        )
    session.flush()
    centres = {
        "MA": Centre(country_code="MA", name="Centre d’excellence d’Oujda", city="Oujda"),
        "SN": Centre(country_code="SN", name="Centre d’excellence de Kaolack", city="Kaolack"),
    }
    session.add_all(centres.values())
    partners = [
        PartnerBody(country_code="MA", name="Conseil régional de démonstration", kind="Région"),
        PartnerBody(country_code="MA", name="Université de démonstration", kind="Université"),
        PartnerBody(country_code="SN", name="Mairie de démonstration", kind="Commune"),
        PartnerBody(country_code="BE", name="Association de démonstration", kind="ONG"),
    ]
    session.add_all(partners)
    session.flush()
    convention = Convention(
        country_code="MA",
        title="Convention multi-acteurs de démonstration",
        signed_on=today - timedelta(days=400),
        ends_on=today + timedelta(days=700),
        purpose="Former et accompagner des coachs territoriaux, et suivre leurs initiatives.",
        parties=[ConventionParty(partner=partner) for partner in partners[:3]],
    )
    session.add(convention)
    for country_code, subject, wording, value in FIGURES:
        slip = SLIP if (country_code, subject) == ("SN", "coaches") else {}
        session.add(
            ReportedFigure(
                country_code=country_code,
                subject=subject,
                wording=wording,
                value=value,
                source=DECK,
                note=slip,
            )
        )
    session.flush()
    return centres
