"""A trainee in the field, with a trainer, a supervisor and an administration."""

import pytest

from lms.core import clock
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.pages import post
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


def decide(client, entry, **data):
    home = f"/practice/entries/{entry.id}"
    return post(client, f"{home}/decide", home, **data)
