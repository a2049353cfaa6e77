"""At most five entries, whoever one is; each leads to a page that opens."""

import re
from itertools import chain, combinations
from uuid import UUID

import pytest

from lms.demo.personas import BY_KEY
from lms.insight.navigation import LIMIT, entries
from lms.policy.actor import PUBLIC, SCOPES, Actor, Grant, Role
from tests.insight.following import visit

SOMEBODY = UUID(int=1)


def actor(roles):
    grants = frozenset(Grant(role, next(iter(SCOPES[role]))) for role in roles)
    return Actor(person_id=SOMEBODY, grants=grants)


def test_at_most_five_for_every_combination_of_roles():
    everything = chain.from_iterable(combinations(Role, n) for n in range(len(Role) + 1))
    for roles in everything:
        found = [entry.endpoint for entry in entries(actor(roles))]
        assert 1 <= len(found) <= LIMIT, roles
        assert found[0] == "insight.home"
        assert len(set(found)) == len(found)


def test_the_public_has_none():
    assert entries(PUBLIC) == []


def test_the_heart_of_each_role_is_there():
    wanted = {
        Role.TRAINEE: "learning.index",
        Role.SUPERVISOR: "fieldwork.index",
        Role.TRAINER: "cohorts.index",
        Role.COUNTRY_ADMIN: "people.people",
        Role.PROGRAMME_ADMIN: "assessment.index",
        Role.ASSESSOR: "assessment.index",
        Role.JUROR: "assessment.index",
        Role.PARTNER: "credentials.register",
        Role.AUDITOR: "insight.audit",
    }
    assert set(wanted) == set(Role)
    for role, endpoint in wanted.items():
        assert endpoint in {entry.endpoint for entry in entries(actor([role]))}


@pytest.mark.parametrize("key", BY_KEY)
def test_every_entry_opens_and_knows_itself(as_persona, key):
    browser = as_persona(key)
    bar = browser.get("/home").text.partition('class="main-nav"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]+)"', bar)
    assert 1 <= len(links) <= LIMIT
    assert 'aria-current="page"' in bar
    for link in links:
        assert visit(browser, link).status_code == 200, link
