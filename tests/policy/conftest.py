"""Everybody and everything of the demonstration, for the tests that ask who may do what."""

import pytest

from tests.policy.seeded.world import World


@pytest.fixture
def world(seeded_session):
    return World(seeded_session)
