"""A trainer corrects a lesson on a phone; an administrator publishes it; cohorts read their own."""

import pytest
from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core.db import db
from lms.curriculum import service as content
from lms.demo.personas import BY_KEY
from lms.people.models import Person

pytestmark = pytest.mark.slow

MODULE, LESSON = "c1-frame-and-context", "01-people-at-the-centre"
WORDS = {"fr": "Une phrase toute neuve.", "ar": "جملة جديدة تماما."}


def salma_of(site):
    with site.app.app_context():
        query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
        one = db.session.scalars(query.where(Person.email == BY_KEY["trainee"].email)).one()
        return one.id


def move(site, enrolment):
    """Her cohort is moved to what is published now."""
    with site.app.app_context():
        cohort = db.session.get_one(Enrolment, enrolment).cohort
        before, cohort.release_id = cohort.release_id, content.current_id(db.session)
        db.session.commit()
        assert cohort.release_id != before


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_correction(travel, demo_site, way):
    somebody = travel(way)
    somebody.page.set_default_timeout(60_000)  # each save checks the whole content
    words = WORDS[somebody.language]
    salma = salma_of(demo_site)

    # the trainer finds the lesson, writes, looks at it and proposes it
    somebody.become("trainer").open("/home")
    somebody.press('main a[href="/admin/content"]')
    somebody.open("/admin/content?q=01-people-at-the-centre")
    somebody.press(f'main a[href="/admin/content/{MODULE}/{LESSON}"]')
    somebody.press(f'a[href="/admin/content/{MODULE}/{LESSON}/correct"]')
    text = somebody.page.locator(f'[name="body-{somebody.language}"]')
    text.fill(f"{text.input_value()}\n\n{words}")
    somebody.press("main form.form button[type=submit]")
    page = somebody.page.url
    assert somebody.page.locator("#changes .passage ins").inner_text().strip() == words
    somebody.press('form[action$="/propose"] button')

    # the administrator reads it as trainees will, accepts it and publishes a release
    somebody.become("programme").open("/admin/corrections")
    somebody.open(f"{page.split('?')[0]}?in={somebody.language}")
    assert words in somebody.page.locator("#text .prose").inner_text()
    somebody.press('button[name="go"][value="accept"]')
    somebody.open("/admin/releases/new")
    somebody.fill({"note": words})
    somebody.press("main form.form button[type=submit]")
    somebody.says(words)

    # her cohort goes on with its own release until it is moved
    lesson = f"/learn/{salma}/{MODULE}/{LESSON}"
    somebody.become("trainee").open(lesson)
    assert words not in somebody.page.locator("main").inner_text()
    move(demo_site, salma)
    somebody.open(lesson)
    somebody.says(words)
