"""A cohort with its trainer and a few trainees."""

import pytest

from tests.factories import cohorts
from tests.people import person


@pytest.fixture
def trainer(session, cohort):
    return cohorts.team(session, cohort)[0]


@pytest.fixture
def enrolment(session, cohort):
    return cohorts.enrolment(session, person(session, "trainee"), cohort)


@pytest.fixture
def others(session, cohort):
    return [cohorts.enrolment(session, None, cohort) for _ in range(2)]
