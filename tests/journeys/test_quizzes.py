"""A quiz that mixes every kind, on a phone: answered, checked, handed in, marked by the trainer."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import db
from lms.curriculum import service as curriculum
from lms.curriculum.rules import QuestionKind
from lms.demo.personas import BY_KEY
from lms.learning.models import QuizAttempt
from lms.learning.quizzes import service
from lms.learning.quizzes.rules.drawing import draw
from lms.learning.quizzes.rules.scoring import out_of, right_answer
from lms.learning.quizzes.shown import shown
from lms.people.models import Person

pytestmark = pytest.mark.slow

WORDS = "D’abord écouter ceux qui manquent. الإنصات أولًا لمن غاب."
COMMENT = "Qui manque encore ? من الغائب أيضًا؟"
MODULE = "c6-method"


def begun(site):
    """An attempt with an hour to go that asks one question of each kind."""
    with site.app.app_context():
        session, now = db.session, clock.now()
        query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
        salma = session.scalars(query.where(Person.email == BY_KEY["trainee"].email)).one()
        release = curriculum.release(session, salma.cohort.release_id)
        bank = release.content.questions.values()
        pool = [next(q for q in bank if q.kind is kind) for kind in QuestionKind]
        attempt = QuizAttempt(
            enrolment=salma,
            module=MODULE,
            number=99,
            release_id=release.id,
            questions=[one.to_json() for one in draw(pool, len(pool), "journey")],
            started_at=now,
            due_at=now + timedelta(hours=1),
            minutes=60,
            saved_at=now,
            out_of=out_of(pool),
        )
        session.add(attempt)
        session.commit()
        return attempt.id


def kept(site, key):
    with site.app.app_context():
        return db.session.get_one(QuizAttempt, key)


def values(site, key):
    """What a person fills in to answer everything rightly, by the names on the page."""
    with site.app.app_context():
        attempt = db.session.get_one(QuizAttempt, key)
        release, _paper = service.paper_taken(db.session, attempt)
        asked = service.asked(release, attempt)
        rows = shown(asked, {q.id: right_answer(q) for q, _ in asked})
        filled = []
        for row in rows:
            ids = [answer.id for answer in row.answers]
            choices = [choice.id for choice in row.choices]
            if row.kind in {"single", "multiple"}:
                filled += [(row.name, str(ids.index(name) + 1)) for name in row.given]
            elif row.kind in {"ordering", "matching"}:
                for name, given in row.given.items():
                    value = given if row.kind == "ordering" else choices.index(given) + 1
                    filled.append((f"{row.name}-{ids.index(name) + 1}", str(value)))
            elif row.kind == "scenario":
                for number, (step, answers) in enumerate(row.steps, start=1):
                    at = [answer.id for answer in answers].index(row.given[step.id])
                    filled.append((f"{row.name}-{number}", str(at + 1)))
            else:
                filled.append((row.name, WORDS if row.kind == "open" else row.given["text"]))
        return filled


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_every_kind_from_the_first_answer_to_the_marks(travel, demo_site, way):
    key = begun(demo_site)
    address = f"/learn/attempts/{key}"
    somebody = travel(way).become("trainee")
    somebody.open(address)
    timer = somebody.page.locator("[data-timer-text]")
    expect(timer).to_contain_text("min")
    for name, value in values(demo_site, key):
        somebody.fill({name: value})
    somebody.press("button[value=check]")
    expect(somebody.page.locator(".notice.warn")).to_have_count(0)
    somebody.says(WORDS)
    somebody.press("main form.submit button")
    expect(somebody.page.locator(".verdict.warn")).to_be_visible()
    assert (kept(demo_site, key).to_mark, kept(demo_site, key).score) == (1, None)

    somebody.become("trainer").open("/learn/marking")
    somebody.press(f'a[href="{address}/mark"]')
    somebody.says(WORDS)
    for name in somebody.page.eval_on_selector_all(
        "main input[type=radio]", "all => [...new Set(all.map(e => e.name))]"
    ):
        somebody.fill({name: "3"})
    somebody.page.locator("main textarea").fill(COMMENT)
    somebody.press("main form.form button[type=submit]")

    somebody.become("trainee").open("/home")
    somebody.press(f'a[href="{address}/result"]')
    expect(somebody.page.locator(".verdict.ok")).to_be_visible()
    somebody.says(COMMENT)
    assert kept(demo_site, key).passed
