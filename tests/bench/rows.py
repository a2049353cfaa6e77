"""What is measured: each row's requests, with the cookies of whoever makes them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from json import dumps, loads
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from lms.demo.load import large
from tests.bench.client import Browser
from tests.bench.load import Call

OPEN_LESSON = "/discover/c2-defining-territorial-coaching/01-definitions-and-metaphors"
"""One that everybody may read."""


@dataclass(frozen=True)
class Row:
    """One line of the table: `calls` asked for in turn, or a `walk` that one visitor repeats.

    A walk returns the statuses and sizes of its requests; its figures are those of a request.
    """

    name: str
    calls: list[Call] = field(default_factory=list)
    writes: bool = False
    walk: Callable[[], list[tuple[int, int]]] | None = None


def rows(demo: dict[str, Any], port: int) -> list[Row]:
    """All rows, on the demonstration that runs at `port`."""
    people, password = demo["people"], demo["password"]
    trainee, admin, supervisor = Browser(port), Browser(port), Browser(port)
    trainee.sign_in(people["trainee"], password)
    admin.sign_in(people["admin.ma"], password)
    supervisor.sign_in(people["supervisor"], password)
    token = demo["certificates"]["valid"]["token"]
    learn = trainee.follow("/learn")
    module = trainee.first_link(learn, r'href="(/learn/[0-9a-f-]{36}/[a-z][a-z0-9-]*)"')
    lesson = trainee.first_link(module, rf'href="({re.escape(module)}/\d\d-[a-z0-9-]*)"')
    cohort = demo["cohorts"]["MA"]
    asks_json = {"Accept": "application/json"}
    return [
        Row("start page", [Call("/")]),
        Row("sign-in page", [Call("/sign-in")]),
        Row("sign-in", [_sign_in(port, people["trainee"], password)], writes=True),
        Row("programme page", [Call(learn, headers=trainee.headers)]),
        Row("lesson", [Call(lesson, headers=trainee.headers)]),
        Row(
            "search in the programme", [Call(f"{learn}/search?q=acteurs", headers=trainee.headers)]
        ),
        Row("search, open to all", [Call("/search?q=coaching")]),
        Row("glossary", [Call("/glossary")]),
        Row("lesson, open to all", [Call(OPEN_LESSON)]),
        Row("quiz attempt, whole", walk=_quiz_attempt(trainee, module), writes=True),
        Row("start of a quiz", walk=_quiz_start(trainee, module), writes=True),
        Row("sync of 50 entries", walk=_sync(trainee, learn), writes=True),
        Row("home, trainee", [Call("/home", headers=trainee.headers)]),
        Row("queue page", [Call("/practice/queue", headers=supervisor.headers)]),
        Row("entry from the queue", [Call(_oldest(supervisor), headers=supervisor.headers)]),
        Row("cohort page", [Call(f"/cohorts/{cohort}", headers=admin.headers)]),
        Row("cohort progress", [Call(f"/cohorts/{cohort}/progress", headers=admin.headers)]),
        Row("ledger of a trainee", [Call(_ledger(trainee), headers=trainee.headers)]),
        Row("ledger of a cohort of 1,000", [Call(_thousand(admin), headers=admin.headers)]),
        Row("people list", [Call("/people", headers=admin.headers)]),
        Row("verify page", [Call(f"/verify/{token}")]),
        Row("verify JSON", [Call(f"/verify/{token}", headers=asks_json)]),
        Row("credential", [Call(f"/credentials/{token}.json")]),
        Row("certificate PDF", [Call(f"/certificates/{token}.pdf")]),
        Row("healthz", [Call("/healthz")]),
    ]


def _ledger(trainee: Browser) -> str:
    return trainee.first_link("/home", r'href="(/assessment/ledger/[0-9a-f-]{36})["#/]')


def _thousand(admin: Browser) -> str:
    """The page on which those at risk stand first among a thousand."""
    found = admin.first_link(f"/cohorts?q={quote(large.NAME)}", r'href="(/cohorts/[0-9a-f-]{36})"')
    return f"{found}/progress"


def _oldest(supervisor: Browser) -> str:
    """The first entry of the queue; as many wait as there are people."""
    return supervisor.first_link("/practice/queue", r'href="(/practice/entries/[0-9a-f-]{36})"')


def _sign_in(port: int, email: str, password: str) -> Call:
    browser = Browser(port)
    fields = browser.form("/sign-in")
    name = next(field for field in fields if field in {"name", "identifier", "login", "who"})
    body = urlencode({**fields, name: email, "password": password})
    return Call("/sign-in", "POST", browser.headers, body)


def _quiz_attempt(trainee: Browser, module: str) -> Callable[[], list[tuple[int, int]]]:
    """Start, page, save, submit, review: answered at random places, as a guesser would."""

    def attempt() -> list[tuple[int, int]]:
        begun = trainee.ask(f"{module}/quiz", urlencode({"csrf_token": token}))
        address = re.sub(r"^https?://[^/]+", "", begun[1])
        page = trainee.ask(address)
        version = re.search(r'name="version"[^>]*value="(\d+)"', page[2])
        if begun[0] != 303 or version is None:
            raise SystemExit(f"the quiz of {module} cannot be taken: {begun[0]}, {page[0]}")
        fields = {"csrf_token": token, "version": version[1]}
        given = re.findall(r'<input type="radio"[^>]*name="(q-[^"]+)"[^>]*value="([^"]+)"', page[2])
        saved = trainee.ask(address, urlencode(fields | dict(given)), json=True)
        fields["version"] = str(loads(saved[2])["version"])
        sent = trainee.ask(f"{address}/submit", urlencode(fields))
        review = trainee.ask(f"{address}/result")
        return [
            (status, len(text.encode())) for status, _, text in (begun, page, saved, sent, review)
        ]

    token = trainee.form(f"{module}/quiz")["csrf_token"]
    return attempt


def _quiz_start(trainee: Browser, module: str) -> Callable[[], list[tuple[int, int]]]:
    """Start, page, leave: what a class does at the same moment, of which `./run soak` has 300."""

    def start() -> list[tuple[int, int]]:
        begun = trainee.ask(f"{module}/quiz", urlencode({"csrf_token": token}))
        address = re.sub(r"^https?://[^/]+", "", begun[1])
        page = trainee.ask(address)
        left = trainee.ask(f"{address}/leave", urlencode({"csrf_token": token}))
        if [begun[0], page[0], left[0]] != [303, 200, 303]:
            raise SystemExit(f"the quiz of {module} cannot be started: {begun[0]}, {page[0]}")
        return [(status, len(text.encode())) for status, _, text in (begun, page, left)]

    token = trainee.form(f"{module}/quiz")["csrf_token"]
    return start


def _sync(trainee: Browser, learn: str) -> Callable[[], list[tuple[int, int]]]:
    """Fifty notes in one request, each one new, as a phone sends them after a day in the field."""
    enrolment = learn.rsplit("/", 1)[1]

    def note(number: int) -> dict[str, Any]:
        content = {
            "enrolment": enrolment,
            "type": "workshop",
            "held_on": "2026-01-15",
            "minutes_direct": 45,
            "participants": {"citizen": number},
            "summary": "Réunion de quartier, notée sur place.",
        }
        return {
            "id": str(uuid4()),
            "kind": "entry",
            "claimed_at": "2026-01-15T10:00:00Z",
            "content": content,
        }

    def send() -> list[tuple[int, int]]:
        token = loads(trainee.ask("/practice/sync", json=True)[2])["csrf"]
        more = {"X-CSRFToken": token, "Content-Type": "application/json"}
        body = dumps({"entries": [note(number) for number in range(50)]})
        status, _, text = trainee.ask("/practice/entries/sync", body, json=True, more=more)
        if any(each["status"] != 201 for each in loads(text)["results"]):
            raise SystemExit(f"not all of fifty notes arrived: {text[:300]}")
        return [(status, len(text.encode()))]

    return send
