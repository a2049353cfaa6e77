"""A training day on a phone: planned, its code shown and typed, the list closed, counted."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.cohorts.models import Enrolment, TrainingSession
from lms.cohorts.training.counting import training_days
from lms.core import clock
from lms.core.db import db
from lms.core.mail import MailMessage
from lms.demo.personas import BY_KEY
from lms.people.models import Person

pytestmark = pytest.mark.slow

TITLE = "Relire un atelier. مراجعة ورشة"


def salma_of(site):
    with site.app.app_context():
        query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
        one = db.session.scalars(query.where(Person.email == BY_KEY["trainee"].email)).one()
        return one.id, one.cohort_id


def halves(site, enrolment):
    with site.app.app_context():
        days = training_days(db.session, [enrolment])[enrolment]
        return sum(one.halves for one in days if one.held)


def begun(site):
    """Let the training have begun an hour ago; its key."""
    with site.app.app_context():
        query = select(TrainingSession).where(TrainingSession.title == TITLE)
        meeting = db.session.scalars(query).unique().one()
        meeting.starts_at = clock.now() - timedelta(hours=1)
        db.session.commit()
        return meeting.id


def told(site, language):
    with site.app.app_context():
        query = select(MailMessage).where(
            MailMessage.template == "training_session", MailMessage.subject.contains(TITLE)
        )
        found = db.session.scalars(query).all()
        assert language in {one.language for one in found}
        return all("BEGIN:VEVENT" in one.calendar for one in found)


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_training_day(travel, demo_site, way):
    somebody = travel(way)
    salma, cohort = salma_of(demo_site)
    before = halves(demo_site, salma)
    somebody.become("trainee").open("/home")

    # the trainer plans half a day
    somebody.become("trainer").open(f"/cohorts/{cohort}/training")
    somebody.press(f'a[href="/cohorts/{cohort}/training/new"]')
    day = clock.now().astimezone(ZoneInfo("Africa/Casablanca")).date() + timedelta(days=2)
    somebody.fill({
        "title": TITLE, "day": day.isoformat(), "begins": "07:10", "ends": "10:10",
        "worth": "half", "place": "Oujda",
    })  # fmt: skip
    somebody.press("main form.form button[type=submit]")
    somebody.says("07:10–10:10")
    somebody.work()
    assert told(demo_site, somebody.language)
    page = f"/training/{begun(demo_site)}"

    # the day has come: the code is on the screen, the trainee types it
    somebody.open(f"{page}/code")
    somebody.press("main form.inline button.primary")
    code = somebody.page.locator(".big-code").inner_text()
    somebody.become("trainee").open("/attend")
    somebody.fill({"code": code.lower()})
    somebody.press("main form.form button[type=submit]")
    somebody.says(TITLE)
    assert somebody.page.locator("#own .badge.ok").count() == 1

    # the trainer notes the others and closes the list
    somebody.become("trainer").open(f"{page}/list")
    somebody.press('button[value="everybody"]')
    somebody.press('button[value="close"]')
    assert halves(demo_site, salma) == before + 1

    # the trainee's ledger shows the day, and opens it
    somebody.become("trainee").open(f"/assessment/ledger/{salma}")
    row = f'a[href="/assessment/ledger/{salma}/training/{page.rpartition("/")[2]}"]'
    assert TITLE in somebody.page.locator(row).first.text_content()
    somebody.open(f"/training/of/{salma}")
    somebody.says(TITLE)
