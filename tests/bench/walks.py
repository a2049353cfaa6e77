"""What one visitor does again and again: each walk returns status and size of its requests."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import cycle
from json import dumps, loads
from time import sleep
from typing import Any, TypeAlias
from urllib.parse import urlencode
from uuid import uuid4

from tests.bench.client import Browser

Walk: TypeAlias = Callable[[], list[tuple[int, int]]]
Answer: TypeAlias = tuple[int, str, str]
WORDS = "J’écouterais d’abord ceux qui ne viennent pas aux réunions."


class Patient(Browser):
    """Somebody who comes again when the server asks for it (503), as the quiz's script does."""

    def ask(self, *given: Any, **more: Any) -> Answer:
        """The answer at last; `asked_again` keeps those before it."""
        while (answer := super().ask(*given, **more))[0] == 503:
            self.asked_again += seen(answer)
            sleep(1)
        return answer

    @cached_property
    def asked_again(self) -> list[tuple[int, int]]:
        """Answers that said to come again."""
        return []


def seen(*answers: Answer) -> list[tuple[int, int]]:
    """Status and size of each answer."""
    return [(status, len(text.encode())) for status, _, text in answers]


def token_of(page: str) -> str:
    """The CSRF token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise SystemExit("a page without a form, where one was expected")
    return found[1]


def begin(trainee: Browser, quiz: str, token: str) -> tuple[Answer, str, Answer]:
    """Start an attempt: the answer, the attempt's address, and its page."""
    begun = trainee.ask(quiz, urlencode({"csrf_token": token}))
    address = re.sub(r"^https?://[^/]+", "", begun[1])
    page = trainee.ask(address)
    if [begun[0], page[0]] != [303, 200]:
        raise SystemExit(f"{quiz} cannot be started: {begun[0]}, {page[0]}")
    return begun, address, page


def answered(page: str) -> dict[str, str]:
    """Fields of an attempt filled in as a guesser would, in words where words are asked for."""
    radios = re.findall(r'<input type="radio"[^>]*name="(q-[^"]+)"[^>]*value="([^"]+)"', page)
    words = dict.fromkeys(re.findall(r'<textarea[^>]*name="(q-[^"]+)"', page), WORDS)
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    return {"version": version[1] if version else "", **dict(radios), **words}


def save(trainee: Browser, address: str, fields: dict[str, str]) -> Answer:
    """Save answers as the quiz's script does; `fields` knows the next version afterwards."""
    saved = trainee.ask(address, urlencode(fields), json=True)
    if saved[0] != 200:
        raise SystemExit(f"{address} cannot be saved: {saved[0]} {saved[2][:200]}")
    fields["version"] = str(loads(saved[2])["version"])
    return saved


def quiz_attempt(trainee: Browser, *modules: str) -> Walk:
    """Start, page, save, submit, review; the modules in turn."""

    def attempt() -> list[tuple[int, int]]:
        begun, address, page = begin(trainee, f"{next(turns)}/quiz", token)
        fields = {"csrf_token": token, **answered(page[2])}
        saved = save(trainee, address, fields)
        sent = trainee.ask(f"{address}/submit", urlencode(fields))
        review = trainee.ask(f"{address}/result")
        return seen(begun, page, saved, sent, review)

    turns = cycle(modules)
    token = token_of(trainee.ask(f"{modules[0]}/quiz")[2])
    return attempt


def exam(trainee: Browser, learn: str) -> Walk:
    """One exam under way, of three that a person has: its page, and its answers saved again."""

    def work() -> list[tuple[int, int]]:
        page = trainee.ask(address)
        fields = {"csrf_token": token, **answered(page[2])}
        fields.pop(next(turns))  # so that each time there is something to save
        return seen(page, save(trainee, address, fields))

    token = token_of(trainee.ask(f"{learn}/exam")[2])
    _, address, first = begin(trainee, f"{learn}/exam", token)
    turns = cycle([name for name in answered(first[2]) if name != "version"][:2])
    return work


def quiz_start(trainee: Browser, module: str) -> Walk:
    """Start, page, leave: what a class does at the same moment."""

    def start() -> list[tuple[int, int]]:
        begun, address, page = begin(trainee, f"{module}/quiz", token)
        left = trainee.ask(f"{address}/leave", urlencode({"csrf_token": token}))
        return seen(begun, page, left)

    token = token_of(trainee.ask(f"{module}/quiz")[2])
    return start


def class_start(port: int, seats: Sequence[tuple[str, str, str]]) -> Walk:
    """Everybody of a class at once: the quiz's page, start, questions; then they leave.

    seats: name and value of each one's cookie, and the address of their quiz.
    """

    def one(seat: tuple[str, str, str]) -> list[tuple[int, int]]:
        name, value, quiz = seat
        browser = Patient(port, {name: value})
        about = browser.ask(quiz)
        token = token_of(about[2])
        begun, address, page = begin(browser, quiz, token)
        left = browser.ask(f"{address}/leave", urlencode({"csrf_token": token}))
        return seen(about, begun, page, left) + browser.asked_again

    def start() -> list[tuple[int, int]]:
        with ThreadPoolExecutor(len(seats)) as pool:
            return [answer for answers in pool.map(one, seats) for answer in answers]

    return start


def sync(trainee: Browser, learn: str) -> Walk:
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
        answer = trainee.ask("/practice/entries/sync", body, json=True, more=more)
        if any(each["status"] != 201 for each in loads(answer[2])["results"]):
            raise SystemExit(f"not all of fifty notes arrived: {answer[2][:300]}")
        return seen(answer)

    return send
