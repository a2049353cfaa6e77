"""A trainee of a running cohort in Morocco, with the sample content or our own."""

from datetime import UTC, date, datetime

import pytest

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState
from tests.factories import curriculum, network
from tests.people import person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def enrol(session, someone, cohort):
    made = Enrolment(cohort=cohort, person=someone, enrolled_at=datetime(2026, 2, 1, 8, tzinfo=UTC))
    session.add(made)
    session.flush()
    return made


def cohort_on(session, release, programme="facilitator", country="MA"):
    network.country(session, country)
    made = Cohort(
        country_code=country,
        programme=programme,
        release_id=release.id,
        name=f"Promotion {country}",
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 12, 1),
        state=CohortState.RUNNING,
        time_zone="Africa/Casablanca",
        created_at=datetime(2026, 1, 5, tzinfo=UTC),
    )
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def release(session):
    return curriculum.release(session)


@pytest.fixture
def cohort(session, release):
    return cohort_on(session, release)


@pytest.fixture
def enrolment(session, cohort):
    return enrol(session, person(session, "trainee", cohort=cohort), cohort)


@pytest.fixture
def actor(enrolment):
    return enrolment.person.actor


@pytest.fixture
def trainee(browse, enrolment):
    """Where the trainee is signed in."""
    return browse(enrolment.person)
