"""Everybody and everything of the demonstration, for the tests that ask who may do what."""

import pytest

from lms.core.db import db
from tests.policy.seeded.addresses import Catalogue
from tests.policy.seeded.readers import Readers
from tests.policy.seeded.things import all_things
from tests.policy.seeded.world import World


@pytest.fixture
def world(seeded_session):
    return World(seeded_session)


@pytest.fixture(scope="session")
def known(seeded_app):
    """What is seeded, read once: addresses, and who may read which private text."""
    with seeded_app.app_context():
        things = all_things(db.session)
        found = Catalogue(seeded_app, db.session, things), Readers(db.session, things)
        db.session.expunge_all()
        db.session.remove()
    return found


@pytest.fixture
def catalogue(known):
    return known[0]


@pytest.fixture
def readers(known):
    return known[1]
