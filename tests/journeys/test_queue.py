"""A supervisor's day on the demonstration: by thumb in two languages, and by keyboard alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.core.mail import MailMessage
from lms.demo.personas import BY_KEY
from lms.fieldwork.models import Absence, Observation, PracticumEntry
from lms.fieldwork.queue.rules import UNDO_FOR
from lms.fieldwork.rules import EntryState
from lms.people.models import Person
from tests.journeys.test_practice import enrolment_of

pytestmark = pytest.mark.slow


def in_state(site, state):
    """Keys of the entries in a state, of those that the supervisor or their colleague decides."""
    with site.app.app_context():
        query = select(PracticumEntry.id).where(PracticumEntry.state == state)
        return set(db.session.scalars(query))


def mails(site, template):
    with site.app.app_context():
        return len(
            db.session.scalars(select(MailMessage).where(MailMessage.template == template)).all()
        )


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_supervisors_day_by_thumb(travel, demo_site, way):
    somebody = travel(way)
    page = somebody.become("supervisor").page
    waiting = in_state(demo_site, EntryState.SUBMITTED)
    told = mails(demo_site, "entry_decided")

    # several at once, looked at once more, undone, given again
    somebody.open("/practice/queue")
    for number in range(2):
        page.locator('input[name="entry"]').nth(number).check()
    somebody.press("[data-needs-choice]")
    somebody.press('form:has(input[name="confirmed"]) button[type=submit]')
    assert len(in_state(demo_site, EntryState.SUBMITTED)) == len(waiting) - 2
    somebody.press("main form[action*='/undo/'] button")
    assert in_state(demo_site, EntryState.SUBMITTED) == waiting

    # one after the other, with words used before
    somebody.open("/practice/queue")
    somebody.press("[data-queue] tbody th a")
    first = page.url
    page.locator(".desk details summary").first.click()
    page.locator("[data-insert]").first.click()
    assert page.locator("textarea[name=comment]").input_value()
    somebody.press("button[name=decision][value=ask]")
    assert page.url != first
    assert mails(demo_site, "entry_decided") == told + 1
    somebody.press("button[name=decision][value=approve]")
    assert len(in_state(demo_site, EntryState.SUBMITTED)) == len(waiting) - 2
    somebody.work()
    assert mails(demo_site, "entry_decided") == told + 1
    with clock.frozen(clock.now() + UNDO_FOR + timedelta(seconds=1)):
        somebody.work()
    assert mails(demo_site, "entry_decided") == told + 2

    # whose entries these are, words, absences, a trainee's story
    somebody.open("/practice/comments")
    somebody.fill(
        {"language": "ar" if way.startswith("ar") else "fr", "text": "À compléter. للإكمال"}
    )
    somebody.press("#write button[type=submit]")
    somebody.says("للإكمال")
    somebody.open("/practice/absences")
    salma = enrolment_of(demo_site, "trainee")
    somebody.open(f"/practice/{salma}/timeline")
    assert page.locator(".timeline li").count() > 10


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_supervisor_goes_away_and_a_colleague_decides(travel, demo_site, way):
    somebody = travel(way)
    with demo_site.app.app_context():
        mine = Person.email == BY_KEY["supervisor"].email
        driss = db.session.scalars(select(Person).where(mine)).one()
        key, name = driss.id, driss.name
        noted = db.session.scalars(select(Absence)).unique().all()
        theirs = next(each for each in noted if each.stand_in_id == key)
        colleague, email, back = theirs.supervisor_id, theirs.supervisor.email, theirs.id
        own = [each.id for each in noted if each.supervisor_id == key]
    somebody.become(email).open("/practice/absences")
    somebody.press(f"form[action$='{back}/end'] button")

    day = clock.now().date()
    somebody.become("supervisor").open("/practice/absences")
    for each in own:
        somebody.press(f"form[action$='{each}/end'] button")
    somebody.fill({
        "starts_on": day.isoformat(), "ends_on": (day + timedelta(days=3)).isoformat(),
        "stand_in": str(colleague),
    })  # fmt: skip
    somebody.press("#note button[type=submit]")

    page = somebody.become(email).page
    somebody.open("/practice/queue")
    row = page.locator("[data-queue] tbody tr", has_text=name).first
    with page.expect_navigation():
        row.locator("th a").click()
    somebody.check()
    assert not page.locator("#reflection").count()
    before = in_state(demo_site, EntryState.SUBMITTED)
    somebody.press("button[name=decision][value=approve]")
    assert len(in_state(demo_site, EntryState.SUBMITTED)) == len(before) - 1


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_an_observation_by_thumb(travel, demo_site, way):
    somebody = travel(way)
    salma = enrolment_of(demo_site, "trainee")
    page = somebody.become("trainer").page
    somebody.open(f"/practice/{salma}/observations/new")
    box = page.locator(".segments").first.bounding_box()
    assert box["width"] > 250
    for label in page.locator(".segments").first.locator("label").all():
        size = label.bounding_box()
        assert size["height"] >= 44
        assert size["width"] >= 40
    page.locator(".segments").nth(0).locator("input[value='3']").check()
    page.locator(".segments").nth(1).locator("input[value='2']").check()
    page.locator("details.note summary").first.click()
    page.locator("details.note input").first.fill("Objectif affiché. الهدف معلّق")
    somebody.fill({"setting": "workshop"})
    somebody.press("button[name=action][value=share]")
    somebody.says("الهدف معلّق")
    with demo_site.app.app_context():
        seen = db.session.scalars(select(Observation).order_by(Observation.id.desc())).first()
        assert list(seen.notes.values()) == ["Objectif affiché. الهدف معلّق"]


def test_the_queue_by_keyboard_alone(travel, demo_site):
    somebody = travel("fr-desk")
    page = somebody.become("supervisor").page
    waiting = in_state(demo_site, EntryState.SUBMITTED)
    somebody.open("/practice/queue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator('input[name="entry"]:checked').count() == 1
    page.keyboard.press("k")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    first = page.url
    with page.expect_navigation():
        page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("k")
    assert page.url == first
    page.keyboard.press("m")
    expect(page.locator("textarea[name=comment]")).to_be_focused()
    page.keyboard.type("jkar: qui était là ?")
    assert page.url == first
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("m")
    assert len(in_state(demo_site, EntryState.SUBMITTED)) == len(waiting) - 1
    with page.expect_navigation():
        page.keyboard.press("a")
    assert len(in_state(demo_site, EntryState.SUBMITTED)) == len(waiting) - 2

    # the switch: off on this device, until it is turned on again
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").press("Space")
    here = page.url
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    assert page.url == here
    page.reload()
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    assert page.url == here
    assert len(in_state(demo_site, EntryState.SUBMITTED)) == len(waiting) - 2
