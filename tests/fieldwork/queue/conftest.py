"""A second supervisor of the same team."""

import pytest

from lms.policy.actor import Role
from tests.factories import people
from tests.people import grant_in


@pytest.fixture
def colleague(session, cohort):
    """Somebody else who supervises in the cohort."""
    found = people.person(session, "MA")
    grant_in(session, found, Role.SUPERVISOR, cohort)
    return found
