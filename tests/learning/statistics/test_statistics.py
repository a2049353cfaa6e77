"""Statistics of a whole quiz and of its questions, for those who may see them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from lms.core.db import db
from lms.curriculum.rules import QuestionKind
from lms.learning.models import QuizAttempt
from lms.learning.quizzes.rules import scoring
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.learning.quizzes.rules.drawing import draw
from lms.learning.statistics import service
from lms.policy.actor import SYSTEM, Actor, Grant, Role, Scope
from tests.factories import cohorts, curriculum

MODULE = "c9-limits"
EVERYWHERE = Actor(
    person_id=SYSTEM.person_id,
    display_name="x",
    grants=frozenset({Grant(Role.PROGRAMME_ADMIN, Scope.ALL, "")}),
)


@pytest.fixture
def release(session):
    return curriculum.release(session, curriculum.ours())


def attempt(session, release, enrolment, right, number=1, **fields):
    """A finished attempt at all closed questions: `right` of them answered rightly."""
    pool = [q for q in release.question_pool(MODULE) if q.kind is not QuestionKind.OPEN]
    answers = {q.id: scoring.right_answer(q) for q in pool[:right]}
    answers |= {q.id: wrong(q) for q in pool[right:]}
    given = {
        "state": AttemptState.FINISHED,
        "score": scoring.score(pool, answers),
        "finished_at": cohorts.NOW,
        "passed": right * 100 >= 70 * len(pool),
    }
    made = QuizAttempt(
        enrolment=enrolment,
        module=MODULE,
        number=number,
        release_id=release.id,
        questions=[one.to_json() for one in draw(pool, len(pool), "x")],
        answers=answers,
        started_at=cohorts.NOW - timedelta(hours=1),
        due_at=cohorts.NOW + timedelta(hours=1),
        saved_at=cohorts.NOW,
        out_of=scoring.out_of(pool),
        **(given | fields),
    )
    session.add(made)
    session.flush()
    return made


def wrong(question):
    if question.kind is QuestionKind.SINGLE:
        return {next(a.id for a in question.answers if not a.correct): 1}
    return {}


@pytest.fixture
def asked(session, release):
    """A cohort of 24, of whom the first know more questions than the last; and their trainer."""
    cohort = cohorts.cohort(session)
    pool = [q for q in release.question_pool(MODULE) if q.kind is not QuestionKind.OPEN]
    for number in range(24):
        attempt(session, release, cohorts.enrolment(session, in_cohort=cohort), number % len(pool))
    return SimpleNamespace(cohort=cohort, pool=pool, trainer=cohorts.team(session, cohort)[0])


def of_question(session, release, asked, actor=EVERYWHERE):
    rows, _number = service.questions(session, actor, release, MODULE, asked.pool)
    return {row.question.id: row.figures for row in rows}


def test_a_quiz_as_a_whole(session, release, asked):
    (quiz,) = service.quizzes(session, EVERYWHERE)
    scores = [n % len(asked.pool) for n in range(24)]
    assert (quiz.key, quiz.people) == (MODULE, 24)
    assert quiz.passed == sum(right * 100 >= 70 * len(asked.pool) for right in scores)
    assert 0 < quiz.mean_percent < 100


def test_each_question_has_its_figures(session, release, asked):
    found = of_question(session, release, asked)
    first, last = asked.pool[0].id, asked.pool[-1].id
    assert {one.asked for one in found.values()} == {24}
    assert found[first].facility > found[last].facility == 0
    assert found[asked.pool[len(asked.pool) // 2].id].discrimination > 0.5
    for question in asked.pool:
        if question.kind is QuestionKind.SINGLE:
            shares = [one.share for one in found[question.id].chosen]
            assert sum(shares) == pytest.approx(1)


def test_only_the_first_finished_attempt_counts(session, release, asked):
    before = of_question(session, release, asked)
    someone = session.query(QuizAttempt).first().enrolment
    attempt(session, release, someone, len(asked.pool), number=2)
    other = cohorts.enrolment(session, in_cohort=asked.cohort)
    attempt(
        session, release, other, 3, state=AttemptState.IN_PROGRESS, score=None,
        finished_at=None, passed=False,
    )  # fmt: skip
    assert of_question(session, release, asked) == before


def test_trainers_see_their_cohorts_and_no_other(session, release, asked):
    assert service.quizzes(session, asked.trainer.actor)[0].people == 24
    elsewhere = cohorts.team(session, cohorts.cohort(session, country="SN"), "SN")[0]
    assert service.quizzes(session, elsewhere.actor) == []
    seen = of_question(session, release, asked, elsewhere.actor)
    assert {one.asked for one in seen.values()} == {0}


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_the_pages(asked, release, browse, session, language):
    browser = browse(asked.trainer)
    whole = browser.get(f"/learn/statistics?lang={language}")
    assert whole.status_code == 200
    assert "C9" in whole.text
    page = browser.get(f"/learn/statistics/{MODULE}?cohort={asked.cohort.id}&lang={language}")
    assert page.status_code == 200
    text = {"fr": "Distracteurs", "en": "Distractors", "ar": "المشتتات"}[language]
    assert text in page.text
    assert "24" in page.text
    follow = browser.get(f"/learn/statistics/{MODULE}?after={asked.pool[3].id}")
    assert follow.status_code == 200


@pytest.mark.parametrize(
    "path", ["/learn/statistics/none", "/learn/statistics?cohort=x", "/learn/statistics?cohort=%00"]
)
def test_what_is_not_there(asked, browse, path):
    assert browse(asked.trainer).get(path).status_code == 404


def test_trainees_see_none_of_it(asked, browse, session):
    someone = session.query(QuizAttempt).first().enrolment.person
    assert browse(someone).get("/learn/statistics").status_code == 403


def test_as_many_queries_for_few_attempts_as_for_many(session, release, asked):
    def counted():
        statements = []
        listen = (db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        event.listen(*listen)
        try:
            of_question(session, release, asked)
        finally:
            event.remove(*listen)
        return len(statements)

    few = counted()
    for number in range(20):
        attempt(session, release, cohorts.enrolment(session, in_cohort=asked.cohort), number % 5)
    assert counted() == few == 1
