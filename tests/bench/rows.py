"""What is measured: each row's requests, with the cookies of whoever makes them."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from lms.demo.load import large
from lms.demo.load.people import address
from tests.bench import crowd, walks
from tests.bench.client import Browser
from tests.bench.load import Call
from tests.bench.walks import Walk

CERTIFIABLE = address("SN", 101)
"""A trainee who has done everything, and has an attempt at the exam left."""
OPEN_LESSON = "/discover/c2-defining-territorial-coaching/01-definitions-and-metaphors"
"""One that everybody may read."""
STATISTICS = "/learn/statistics/c1-frame-and-context"
EVERY_KIND = ("c6-method", "c7-competencies")
"""Modules whose quizzes ask for words, and tell scenarios."""


@dataclass(frozen=True)
class Row:
    """One line of the table: `calls` asked for in turn, or a `walk` that one visitor repeats.

    A walk returns the statuses and sizes of its requests; its figures are those of a request.
    """

    name: str
    calls: list[Call] = field(default_factory=list)
    writes: bool = False
    walk: Walk | None = None


def rows(demo: dict[str, Any], port: int, environ: dict[str, str]) -> list[Row]:
    """All rows, on the demonstration that runs at `port`."""
    people, password = demo["people"], demo["password"]
    trainee, admin, supervisor, trainer, ready = (Browser(port) for _ in range(5))
    trainee.sign_in(people["trainee"], password)
    admin.sign_in(people["admin.ma"], password)
    supervisor.sign_in(people["supervisor"], password)
    trainer.sign_in(people["trainer"], password)
    ready.sign_in(CERTIFIABLE, password)
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
        Row("module", [Call(module, headers=trainee.headers)]),
        Row("lesson", [Call(lesson, headers=trainee.headers)]),
        Row(
            "search in the programme", [Call(f"{learn}/search?q=acteurs", headers=trainee.headers)]
        ),
        Row("search, open to all", [Call("/search?q=coaching")]),
        Row("glossary", [Call("/glossary")]),
        Row("lesson, open to all", [Call(OPEN_LESSON)]),
        Row("quiz attempt, whole", walk=walks.quiz_attempt(trainee, module), writes=True),
        Row("quiz attempt, every kind", walk=_every_kind(trainee, learn), writes=True),
        Row("exam, page and saved", walk=walks.exam(ready, ready.follow("/learn")), writes=True),
        Row("start of a quiz", walk=walks.quiz_start(trainee, module), writes=True),
        Row("sync of 50 entries", walk=walks.sync(trainee, learn), writes=True),
        Row("exercises to mark", [Call("/learn/exercises", headers=trainer.headers)]),
        Row("open answers to mark", [Call("/learn/marking", headers=trainer.headers)]),
        Row("statistics of quizzes", [Call("/learn/statistics", headers=trainer.headers)]),
        Row("statistics of questions", [Call(STATISTICS, headers=trainer.headers)]),
        Row("announcements", [Call(f"/cohorts/{cohort}/announcements", headers=trainee.headers)]),
        Row("discussion", [Call(f"/cohorts/{cohort}/discussion", headers=trainee.headers)]),
        Row("discussion, one thread", [Call(_thread(trainee, cohort), headers=trainee.headers)]),
        Row("training days", [Call(f"/cohorts/{cohort}/training", headers=trainee.headers)]),
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
        Row(
            f"{crowd.NUMBER} start a quiz",
            walk=walks.class_start(port, crowd.seats(environ)),
            writes=True,
        ),
    ]


def _every_kind(trainee: Browser, learn: str) -> Walk:
    return walks.quiz_attempt(trainee, *(f"{learn}/{module}" for module in EVERY_KIND))


def _thread(trainee: Browser, cohort: str) -> str:
    page = f"/cohorts/{cohort}/discussion"
    return trainee.first_link(page, r'href="(/cohorts/discussion/[0-9a-f-]{36})["/]')


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
