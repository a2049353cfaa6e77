"""The named personas of the tests, and how they sign in.

`person(session, "admin.ma")` gives a persona, made on first use (pass `cohort=…` for those who
work in one); `client_for(app, someone)` is a browser in which they are signed in.
"""

import re
from contextlib import contextmanager
from contextvars import Context

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import object_session

from lms.core.db import db
from lms.people.models import Person
from lms.policy.actor import Role, Scope
from tests.factories import network
from tests.factories import people as factory
from tests.factories.people import PASSWORD

__all__ = [
    "PASSWORD",
    "PERSONAS",
    "client_for",
    "csrf",
    "field",
    "grant_in",
    "person",
    "queries",
    "signed_in",
    "submit",
    "visitor",
]

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
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.application.config["SETTINGS"].base_url)
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
    cookie = signer.dumps({"_user_id": token})
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie, domain=_host(app))
    return client


def _host(app):
    return app.config["SETTINGS"].hostname


def client_for(app, someone):
    """A browser of its own in which this person is signed in."""
    return signed_in(visitor(app), someone)


def field(response, name):
    """Value of a page's hidden or text field."""
    for tag in re.findall(r"<input[^>]*>", response.text):
        if f'name="{name}"' in tag:
            return (re.search(r'value="([^"]*)"', tag) or ["", ""])[1]
    raise AssertionError(f"no field {name} on the page")


def csrf(client, url="/sign-out"):
    """A token for a POST; from a page that has a form."""
    page = client.get(url)
    if 'name="csrf_token"' not in page.text:
        page = client.get("/sign-in")
    return field(page, "csrf_token")


def submit(client, url, data=None, *, page=None, **kwargs):
    """Open the form at `page` (or `url`), and send it with its own hidden fields and `data`."""
    shown = client.get(page or url)
    hidden = {
        name: field(shown, name)
        for name in ("csrf_token", "version", "record_id")
        if f'name="{name}"' in shown.text
    }
    if "csrf_token" not in hidden:
        hidden["csrf_token"] = csrf(client)
    return client.post(url, data={**hidden, **(data or {})}, **kwargs)


@contextmanager
def queries():
    """The statements that reach the database meanwhile, without those that open transactions."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if statement.split(None, 1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
