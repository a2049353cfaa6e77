"""A cohort of the country, with its administration."""

import pytest

from lms.core import clock
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
