"""A cohort of the country, with its administration."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from lms.core import clock
from lms.core.db import db
from tests.factories import cohorts
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
def admin(session):
    return person(session, "admin.ma")


@pytest.fixture
def settings(app):
    return app.config["SETTINGS"]


@pytest.fixture
def counted():
    """Statements that the block makes, transactions' own apart."""

    @contextmanager
    def counting():
        statements = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "SET LOCAL")):
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
