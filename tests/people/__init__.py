"""The named personas of the tests, and how they sign in.

`person(session, "admin.ma")` gives a persona, made on first use (pass `cohort=…` for those who
work in one); `client_for(app, someone)` is a browser in which they are signed in.
"""

from contextvars import Context

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import object_session

from lms.core.db import db
from lms.people.models import Person
from lms.policy.actor import Role, Scope
from tests.factories import network
from tests.factories import people as factory
from tests.factories.people import PASSWORD

__all__ = ["PASSWORD", "PERSONAS", "client_for", "grant_in", "person", "signed_in", "visitor"]

PERSONAS = {
    # two countries, each with an admin, a team and trainees; names in both scripts
    "trainee": ("MA", "Amrani", "Salma", "العمراني", "سلمى"),
    "trainee.new": ("MA", "Bennis", "Yassine", "بنيس", "ياسين"),
    "trainee.sn": ("SN", "Ndiaye", "Awa", "", ""),
    "facilitator": ("SN", "Sarr", "Moussa", "", ""),
    "trainer": ("MA", "El Idrissi", "Karim", "الإدريسي", "كريم"),
    "trainer.sn": ("SN", "Fall", "Khady", "", ""),
    "supervisor": ("MA", "Ziani", "Houda", "الزياني", "هدى"),
    "supervisor.sn": ("SN", "Diop", "Ousmane", "", ""),
    "assessor1": ("MA", "Tazi", "Nadia", "التازي", "نادية"),
    "assessor2": ("SN", "Ba", "Cheikh", "", ""),
    "assessor3": ("BE", "Peeters", "Anne", "", ""),
    "chair": ("BE", "Lambert", "Luc", "", ""),
    "juror1": ("MA", "Chraibi", "Omar", "الشرايبي", "عمر"),
    "juror2": ("SN", "Gueye", "Fatou", "", ""),
    "admin.ma": ("MA", "Berrada", "Laila", "برادة", "ليلى"),
    "admin.sn": ("SN", "Sow", "Ibrahima", "", ""),
    "admin.be": ("BE", "Maes", "Sofie", "", ""),
    "programme": ("MA", "Kettani", "Rachid", "الكتاني", "رشيد"),
    "partner": ("MA", "Filali", "Samir", "الفيلالي", "سمير"),
    "auditor": ("BE", "Janssens", "Marc", "", ""),
}

WIDE = {
    "assessor1": [(Role.ASSESSOR, Scope.ALL, "")],
    "assessor2": [(Role.ASSESSOR, Scope.ALL, "")],
    "assessor3": [(Role.ASSESSOR, Scope.ALL, "")],
    "chair": [(Role.JUROR, Scope.ALL, "")],
    "juror1": [(Role.JUROR, Scope.ALL, "")],
    "juror2": [(Role.JUROR, Scope.ALL, "")],
    "admin.ma": [(Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")],
    "admin.sn": [(Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN")],
    "admin.be": [(Role.COUNTRY_ADMIN, Scope.COUNTRY, "BE")],
    "programme": [(Role.PROGRAMME_ADMIN, Scope.ALL, "")],
    "auditor": [(Role.AUDITOR, Scope.ALL, "")],
}
"""Roles that need no cohort."""

IN_COHORT = {
    "trainee": Role.TRAINEE,
    "trainer": Role.TRAINER,
    "supervisor": Role.SUPERVISOR,
    "facilitator": Role.TRAINEE,
}
"""What a persona is in the cohort that it is given, by the name before the dot."""


def person(session, name="trainee", *, cohort=None, **fields):
    """The persona, made on first use; with `cohort`, holding its role there."""
    email = f"{name}@demo.example"
    found = session.scalar(select(Person).where(Person.email == email))
    if found is None:
        country, family, given, family_ar, given_ar = PERSONAS[name]
        names = {"family_name": family, "given_name": given}
        names |= {"family_name_ar": family_ar, "given_name_ar": given_ar}
        grants = list(WIDE.get(name, []))
        if name == "partner":
            grants.append((Role.PARTNER, Scope.PARTNER, network.partner(session, country).id))
        found = factory.person(
            session, country, grants=grants, **{"email": email, **names, **fields}
        )
    if cohort is not None:
        grant_in(session, found, IN_COHORT[name.partition(".")[0]], cohort)
    return found


def grant_in(session, holder, role, cohort):
    """A role in a cohort (the record or its key), once."""
    key = str(getattr(cohort, "id", cohort))
    held = [g for g in holder.active_grants if g.role is role and g.scope_id == key]
    return held[0] if held else factory.grant(session, holder, role, Scope.COHORT, key)


class _Visitor(FlaskClient):
    """A browser that sees what the test has done so far, and shows the test what it did."""

    def open(self, *args, **kwargs):
        db.session.commit()
        # in an empty context: a request must not inherit `g`, and with it somebody's sign-in
        return Context().run(super().open, *args, **kwargs)


def visitor(app):
    """A browser in which nobody is signed in."""
    return _Visitor(app, app.response_class, use_cookies=True)


def signed_in(client, someone):
    """The same client, with a session of this person opened directly in the database."""
    app = client.application
    token = factory.token(object_session(someone), someone)
    signer = app.session_interface.get_signing_serializer(app)
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], signer.dumps({"_user_id": token}))
    return client


def client_for(app, someone):
    """A browser of its own in which this person is signed in."""
    return signed_in(visitor(app), someone)
