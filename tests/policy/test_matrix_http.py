"""Every route, method and persona, on records near and far: the guard's answer, over HTTP.

On SQLite all of it, on PostgreSQL one record a route and persona in turn. The pages made on the
way are read for canaries: a private text may be met by those alone who may read it.
"""

import hashlib
import logging
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from lms.app import metadata
from lms.policy.permits import permits
from lms.policy.predicates import anyone
from lms.policy.table import POLICY
from tests.policy.seeded import canaries
from tests.policy.seeded.addresses import Target, nobody_or, rules
from tests.policy.seeded.visits import Stage, leaks, say
from tests.seeded import cookie_of

PERSONAS = (
    "anonymous", "trainee", "trainee.new", "trainer", "supervisor", "assessor1", "chair",
    "admin.ma", "admin.sn", "programme", "partner", "auditor",
)  # fmt: skip
SIGN_IN = "to sign in"
IN = "let in"

HANDED_OVER = {"demo.persona": {"email": "trainee"}}
"""What a form must carry for the page not to say 404 for a reason of its own."""


@pytest.fixture(params=PERSONAS)
def who(request, seeded_session):
    return nobody_or(seeded_session, request.param)


@pytest.fixture
def stage(seeded_app, seeded_session, who):
    cookie = ""
    if who.key is not None:
        cookie = "=".join(cookie_of(seeded_app, seeded_session, who.name))
    return Stage(seeded_app, seeded_session, cookie)


@pytest.fixture
def no_tokens(seeded_app, monkeypatch):
    """Forms without CSRF tokens, so that a request reaches its guard."""
    monkeypatch.setitem(seeded_app.config, "WTF_CSRF_ENABLED", False)


def expected(app, session, target: Target, actor) -> str | int:
    """What the guard must answer, from what it says of itself and the table."""
    guard = app.view_functions[target.rule.endpoint].__guard__
    obj = None
    if guard.loader is not None:
        names = guard.loader.__code__.co_varnames[1 : guard.loader.__code__.co_argcount]
        obj = guard.loader(session, **{n: target.values[n] for n in names if n in target.values})
        if obj is None:
            return SIGN_IN if actor.person_id is None else 404
    if permits(actor, guard.action, obj):
        return IN
    if actor.person_id is None:
        return SIGN_IN
    if guard.view is not None:
        return 403 if permits(actor, guard.view, obj) else 404
    return 403 if obj is None else 404


@dataclass(frozen=True)
class Try:
    """One address, the answer that the guard must give, and whether it lets in the public."""

    target: Target
    wanted: str | int
    public: bool

    def fault(self, answer) -> str:
        """'' if the answer is the one expected."""
        given, code = answered(answer), answer.status_code
        if code >= 500 and code != 503:
            return f"{self.target}: {code}"
        if self.wanted != IN:
            same = given == self.wanted
            return "" if same else f"{self.target}: expected {self.wanted}, answered {given}"
        if given in {401, 403, 404} or (given == SIGN_IN and not self.public):
            return f"{self.target}: should be let in, answered {given}"
        return ""


NEAR_TO_FAR = ("own", "assigned", "same cohort", "any", "other cohort", "other country", "absent")


def fewer(asked: list[Try]) -> list[Try]:
    """All that are let in; of those refused, the nearest and the farthest of each route."""
    found = [each for each in asked if each.wanted == IN]
    refused: dict[str, list[Try]] = {}
    for each in asked:
        if each.wanted != IN:
            refused.setdefault(each.target.rule.endpoint, []).append(each)
    for of_route in refused.values():
        of_route.sort(
            key=lambda t: NEAR_TO_FAR.index(t.target.relation.rpartition(", ")[2] or "any")
        )
        found += of_route[:1] + of_route[1:][-1:]
    return found


def answered(answer) -> str | int:
    path = answer.headers.get("Location", "").partition("?")[0]
    if answer.status_code == 401 or path.endswith("/sign-in"):
        return SIGN_IN
    return answer.status_code


def planned(stage, who, catalogue, method: str, turn: int | None) -> list[Try]:
    """Every route with this method: all records, near and far, or one a route in turn."""
    app, session = stage.app, stage.session
    found = []
    for number, rule in enumerate(rules(app)):
        if method not in rule.methods:
            continue
        targets = list(catalogue.targets(rule, who))
        if turn is not None:
            targets = [targets[(turn + number) % len(targets)]]
        public = POLICY[app.view_functions[rule.endpoint].__guard__.action] == [[anyone]]
        found += [Try(t, expected(app, session, t, who.actor), public) for t in targets]
    session.rollback()
    return found


@pytest.fixture
def tries(stage, who, catalogue, database_server):
    """Call it with a method for all addresses to try as this person; on PostgreSQL for some."""
    turn = None if database_server.name == "sqlite" else PERSONAS.index(who.name)
    return lambda method: planned(stage, who, catalogue, method, turn)


def fingerprint(session) -> dict[str, str]:
    """Every row of every table, but for when sessions were seen last."""
    found = {}
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if column.name != "last_seen_at"]
        rows = sorted(map(repr, session.execute(select(*columns))))
        found[table.name] = f"{len(rows)} {hashlib.sha256(''.join(rows).encode()).hexdigest()}"
    session.rollback()
    return found


def test_every_get(stage, who, tries, readers, caplog):
    """The guard's answer; nothing changed; no canary where it must not be."""
    asked = tries("GET")
    before = fingerprint(stage.session)
    with caplog.at_level(logging.INFO):
        wrong = [each.fault(stage.ask("GET", each.target.url)) for each in asked]
    after = fingerprint(stage.session)
    wrong += [f"a GET has changed {name}" for name in before if after[name] != before[name]]
    wrong += [f"{name} of {key} in the log" for name, key in canaries.found_in(caplog.text)]
    say(wrong + leaks(stage, who, readers))


def test_every_write(stage, who, tries, readers, no_tokens):
    """The same for all other methods, with an empty form; effects are undone."""
    wrong = []
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for each in fewer(tries(method)):
            data = HANDED_OVER.get(each.target.rule.endpoint, {})
            wrong.append(each.fault(stage.try_out(method, each.target.url, data=data)))
    say(wrong + leaks(stage, who, readers))


@pytest.mark.parametrize("who", ["anonymous", "programme"], indirect=True)
def test_every_write_needs_a_token(stage, who, catalogue):
    """Without one, 400 before anything else, or the way in where one was signed in before.

    The typed code changes nothing: no token.
    """
    seen = set()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for each in planned(stage, who, catalogue, method, 0):
            answer = stage.try_out(method, each.target.url)
            way_in = who.key is None and answer.headers.get("Location", "").startswith("/sign-in")
            if answer.status_code != 400 and not way_in:
                seen.add(each.target.rule.endpoint)
    assert seen == {"credentials.find"}


@pytest.mark.parametrize("name", ["anonymous", "trainee", "admin.sn"])
def test_programs_are_told_as_json(seeded_app, seeded_session, catalogue, readers, name):
    """401 rather than a page to sign in on; and no canary in JSON either."""
    who = nobody_or(seeded_session, name)
    cookie = "" if who.key is None else "=".join(cookie_of(seeded_app, seeded_session, name))
    stage = Stage(seeded_app, seeded_session, cookie)
    wrong = []
    for each in planned(stage, who, catalogue, "GET", PERSONAS.index(name)):
        answer = stage.ask("GET", each.target.url, headers={"Accept": "application/json"})
        if each.wanted == SIGN_IN and answer.status_code != 401:
            wrong.append(f"{each.target}: {answer.status_code}")
        wrong.append(each.fault(answer))
    say(wrong + leaks(stage, who, readers))
