"""A cohort with a team and two trainees, and browsers for them."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from lms.cohorts.announcements import service
from lms.cohorts.announcements.service import Words
from tests.factories import cohorts
from tests.factories.cohorts import NOW
from tests.people import person

HOUR = timedelta(hours=1)


@pytest.fixture
def team(session, cohort):
    return cohorts.team(session, cohort)


@pytest.fixture
def trainer(team):
    return team[0]


@pytest.fixture
def trainee(session, cohort):
    return cohorts.enrolment(session, person(session, "trainee"), cohort).person


@pytest.fixture
def other(session, cohort, trainee):
    return cohorts.enrolment(session, person(session, "trainee.new"), cohort).person


@pytest.fixture
def tell(session, cohort, trainer):
    """Call it with a title for an announcement of that title."""

    def told(title="Salle 4", text="On **change** de salle.", at=NOW, hour=None):
        words = Words(title, text)
        return service.write(session, trainer.actor, cohort, uuid7(), words, hour or at, at)

    return told
