"""A trainee's evening: a template, a pseudonym, what is missing, the month, a list of people."""

import pytest
from sqlalchemy import select

from lms.core.db import db
from lms.fieldwork.models import Coachee, EntryTemplate, PracticumEntry
from lms.fieldwork.rules import EntryState
from tests.journeys.test_practice import enrolment_of

pytestmark = pytest.mark.slow

SUMMARY = "Une heure au café du marché. ساعة في مقهى السوق حول مشروع التعاونية."


def first_template(site):
    with site.app.app_context():
        query = select(EntryTemplate.id).where(EntryTemplate.name.startswith("Entretien"))
        return db.session.scalars(query).first()


def written(site):
    with site.app.app_context():
        query = select(PracticumEntry).where(PracticumEntry.summary == SUMMARY)
        entry = db.session.scalars(query).one()
        names = db.session.scalars(
            select(Coachee.pseudonym).where(
                Coachee.enrolment_id == entry.enrolment_id, Coachee.pseudonym == "P-77"
            )
        ).all()
        return entry.id, entry.state, entry.minutes_direct, len(entry.coachees), names


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_an_evening_with_the_logbook(travel, demo_site, way):
    somebody = travel(way)
    salma = enrolment_of(demo_site, "trainee")
    home = f"/practice/{salma}"
    somebody.become("trainee").open(f"{home}/templates")
    template = first_template(demo_site)
    somebody.press(f'a[href$="template={template}"]')
    form = somebody.page.locator("form[data-minutes]")
    assert form.locator("[name=type]").input_value() == "individual-interview"
    assert form.locator("details[open] [name=new_coachee]").count() == 1, "opened by the activity"
    somebody.fill({"summary": SUMMARY, "new_coachee": "Awa Diop"})
    somebody.press("button[name=action][value=draft]")
    assert somebody.page.locator("[data-error-summary] a[href='#new_coachee']").count() == 1
    assert form.locator("[name=summary]").input_value() == SUMMARY
    somebody.fill({"new_coachee": "P-77"})
    somebody.press("button[name=action][value=draft]")
    key, state, minutes, people, names = written(demo_site)
    assert (state, names) == (EntryState.DRAFT, ["P-77"])
    assert minutes > 0
    assert people >= 1
    somebody.says("P-77")

    somebody.open(f"{home}?state=to_do")
    somebody.says("P-77")
    somebody.page.locator("[name=q]").fill("cafe MARCHE")
    somebody.press("main form[role=search] button")
    assert somebody.page.locator(f'main a[href$="{key}"]').count() == 1
    somebody.press('nav a[href*="view=calendar"]')
    assert somebody.page.locator(f'.calendar a[href$="{key}"]').count() == 1
    somebody.press("main a[rel=prev]")

    somebody.open(f"/practice/entries/{key}")
    somebody.press('main a[href*="copy="]')
    assert form.locator("[name=summary]").input_value() == SUMMARY
    assert form.locator("[name=reflection]").input_value() == ""

    somebody.open(f"{home}/people")
    somebody.fill({"pseudonym": "P-78"})
    somebody.press("main form button[type=submit]")
    somebody.says("P-78")
