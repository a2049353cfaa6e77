"""Sessions: one query with a cookie, none without; dead at once when they should be."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from lms.core import clock
from lms.people.models import AccountSession
from lms.people.sessions import service as sessions
from tests.factories import people as factory
from tests.people import client_for, person, visitor


def test_load_gives_actor(session):
    someone = person(session, "admin.ma")
    token = factory.token(session, someone)
    user = sessions.load(session, token, clock.now())
    assert user.id == someone.id
    assert user.actor == someone.actor
    assert user.get_id() == token
