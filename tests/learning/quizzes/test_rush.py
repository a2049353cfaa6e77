"""A whole class starts one quiz at the same moment, against real processes: nothing is lost."""

import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from json import loads
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.learning.models import QuizAttempt
from lms.learning.quizzes import service
from tests.bench.client import Browser
from tests.bench.servers import free_port, running
from tests.factories import curriculum, people
from tests.learning.conftest import cohort_on, enrol
from tests.learning.quizzes.conftest import content_with

TRIES = 60
BUSY: list[str] = []
"""Addresses whose server asked to come again."""
SECRET = "only for tests, only for tests, only for tests"


@pytest.fixture
def rush(clone_database, make_app, tmp_path):
    """Call it with a number of people and the seconds within which they all start."""

    def run(number, within):
        port, url = free_port(), clone_database()
        environ = {
            "LMS_DEMO": "1",
            "LMS_DATA_DIR": str(tmp_path),
            "LMS_DATABASE_URL": url,
            "LMS_BASE_URL": f"http://localhost:{port}",
            "LMS_SECRET_KEY": SECRET,
        }
        app = make_app(url, **environ)
        seats = _seats(app, number)
        serve = ["-m", "lms", "serve", "--port", str(port)]
        try:
            with _served({**os.environ, **environ}, serve, port):
                started = time.monotonic()
                with ThreadPoolExecutor(number) as pool:
                    delays = [within * turn / number for turn in range(number)]
                    done = list(
                        pool.map(lambda one: _take(port, *one), zip(seats, delays, strict=True))
                    )
                took = time.monotonic() - started
            _check(app, done)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
        return took

    return run


@contextmanager
def _served(environ, arguments, port):
    """A server that is given no more than it needs to stop: a busy machine takes its time."""
    pid = None
    try:
        with running(environ, arguments, port) as server:
            pid = server.pid
            yield
    except subprocess.TimeoutExpired:
        os.killpg(pid, signal.SIGKILL)


def _seats(app, number):
    """Trainees of one cohort, each signed in: address of their quiz, and their cookie."""
    with app.app_context():
        session = db.session
        cohort = cohort_on(session, curriculum.release(session, content_with("minutes = 30\n")))
        signer = app.session_interface.get_signing_serializer(app)
        name = app.config["SESSION_COOKIE_NAME"]
        seats = []
        for _ in range(number):
            made = enrol(session, people.person(session), cohort)
            cookie = signer.dumps({"_user_id": people.token(session, made.person), "lang": "en"})
            seats.append((f"/learn/{made.id}/c6-method/quiz", name, cookie))
        session.commit()
    return seats


def _take(port, seat, delay):
    """One person: the quiz's page, start, the questions, answers, answers again, hand in."""
    page, name, cookie = seat
    time.sleep(delay)
    browser = Browser(port)
    browser._cookies[name] = cookie
    try:
        return _attempt(browser, page)
    finally:
        browser._connection.close()


def _ask(browser, *arguments, **more):
    """As the quiz's script does: a server that is too busy (503) is asked again a little later."""
    for _ in range(TRIES):
        answer = browser.ask(*arguments, **more)
        if answer[0] != 503:
            return answer
        BUSY.append(arguments[0])
        time.sleep(1)
    return answer


def _attempt(browser, page):
    text = _ask(browser, page)[2]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)[1]
    status, address, _ = _ask(browser, page, urlencode({"csrf_token": token}))
    assert status == 303, status
    address = re.sub(r"^https?://[^/]+", "", address)
    text = _ask(browser, address)[2]
    words = f"Réponse de {page}"
    sent = {"csrf_token": token, "version": "1"}
    sent |= dict.fromkeys(re.findall(r'<textarea[^>]*name="(q-\d+)"', text), words)
    sent |= dict(re.findall(r'type="radio"[^>]*name="(q-[\d-]+)" value="(\d+)"', text))
    for _ in range(2):
        status, _, said = _ask(browser, address, urlencode(sent), json=True)
        assert status == 200, said
        sent["version"] = str(loads(said)["version"])
    handed_in = {"csrf_token": token, "version": sent["version"]}
    assert _ask(browser, f"{address}/submit", urlencode(handed_in))[0] == 303
    return address.rpartition("/")[2], words


def _check(app, done):
    """Every attempt once, with the very words that its person typed."""
    with app.app_context():
        session = db.session
        kept = {str(one.id): one for one in session.scalars(select(QuizAttempt)).unique()}
        assert len(kept) == len(done)
        assert len({one.enrolment_id for one in kept.values()}) == len(done)
        for key, words in done:
            one = kept[key]
            assert one.number == 1
            assert one.finished_at is not None
            assert one.answers["c6-q13"] == {"text": words}
            assert one.to_mark == 1
            release, _paper = service.paper_taken(session, one)
            assert len(service.asked(release, one)) == 8
        for action in ("quizattempt.start", "quizattempt.submit"):
            rows = select(func.count()).where(AuditEntry.action == action)
            assert session.scalar(rows) == len(done)


@pytest.mark.slow
@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_a_dozen_at_once(rush):
    """Where writers wait for each other most; three hundred on both databases: `./run soak`."""
    rush(12, within=0)


@pytest.mark.soak
def test_three_hundred_within_ten_seconds(rush):
    BUSY.clear()
    print(f"{rush(300, within=10):.1f} s, asked again {len(BUSY)} times")
