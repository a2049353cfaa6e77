"""Quizzes of every kind over HTTP: what pages hold back, time, marking, extra time, the exam."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from lms.core import clock
from lms.core.db import db
from lms.learning.models import ExtraTime, OpenMark, QuizAttempt
from lms.learning.quizzes import extra, marking, service
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.learning.quizzes.shown import shown
from tests.learning.conftest import NOW, enrol
from tests.people import person

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)


def fields(at, attempt, answers):
    """Answers as the form sends them: by number and place, never by id."""
    sent = {}
    for row in shown(service.asked(at.release, attempt), answers):
        places = {answer.id: str(n) for n, answer in enumerate(row.answers, start=1)}
        choices = {choice.id: str(n) for n, choice in enumerate(row.choices, start=1)}
        for name, given in row.given.items():
            if row.kind in {"single", "multiple"}:
                sent.setdefault(row.name, []).append(places[name])
            elif row.kind == "ordering":
                sent[f"{row.name}-{places[name]}"] = str(given)
            elif row.kind == "matching":
                sent[f"{row.name}-{places[name]}"] = choices[given]
            elif row.kind == "scenario":
                steps = [(step.id, [a.id for a in answers]) for step, answers in row.steps]
                at_step = [step for step, _ in steps].index(name)
                sent[f"{row.name}-{at_step + 1}"] = str(steps[at_step][1].index(given) + 1)
            else:
                sent[row.name] = given
    return sent


@contextmanager
def counted():
    statements = []

    def note(_connection, _cursor, statement, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


class Browser:
    """One person's browser."""

    def __init__(self, client):
        self.client = client

    def get(self, address):
        return self.client.get(f"{address}{'&' if '?' in address else '?'}lang=en")

    def post(self, address, page, **data):
        token = token_of(self.client.get(page))
        return self.client.post(address, data={"csrf_token": token, **data})


@pytest.fixture
def visit(browse):
    return lambda someone: Browser(browse(someone))


def secrets(at, attempt):
    """Every word and id that would give an answer away."""
    for question, _ in service.asked(at.release, attempt):
        yield from question.feedback.values()
        yield from (question.model or {}).values()
        for texts in question.accept.values():
            yield from texts
        for answer in question.answers:
            yield f'"{answer.id}"'
            yield from (answer.feedback or {}).values()
        for choice in question.choices:
            yield f'"{choice.id}"'
        for step in question.steps:
            yield f'"{step.id}"'
            yield from step.feedback.values()


def test_a_page_of_an_open_attempt_holds_nothing_that_tells(desk, session, visit):
    at = desk()
    trainee, attempt = visit(at.enrolment.person), at.start()
    at.save(attempt, at.right(attempt, without=["short", "open"]))
    session.commit()
    address = f"/learn/attempts/{attempt.id}"
    saved = trainee.client.post(
        address,
        data={
            "csrf_token": token_of(trainee.get(address)),
            "version": str(attempt.version),
            **fields(at, attempt, at.right(attempt, without=["short", "open", "ordering"])),
        },
        headers={"Accept": "application/json"},
    )
    assert set(saved.json) == {"version", "saved", "left"}
    for place in ("", "/check"):
        page = trainee.get(address + place).text
        assert "correct" not in page
        for words in secrets(at, attempt):
            assert words not in page, words
    assert trainee.get(f"{address}/result").location.endswith(address)


def test_what_is_sent_by_place_is_kept_by_id(desk, session, visit):
    at = desk()
    trainee, attempt = visit(at.enrolment.person), at.start()
    session.commit()
    address = f"/learn/attempts/{attempt.id}"
    right = at.right(attempt)
    sent = trainee.post(address, address, version="1", then="check", **fields(at, attempt, right))
    assert sent.location == f"{address}/check"
    session.refresh(attempt)
    assert attempt.answers == right
    assert "not answered" not in trainee.get(f"{address}/check").text
    page = trainee.get(address).text
    assert page.count(" checked") == 2 + 2 + 2
    assert page.count(" selected") == 4 + 2
    done = trainee.post(f"{address}/submit", f"{address}/check", version="2")
    waiting = trainee.get(done.location).text
    assert "a trainer reads it now" in waiting
    assert "Waits to be marked" in waiting


HOSTILE = [
    {f"q-{n}": "\x00\ud800" for n in range(1, 9)},
    {f"q-{n}": "x" * 50_000 for n in range(1, 9)},
    {f"q-{n}-{k}": "99" for n in range(1, 9) for k in range(5)},
    {f"q-{n}-{k}": "²" for n in range(1, 9) for k in range(5)},
    {f"q-{n}": ["0", "-1", "1e9", "٣"] for n in range(1, 9)},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_answers_are_no_fault_of_ours(desk, session, visit, data):
    at = desk()
    trainee, attempt = visit(at.enrolment.person), at.start()
    session.commit()
    address = f"/learn/attempts/{attempt.id}"
    data = {k: v.encode("utf-8", "replace") if isinstance(v, str) else v for k, v in data.items()}
    assert trainee.post(address, address, version="1", **data).status_code == 303
    for place in ("", "/check"):
        assert trainee.get(address + place).status_code == 200


def test_a_save_that_comes_too_late_is_refused_and_shows_what_was_typed(desk, session, visit):
    at = desk("minutes = 20\n")
    trainee, attempt = visit(at.enrolment.person), at.start()
    session.commit()
    address = f"/learn/attempts/{attempt.id}"
    assert 'data-left="1200"' in trainee.get(address).text
    token = token_of(trainee.get(address))
    data = {"csrf_token": token, "version": "1"}
    data |= fields(at, attempt, {"c6-q13": {"text": "Typed in the last minute."}})
    with clock.frozen(NOW + 21 * MINUTE):
        late = trainee.client.post(f"{address}?lang=en", data=data)
        assert late.status_code == 409
        assert "Typed in the last minute." in late.text
        assert "could not be added" in late.text
        said = trainee.client.post(address, data=data, headers={"Accept": "application/json"})
        assert (said.status_code, said.json["closed"]) == (409, False)
        page = trainee.get(address).text
        assert "Typed in" not in page
        assert "data-quiz" not in page
    session.refresh(attempt)
    assert (attempt.answers, attempt.state) == ({}, AttemptState.IN_PROGRESS)


def test_why_no_other_attempt_can_be_made(desk, session, visit):
    at = desk("attempts = 2\nwait_hours = 12\n")
    trainee, page = visit(at.enrolment.person), f"/learn/{at.enrolment.id}/c6-method/quiz"
    assert "2 at most" in trainee.get(page).text
    at.submit(at.start())
    session.commit()
    told = trainee.get(page).text
    assert "The next attempt is not open yet" in told
    assert re.search(r"from 2 March 2026 2[12]:30 \(Casablanca time\)", told)
    assert "<form" not in told.split("<main", 1)[1].split("</main>")[0]
    elsewhere = f"/learn/{at.enrolment.id}/c6-method/01-analysis"
    assert trainee.post(page, elsewhere).status_code == 409
    with clock.frozen(NOW + timedelta(hours=13)):
        at.submit(at.start(clock.now()), clock.now())
        session.commit()
        # a sign-in does not last so long
        assert "No attempt is left" in visit(at.enrolment.person).get(page).text


@pytest.mark.parametrize(
    ("review", "passing", "shown_words"),
    [("passed", False, False), ("passed", True, True), ("score", True, False)],
)
def test_review_follows_its_rule(desk, session, visit, review, passing, shown_words):
    at = desk(f'review = "{review}"\n')
    attempt = at.start()
    if passing:
        at.save(attempt, at.right(attempt, without=["open"]))
    at.submit(attempt)
    session.commit()
    address = f"/learn/attempts/{attempt.id}/result"
    own = visit(at.enrolment.person).get(address).text
    assert ("Because c6-q10" in own) is shown_words
    assert "Read again" in own
    # whoever teaches the cohort sees it all, and whose it is
    taught = visit(at.trainer).get(address).text
    assert "Because c6-q10" in taught
    assert f"<title>{at.enrolment.person.name} ·" in taught


def test_marking_from_the_queue_to_the_result(desk, session, visit):
    at = desk()
    attempt = at.take()
    session.commit()
    trainer, trainee = visit(at.trainer), visit(at.enrolment.person)
    queue = trainer.get("/learn/marking").text
    address = f"/learn/attempts/{attempt.id}/mark"
    assert f'href="{address}"' in queue
    assert trainee.get(address).status_code == 403
    assert trainee.get("/learn/marking").status_code == 403
    page = trainer.get(address).text
    assert "A good answer en" in page
    number = re.search(r'name="level-(\d+)-ethics"', page).group(1)
    half = trainer.post(address, address, **{f"comment-{number}": "Kept words."})
    assert half.status_code == 422
    assert "Kept words." in half.text
    data = {f"level-{number}-ethics": "3", f"comment-{number}": "Qui manque ?"}
    done = trainer.post(address, address, **data)
    assert (done.status_code, done.location) == (303, "/learn/marking")
    mark = session.scalars(select(OpenMark)).one()
    assert (mark.levels, mark.comment) == ({"ethics": 3}, "Qui manque ?")
    assert "Nothing waits to be marked" in trainer.get("/learn/marking").text
    result = trainee.get(f"/learn/attempts/{attempt.id}/result").text
    for words in ("Qui manque ?", "level 3 of 4", "A good answer en", "Quiz passed"):
        assert words in result
    again = trainer.post(address, "/sign-out", **data)
    assert (again.status_code, again.location) == (303, f"/learn/attempts/{attempt.id}/result")


def test_home_tells_the_trainee_and_the_trainer(desk, session, visit):
    at = desk()
    attempt = at.take()
    session.commit()
    assert "Open answers to mark" in visit(at.trainer).get("/home").text
    address = f'href="/learn/attempts/{attempt.id}/result"'
    trainee = visit(at.enrolment.person)
    assert address in trainee.get("/home").text
    marks = {
        r.question.id: ({"ethics": 2}, "") for r, _ in marking.open_answers(at.release, attempt)
    }
    marking.mark(session, at.trainer.actor, attempt, marks, NOW)
    session.commit()
    page = trainee.get("/home").text
    assert address in page
    assert "Marked" in page


def test_extra_time_is_given_by_those_who_may_and_its_reason_read_by_them_alone(
    desk, session, visit
):
    at = desk("minutes = 20\n")
    session.commit()
    address = f"/learn/{at.enrolment.id}/extra-time"
    admin, trainee = visit(person(session, "admin.ma")), visit(at.enrolment.person)
    missing = admin.post(address, address, version="0", percent="50", reason="")
    assert missing.status_code == 422
    given = admin.post(address, address, version="0", percent="50", reason="zz-secret")
    assert given.status_code == 303
    stale = admin.post(address, address, version="0", percent="25", reason="zz-typed")
    assert stale.status_code == 409
    assert "zz-typed" in stale.text
    row = session.scalars(select(ExtraTime)).one()
    assert (row.percent, row.reason) == (50, "zz-secret")
    assert "zz-secret" in visit(at.trainer).get(address).text
    assert trainee.get(address).status_code == 403
    for page in ("", "/c6-method/quiz"):
        assert "zz-secret" not in trainee.get(f"/learn/{at.enrolment.id}{page}").text
    assert "30 min" in trainee.get(f"/learn/{at.enrolment.id}/c6-method/quiz").text


def test_the_exam_has_a_page_of_its_own(desk, session, visit):
    at = desk()
    session.commit()
    trainee, page = visit(at.enrolment.person), f"/learn/{at.enrolment.id}/exam"
    told = trainee.get(page).text
    assert "First complete" in told
    assert trainee.get(f"/learn/{at.enrolment.id}").text.count(f'href="{page}"') == 1
    assert trainee.post(page, f"/learn/{at.enrolment.id}/c6-method/01-analysis").status_code == 409


@pytest.mark.parametrize("people", [1, 4])
def test_the_queue_asks_the_same_for_one_and_for_many(desk, session, visit, people):
    at = desk()
    at.take()
    names = ["trainee.new", "trainee.sn", "facilitator"][: people - 1]
    for name in names:
        someone = enrol(session, person(session, name, cohort=at.cohort), at.cohort)
        attempt = service.start_attempt(session, someone.person.actor, someone, at.paper(), NOW)
        at.save(attempt, at.right(attempt))
        service.submit(session, someone.person.actor, attempt, attempt.version, NOW)
    session.commit()
    trainer = visit(at.trainer)
    trainer.get("/learn/marking")
    session.expire_all()
    with counted() as statements:
        page = trainer.get("/learn/marking")
    assert page.text.count('/mark"') == people
    assert len(statements) <= 4, statements
    assert session.query(QuizAttempt).count() == people
    assert extra.percent_of(session, at.enrolment.id) == 0
