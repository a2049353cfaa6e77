"""Every route, method and persona, on records near and far: the guard's answer, over HTTP.

On SQLite all of it, on PostgreSQL one record a route and persona in turn. The pages made on the
way are read for canaries: a private text may be met by those alone who may read it.
"""

import hashlib
import logging
from contextvars import Context
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import metadata
from lms.core.db import db
from lms.curriculum import service as curriculum
from lms.fieldwork.models import Signature
from lms.people.models import Person
from lms.policy.permits import permits
from lms.policy.predicates import anyone
from lms.policy.table import POLICY
from tests.policy.seeded import canaries
from tests.policy.seeded.addresses import Catalogue, Target, nobody_or, rules
from tests.policy.seeded.readers import Readers
from tests.policy.seeded.things import all_things
from tests.policy.seeded.who import Somebody
from tests.seeded import cookie_for, cookie_of

PERSONAS = (
    "anonymous", "trainee", "trainee.new", "trainer", "supervisor", "assessor1", "chair",
    "admin.ma", "admin.sn", "programme", "partner", "auditor",
)  # fmt: skip
SIGN_IN = "to sign in"
IN = "let in"

HANDED_OVER = {"demo.persona": {"email": "trainee"}}
"""What a form must carry for the page not to say 404 for a reason of its own."""


@dataclass
class Stage:
    """The application, one person's cookie, and what was answered."""

    app: object
    session: object
    cookie: str
    bodies: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, method: str, url: str, **more):
        """One request of its own: no cookie is kept, nothing is shared but the database."""
        client = FlaskClient(self.app, self.app.response_class, use_cookies=False)
        headers = {"Cookie": self.cookie} | more.pop("headers", {})
        base = self.app.config["SETTINGS"].base_url
        answer = Context().run(
            client.open, url, method=method, base_url=base, headers=headers, buffered=True, **more
        )
        if "text" in answer.content_type or "json" in answer.content_type:
            self.bodies.append((f"{method} {url}", answer.get_data(as_text=True)))
        return answer

    def try_out(self, method: str, url: str, **more):
        """A request whose effects are undone."""
        self.session.commit()
        connection = db._app_engines[self.app][None]
        point = connection.begin_nested()
        try:
            return self.ask(method, url, **more)
        finally:
            point.rollback()


@pytest.fixture(params=PERSONAS)
def who(request, seeded_session):
    return nobody_or(seeded_session, request.param)


@pytest.fixture
def stage(seeded_app, seeded_session, who):
    cookie = ""
    if who.key is not None:
        cookie = "=".join(cookie_of(seeded_app, seeded_session, who.name))
    return Stage(seeded_app, seeded_session, cookie)


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


def leaks(stage, who, readers: Readers) -> list[str]:
    """Private texts on pages where this person must not meet them."""
    return [
        f"{page}: {name} of {key}"
        for page, text in stage.bodies
        for name, key in sorted(canaries.found_in(text), key=str)
        if not readers.may_meet(who, name, key)
    ]


def say(faults: list[str]) -> None:
    """All that is wrong, in one failure."""
    found = list(filter(None, faults))
    assert not found, "\n".join([f"{len(found)}:", *found[:40]])


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
    """Without one, 400 before anything else. The typed code changes nothing: no token."""
    seen = set()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for each in planned(stage, who, catalogue, method, 0):
            given = stage.try_out(method, each.target.url).status_code
            if given != 400:
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


# --- confidences, in every state of a case and of its records ---

SHEETS = (
    "",
    "/score",
    "/score/check",
    "/deliberate",
    "/deliberation",
    "/sign",
    "/release",
    "/assign",
)
JUDGES = (
    "assessor1", "assessor2", "assessor3", "chair", "juror1", "juror2",
    "admin.ma", "admin.sn", "programme", "auditor",
)  # fmt: skip
TEAM = "trainee", "trainer", "supervisor", "admin.ma", "programme", "auditor"
UNSEEN = {"accountsession.browser", "supervisionfeedback.answers"}
"""What no page ever shows as it is stored: a browser is told by its kind (`Chrome · Android`),
the evaluation of a supervision only in figures about several together."""


def _learning_pages(catalogue) -> list[str]:
    """Attempts, exercises, extra time, training days, corrections, notes, team activities."""
    learnt = [f"/learn/attempts/{t.obj.id}/result" for t in catalogue.things["attempt"]][:60]
    learnt += [f"/learn/attempts/{t.obj.attempt_id}/result" for t in catalogue.things["open mark"]]
    learnt += [f"/learn/work/{t.obj.id}" for t in catalogue.things["work"]]
    learnt += [f"/learn/{t.obj.enrolment_id}/extra-time" for t in catalogue.things["extra time"]]
    learnt += [f"/training/of/{t.obj.enrolment_id}" for t in catalogue.things["attendance"]][:20]
    days = {t.obj.session_id for t in catalogue.things["attendance"]}
    learnt += [f"/training/{day}{page}" for day in days for page in ("", "/list")]
    learnt += [f"/admin/corrections/{t.obj.id}" for t in catalogue.things["correction"]]
    learnt += ["/learn/notes"]
    for cohort in {t.cohort for t in catalogue.things["line"]}:
        learnt += [f"/cohorts/{cohort}/activities/c10-x{number}" for number in (2, 3)]
    return learnt


def _own_pages(catalogue, release) -> dict[UUID, list[str]]:
    """Pages by whose they are: what only its author is shown, while it is being written."""
    pages: dict[UUID, list[str]] = {}
    for thing in catalogue.things["work"]:
        exercise = release.content.exercises[thing.obj.exercise]
        module = exercise.lesson.partition("/")[0]
        own = f"/learn/{thing.obj.enrolment_id}/{module}/exercises/{exercise.id}"
        pages.setdefault(thing.owner, []).append(own)
    for thing in catalogue.things["values"][:6]:
        own = f"/cohorts/{thing.cohort}/activities/c10-x2"
        pages.setdefault(thing.owner, []).append(own)
    owners = {thing.owner for thing in catalogue.things["template"]}
    enrolments = {t.owner: t.obj.enrolment_id for t in catalogue.things["entry"]}
    for owner in owners & set(enrolments):
        pages.setdefault(owner, []).append(f"/practice/{enrolments[owner]}/templates")
    evidence = {thing.owner: thing.obj.entry_id for thing in catalogue.things["evidence"]}
    for owner, entry in evidence.items():
        pages.setdefault(owner, []).append(f"/practice/entries/{entry}")
    return pages


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_confidences_in_every_state(seeded_app, seeded_session, catalogue, readers):
    """All pages of all cases, to judges, office and candidates; of all kinds of practice records.

    Each field must be met by somebody, or this test would see nothing.
    """
    dossiers, records = catalogue.things["dossier"], []
    for kind, address in (("entry", "entries"), ("observation", "observations")):
        things = [t for t in reversed(catalogue.things[kind]) if not t.deleted]
        first = {(t.state, t.handed_in, t.cohort): t for t in things}
        records += [f"/practice/{address}/{t.obj.id}" for t in first.values()]
    salma = nobody_or(seeded_session, "trainee").key
    records += [
        f"/practice/supervision/{t.obj.id}"
        for t in catalogue.things["supervision"]
        if salma in t.invited
    ]
    places = {(t.obj.state, t.cohort): t for t in catalogue.things["placement"]}
    records += [f"/practice/placements/{t.obj.id}" for t in places.values()]
    said = seeded_session.scalars(select(Signature).where(Signature.comment != "")).all()
    records += [f"/practice/entries/{each.entry_id}" for each in said if each.entry_id]
    for given in catalogue.things["host feedback"]:
        records += [f"/practice/feedback/{given.obj.id}"]
        records += [f"/practice/placements/{given.obj.placement_id}"]
    records += [f"/practice/outbox/{t.obj.id}" for t in catalogue.things["synced"]]
    records += ["/practice/absences"]
    office = [f"/admin/cases/{t.obj.enrolment_id}" for t in dossiers]
    visits = []
    for name in JUDGES:
        who = nobody_or(seeded_session, name)
        visits.append((who, [] if who.has("assessor") or who.has("juror") else office))
        for thing in dossiers:
            pages = SHEETS if who.key in thing.named else SHEETS[:1]
            visits.append((who, [f"/assessment/dossiers/{thing.obj.id}{page}" for page in pages]))
    visits += [(nobody_or(seeded_session, name), records) for name in TEAM]
    talk = [f"/cohorts/discussion/{t.obj.id}" for t in catalogue.things["thread"]]
    talk += [f"/cohorts/reports/{t.obj.id}" for t in catalogue.things["post report"][:8]]
    visits += [(nobody_or(seeded_session, name), talk) for name in ("trainee", "trainer")]
    learnt = _learning_pages(catalogue)
    taught = ("trainee", "trainer", "admin.ma")
    visits += [(nobody_or(seeded_session, name), learnt) for name in taught]
    release = curriculum.current_release(seeded_session)
    for key, pages in _own_pages(catalogue, release).items():
        visits.append((Somebody("owner", seeded_session.get(Person, key).actor), pages))
    doubts = [f"/admin/doubts/{thing.obj.id}" for thing in catalogue.things["doubt"]]
    visits.append((nobody_or(seeded_session, "programme"), doubts))
    for thing in dossiers:
        owner = Somebody("candidate", seeded_session.get(Person, thing.owner).actor)
        of_case = [
            f"/assessment/dossiers/{thing.obj.id}",
            f"/assessment/ledger/{thing.obj.enrolment_id}",
            f"/practice/{thing.obj.enrolment_id}",
            "/home",
        ]
        visits.append((owner, of_case))
    met, wrong, cookies = set(), [], {}
    for who, addresses in visits:
        if who.key not in cookies:
            person = seeded_session.get(Person, who.key)
            cookies[who.key] = "=".join(cookie_for(seeded_app, seeded_session, person))
        cookie = cookies[who.key]
        stage = Stage(seeded_app, seeded_session, cookie)
        wrong += [f"{who.name}: {url}" for url in addresses if _fails(stage.ask("GET", url))]
        wrong += [f"{who.name}: {text}" for text in leaks(stage, who, readers)]
        met |= {name for _, text in stage.bodies for name, _ in canaries.found_in(text)}
    say(wrong)
    planted = {f"{m.__name__}.{f}".lower() for m, fields in canaries.FIELDS.items() for f in fields}
    assert planted - met == UNSEEN, f"shown to nobody: {sorted(planted - met)}"


def _fails(answer) -> bool:
    return answer.status_code >= 500
