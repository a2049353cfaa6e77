"""A trainee in the field, with a trainer, a supervisor and an administration."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from lms.core import clock
from lms.core.db import db
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW
from tests.people import person


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def cohort(session):
    return cohorts.cohort(session)


@pytest.fixture
def team(session, cohort):
    return cohorts.team(session, cohort)


@pytest.fixture
def trainer(team):
    return team[0]


@pytest.fixture
def supervisor(team):
    return team[1]


@pytest.fixture
def admin(session):
    return person(session, "admin.ma")


@pytest.fixture
def enrolment(session, cohort):
    return cohorts.enrolment(session, person(session, "trainee"), cohort)


@pytest.fixture
def placement(session, enrolment, supervisor):
    return fieldwork.placement(session, enrolment, supervisor)


@pytest.fixture
def browse(app, session, client):
    """Call it with a person for a browser in which they are signed in."""

    def signed_in(someone):
        browser = type(client)(app, session)
        signer = app.session_interface.get_signing_serializer(app)
        browser.set_cookie(
            app.config["SESSION_COOKIE_NAME"],
            signer.dumps({"_user_id": people.token(session, someone)}),
            domain=app.config["SETTINGS"].hostname,
        )
        return browser

    return signed_in


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)


def post(client, address, page_address, **data):
    """Send a form as its page would, with the page's token."""
    page = client.get(page_address)
    if 'name="csrf_token"' in page.text:
        client.token = token_of(page)
    values = {"csrf_token": client.token}
    for name in ("record_id", "version"):
        hidden = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)
        if hidden:
            values[name] = hidden.group(1)
    return client.post(address, data={**values, **data})


def decide(client, entry, **data):
    home = f"/practice/entries/{entry.id}"
    return post(client, f"{home}/decide", home, **data)


@contextmanager
def counted():
    """Statements that the block makes, transactions' own apart."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "SET LOCAL")):
            statements.append(statement)

    engine = db.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
