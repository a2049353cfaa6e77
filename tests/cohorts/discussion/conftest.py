"""A cohort that talks: a trainer, two trainees under the charter, one who has not accepted it."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from lms.cohorts.discussion import charter, service
from tests.factories import cohorts
from tests.factories.cohorts import NOW
from tests.people import person

MINUTE = timedelta(minutes=1)


@pytest.fixture
def trainer(session, cohort):
    return cohorts.team(session, cohort)[0]


@pytest.fixture
def salma(session, cohort):
    return cohorts.enrolment(session, person(session, "trainee"), cohort).person


@pytest.fixture
def yassine(session, cohort):
    return cohorts.enrolment(session, person(session, "trainee.new"), cohort).person


@pytest.fixture
def outsider(session, cohort):
    """Enrolled, but the charter is not accepted."""
    return cohorts.enrolment(session, None, cohort).person


@pytest.fixture
def signed(session, cohort, trainer, salma, yassine):
    """They have accepted the charter an hour ago."""
    for one in (trainer, salma, yassine):
        charter.accept(session, one.actor, cohort, one.name, "fr", NOW - 60 * MINUTE)
    session.commit()


@pytest.fixture
def thread(session, cohort, salma, signed):
    made = service.open_thread(
        session, salma.actor, cohort, uuid7(), "Un élu parle seul", "Que faire ?", NOW - 50 * MINUTE
    )
    session.commit()
    return made


@pytest.fixture
def say(session, thread):
    """Call it with a person and words for a reply."""

    def said(who, text="Je l’ai vécu.", at=NOW):
        made = service.reply(session, who.actor, thread, uuid7(), text, at)
        session.commit()
        return made

    return said
