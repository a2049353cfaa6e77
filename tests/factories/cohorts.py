"""Cohorts and enrolments for tests, on our own content."""

from datetime import UTC, date, datetime
from itertools import count

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import ENDED, CohortState, EnrolmentState
from lms.core.search import fold
from lms.policy.actor import Role
from tests.factories import curriculum, network, people
from tests.people import grant_in, person

_numbers = count(1)
NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
"""When tests of cohorts and practice take place: in mid-course."""


def cohort(session, programme="facilitator", country="MA", **fields):
    """A running cohort, from January to December."""
    network.country(session, country)
    given = {
        "name": f"Promotion {next(_numbers)}",
        "release_id": curriculum.release(session, curriculum.ours()).id,
        "starts_on": date(2026, 1, 15),
        "ends_on": date(2026, 12, 15),
        "state": CohortState.RUNNING,
        "time_zone": network.COUNTRIES[country]["time_zone"],
        "created_at": datetime(2026, 1, 2, tzinfo=UTC),
    }
    made = Cohort(country_code=country, programme=programme, **(given | fields))
    made.search_text = fold(made.name)
    session.add(made)
    session.flush()
    return made


def enrolment(session, someone=None, in_cohort=None, **fields):
    """A trainee's enrolment, with the role that goes with it."""
    in_cohort = in_cohort or cohort(session)
    someone = someone or people.person(session, in_cohort.country_code)
    given = {
        "state": EnrolmentState.ENROLLED,
        "enrolled_at": datetime(2026, 1, 20, tzinfo=UTC),
    }
    made = Enrolment(cohort=in_cohort, person=someone, **(given | fields))
    session.add(made)
    session.flush()
    if made.state not in ENDED:
        grant_in(session, someone, Role.TRAINEE, in_cohort)
    return made


def team(session, in_cohort, country="MA"):
    """Trainer and supervisor of the cohort: the personas of its country."""
    suffix = "" if country == "MA" else f".{country.lower()}"
    return (
        person(session, f"trainer{suffix}", cohort=in_cohort),
        person(session, f"supervisor{suffix}", cohort=in_cohort),
    )
