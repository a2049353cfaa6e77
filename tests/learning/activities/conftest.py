"""A cohort of four whose content has team exercises, and its trainer."""

import pytest

from lms.policy.actor import Role
from tests.factories import curriculum, exercises
from tests.factories.people import person
from tests.learning.conftest import cohort_on, enrol
from tests.people import grant_in


@pytest.fixture
def release(session):
    return curriculum.release(session, exercises.content())


@pytest.fixture
def cohort(session, release):
    return cohort_on(session, release)


@pytest.fixture
def trainer(session, cohort):
    return exercises.trainer_of(session, cohort)


@pytest.fixture
def team(session, cohort):
    people = [person(session) for _ in range(4)]
    for one in people:
        enrol(session, one, cohort)
        grant_in(session, one, Role.TRAINEE, cohort)
    return people
