"""Browsers of the personas."""

import pytest

from tests.people import client_for, person


@pytest.fixture
def browse(app, session):
    """`browse("chair")`: a browser in which the persona is signed in."""
    return lambda name: client_for(app, person(session, name))
