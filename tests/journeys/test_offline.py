"""In the field without network, in French and Arabic, on a phone: noted, sent, completed."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.core.db import db
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.rules import EntryState, ObservationState
from tests.fieldwork.sync.phones import READY, until
from tests.journeys.test_practice import enrolment_of

pytestmark = pytest.mark.slow

SUMMARY = "Sous le figuier, sans réseau. تحت شجرة التين دون شبكة."


def found(site, query):
    with site.app.app_context():
        return db.session.scalars(query).one()


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_note_in_the_field_is_completed_in_the_evening(travel, demo_site, way):
    somebody = travel(way)
    salma = enrolment_of(demo_site, "trainee")
    page = somebody.page
    somebody.become("trainee").open("/home")
    assert page.locator(f'a[href="/practice/{salma}/note"]').count()
    somebody.open(f"/practice/{salma}/note")
    until(page, READY)

    page.context.set_offline(True)
    somebody.open(f"/practice/{salma}/note")
    page.wait_for_selector("html[data-field]")
    somebody.fill({"type": "workshop", "summary": SUMMARY})
    page.click("[data-chips] [value='60']")
    page.locator(".steppers .field").nth(2).locator("button").last.click()
    somebody.press("form[data-offline] .bulk button:not([name=state])")
    assert page.url.endswith("/practice/outbox")
    expect(page.locator("[data-items] > li")).to_have_count(1)
    somebody.open("/somewhere")
    expect(page.locator("[data-shell] a").first).to_be_visible()

    page.context.set_offline(False)
    somebody.open("/practice/outbox")
    expect(page.locator("[data-items] .badge.ok")).to_have_count(1)
    entry = found(demo_site, select(PracticumEntry).where(PracticumEntry.summary == SUMMARY))
    assert entry.state is EntryState.DRAFT
    assert (entry.minutes_direct, sum(entry.participants.values())) == (60, 1)

    somebody.open(f"/practice/entries/{entry.id}")
    somebody.open(f"/practice/entries/{entry.id}/edit")
    somebody.fill({
        "form": "working-group", "role": "led", "consent_basis": "consent",
        "reflection": "pour moi seule",
    })  # fmt: skip
    somebody.press("button[name=action][value=submit]")
    handed_in = found(demo_site, select(PracticumEntry).where(PracticumEntry.summary == SUMMARY))
    assert handed_in.state is EntryState.SUBMITTED


@pytest.mark.parametrize("way", ["ar-phone", "fr-desk"])
def test_one_of_two_versions_is_chosen(travel, way):
    somebody = travel(way)
    somebody.become("trainee").open("/practice/outbox")
    somebody.press("#conflicts a")
    somebody.press("button[name=choice][value=second]")
    assert not somebody.page.locator("#conflicts").count()


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_visit_without_network(travel, demo_site, way):
    somebody = travel(way)
    salma = enrolment_of(demo_site, "trainee")
    page = somebody.page
    somebody.become("trainer").open("/practice/observe")
    until(page, READY)
    page.context.set_offline(True)
    somebody.open("/practice/observe")
    page.wait_for_selector("html[data-field]")
    somebody.fill({"enrolment": str(salma), "setting": "workshop", "feedback": SUMMARY})
    page.locator("fieldset.group").first.locator("input[value='2']").check()
    somebody.press("form[data-offline] .bulk button:not([name=state])")
    page.context.set_offline(False)
    somebody.open("/practice/outbox")
    expect(page.locator("[data-items] .badge.ok")).to_have_count(1)
    seen = found(demo_site, select(Observation).where(Observation.feedback == SUMMARY))
    assert seen.state is ObservationState.DRAFT
    assert list(seen.scores.values()) == [2]
    somebody.open(f"/practice/observations/{seen.id}")
