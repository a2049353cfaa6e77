"""Many presses at the same instant, on a database of their own: one attempt, one result."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.learning.models import LessonCompletion, QuizAttempt
from tests.factories import curriculum, people
from tests.learning.conftest import cohort_on, enrol
from tests.people import person

PRESSES = 6

pytestmark = pytest.mark.slow


@pytest.fixture
def busy(make_app, clone_database):
    """An application, the trainee's programme, and a function that presses six times at once."""
    app = make_app(clone_database(), LMS_BASE_URL="http://localhost")
    with app.app_context():
        session = db.session
        cohort = cohort_on(session, curriculum.release(session))
        made = enrol(session, person(session, "trainee", cohort=cohort), cohort)
        signer = app.session_interface.get_signing_serializer(app)
        cookie = signer.dumps({"_user_id": people.token(session, made.person)})
        home = f"/learn/{made.id}"
        session.commit()

    def browser():
        client = app.test_client()
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie, domain="localhost")
        return client

    def press(address, page, *forms):
        clients = [browser() for _ in forms]
        tokens = [
            re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text).group(1)
            for client in clients
        ]
        with ThreadPoolExecutor(len(forms)) as pool:
            sent = [
                pool.submit(client.post, address, data={"csrf_token": token, **form})
                for client, token, form in zip(clients, tokens, forms, strict=True)
            ]
            return [one.result() for one in sent]

    yield app, home, press
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_all_at_once(busy):
    app, home, press = busy
    lesson = f"{home}/c6-method/01-analysis"
    answers = press(lesson, lesson, *[{}] * PRESSES)
    assert {answer.status_code for answer in answers} == {303}

    quiz = f"{home}/c6-method/quiz"
    answers = press(quiz, quiz, *[{}] * PRESSES)
    assert {answer.status_code for answer in answers} == {303}
    (attempt,) = {answer.location for answer in answers}

    # each window answers differently, from the same version: one is kept, the others are told
    forms = [
        {"version": "1", "q-1": str(n % 2 + 1), "q-2": str(n % 2 + 1), "q-3": str(n % 2 + 1)}
        | {"q-1-1": str(n % 4 + 1), "q-2-1": str(n % 4 + 1), "then": "stay"}
        for n in range(PRESSES)
    ]
    answers = press(attempt, attempt, *forms)
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 303
    assert codes[-1] == 409
    assert set(codes) == {303, 409}

    with app.app_context():
        version = db.session.scalar(select(QuizAttempt.version))
    assert version == 2
    answers = press(f"{attempt}/submit", f"{attempt}/check", *[{"version": "2"}] * PRESSES)
    assert {answer.location for answer in answers} == {f"{attempt}/result"}

    with app.app_context():
        session = db.session
        assert session.scalar(select(func.count()).select_from(LessonCompletion)) == 1
        assert session.scalar(select(func.count()).select_from(QuizAttempt)) == 1
        for action in ("quizattempt.start", "quizattempt.submit"):
            rows = select(func.count()).where(AuditEntry.action == action)
            assert session.scalar(rows) == 1
