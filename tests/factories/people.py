"""Persons, roles and sessions for tests."""

from datetime import UTC, datetime
from functools import cache
from itertools import count

from lms.core import clock
from lms.people.models import Person, RoleGrant
from lms.people.passwords import hash_password
from lms.people.sessions import service as sessions
from lms.policy.actor import Role, Scope
from tests.factories import network

PASSWORD = "oasis figuier 1912"
_numbers = count(1)


@cache
def password_hash(password=PASSWORD):
    """A hash with the cheapest parameters."""
    return hash_password(password, cheap=True)


def person(session, country_code="MA", *, grants=(), active=True, **fields):
    """A person; `grants` are (role, scope, scope_id); `active=False`: invited, without password."""
    network.country(session, country_code)
    number = next(_numbers)
    fields = {
        "family_name": f"Personne{number}",
        "given_name": "Test",
        "email": f"person{number}@demo.example",
        "password_hash": password_hash() if active else None,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        **fields,
    }
    made = Person(country_code=country_code, **fields)
    session.add(made)
    session.flush()
    for role, scope, scope_id in grants:
        grant(session, made, role, scope, scope_id)
    return made


def grant(session, holder, role, scope=Scope.ALL, scope_id="", **fields):
    """A role held since the beginning of 2026; `scope_id` may be a record's key."""
    fields = {"granted_at": datetime(2026, 1, 1, tzinfo=UTC), **fields}
    made = RoleGrant(role=Role(role), scope=Scope(scope), scope_id=str(scope_id), **fields)
    holder.grants.append(made)
    session.flush()
    return made


def token(session, holder, **fields):
    """Open a session; returns the token for the cookie."""
    return sessions.open_session(session, holder, clock.now(), **fields)
