"""The real service worker in a real browser: written without network, arrived once."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from lms.core.db import db
from lms.fieldwork.models import Evidence, PracticumEntry, SyncedItem
from tests.browser import PHONE
from tests.factories import cohorts, fieldwork, people
from tests.fieldwork.sync.phones import (
    ITEM,
    ON_DEVICE,
    READY,
    SEND,
    STATES,
    Drops,
    KillablePhone,
    until,
)
from tests.people import person

pytestmark = pytest.mark.slow
KIB = 1024


class Field:
    """A site with a cohort, two trainees and a trainer, and their browsers' cookies."""

    def __init__(self, site):
        self.site = site
        with site.app.app_context():
            session = db.session
            cohort = cohorts.cohort(session)
            trainer, supervisor = cohorts.team(session, cohort)
            a = cohorts.enrolment(session, person(session, "trainee"), cohort)
            b = cohorts.enrolment(session, person(session, "trainee.new"), cohort)
            self.place = str(fieldwork.placement(session, a, supervisor).id)
            self.cases = {"a": str(a.id), "b": str(b.id)}
            known = {"a": a.person, "b": b.person, "trainer": trainer}
            self.names = {key: each.name for key, each in known.items()}
            self.tokens = {key: people.token(session, each) for key, each in known.items()}
            session.commit()
            db.session.remove()
        self.note = f"{site.url}/practice/{self.cases['a']}/note"
        self.outbox = f"{site.url}/practice/outbox"

    def cookie(self, key, language="fr"):
        app = self.site.app
        signer = app.session_interface.get_signing_serializer(app)
        value = signer.dumps({"_user_id": self.tokens[key], "lang": language, "csrf_token": "5eed"})
        return {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.site.url}

    def become(self, page, key):
        page.context.clear_cookies()
        page.context.add_cookies([self.cookie(key)])

    def count(self, model):
        with self.site.app.app_context():
            found = db.session.scalar(select(func.count()).select_from(model))
            db.session.remove()
            return found

    def ready(self, page, address=None):
        """Open a page and wait until the phone can do without network."""
        page.goto(address or self.note)
        until(page, READY)


@pytest.fixture
def field(serve, sqlite_server):
    url = sqlite_server.clone()
    yield Field(serve(url))
    sqlite_server.drop(url)


@pytest.fixture
def phone(browser, field):
    context = browser.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security" in m.text else None)
    field.become(page, "a")
    yield page
    context.close()
    assert not wrong, "\n".join(wrong)


def write(page, words):
    """A note, as fingers write it."""
    page.wait_for_selector("html[data-field]")
    page.select_option("[name=type]", "workshop")
    page.click("[data-chips] [value='45']")
    page.locator(".steppers .field").first.locator("button").last.click()
    page.fill("[name=summary]", words)
    page.click("form[data-offline] .bulk button:not([name=state])")


def items(page):
    return page.locator("[data-items] > li")


def test_written_without_network_it_is_still_there_and_arrives_once(field, phone, tmp_path):
    field.ready(phone)
    phone.context.set_offline(True)
    phone.goto(field.note)
    expect(phone.locator("[data-no-network]")).to_be_visible()
    photo = tmp_path / "p.jpg"
    photo.write_bytes(fieldwork.picture())
    phone.set_input_files("[name=photos]", photo)
    write(phone, "Sans réseau.")
    phone.wait_for_url("**/practice/outbox")
    expect(items(phone)).to_have_count(1)
    phone.reload()
    expect(items(phone)).to_have_count(1)
    expect(phone.locator("[data-outbox] [data-number]")).to_have_text("1")
    assert field.count(PracticumEntry) == 0

    phone.context.set_offline(False)
    expect(items(phone).locator(".badge.ok")).to_have_count(1)
    expect(phone.locator("[data-outbox]")).to_be_hidden()
    assert (field.count(PracticumEntry), field.count(Evidence)) == (1, 1)
    phone.reload()
    phone.evaluate(SEND)
    assert field.count(PracticumEntry) == field.count(SyncedItem) == 1


def test_with_network_the_note_goes_at_once_to_its_entry(field, phone):
    field.ready(phone)
    write(phone, "Avec réseau.")
    phone.wait_for_url("**/practice/entries/*")
    assert field.count(PracticumEntry) == 1


def test_what_is_not_finished_is_opened_again_and_what_is_refused_says_why(field, phone):
    field.ready(phone)
    phone.wait_for_selector("html[data-field]")
    phone.fill("[name=summary]", "À moitié.")
    phone.click("button[name=state][value=draft]")
    phone.wait_for_url("**/practice/outbox")
    phone.evaluate(SEND)
    assert field.count(PracticumEntry) == 0
    items(phone).locator("a").click()
    phone.wait_for_selector("html[data-field]")
    expect(phone.locator("[name=summary]")).to_have_value("À moitié.")
    phone.fill("[name=minutes_direct]", "99999")
    phone.select_option("[name=type]", "workshop")
    phone.click("form[data-offline] .bulk button:not([name=state])")
    phone.wait_for_url("**/practice/outbox")
    expect(items(phone).locator(".badge.bad")).to_have_count(1)
    expect(items(phone).locator(".error")).to_contain_text("960")
    items(phone).locator("a").click()
    phone.wait_for_selector("html[data-field]")
    phone.fill("[name=minutes_direct]", "50")
    phone.click("form[data-offline] .bulk button:not([name=state])")
    phone.wait_for_url("**/practice/entries/*")
    assert field.count(PracticumEntry) == field.count(SyncedItem) == 1


def test_on_a_shared_phone_nothing_goes_out_in_another_name(field, phone):
    field.ready(phone)
    phone.context.set_offline(True)
    phone.goto(field.note)
    write(phone, "De la première personne.")
    phone.wait_for_url("**/practice/outbox")
    # the first person's page is still open when there is network again, and another signed in
    field.become(phone, "b")
    phone.context.set_offline(False)
    assert phone.evaluate(SEND) is False
    assert field.count(PracticumEntry) == 0
    field.ready(phone, f"{field.site.url}/home")
    phone.goto(field.outbox)
    expect(phone.locator("[data-others]")).to_be_visible()
    expect(items(phone)).to_have_count(0)
    phone.evaluate(SEND)
    assert field.count(PracticumEntry) == 0
    assert "De la première personne." not in phone.content()
    shelves = phone.evaluate(ON_DEVICE)["caches"]
    assert len([name for name in shelves if name.startswith("own-")]) == 1

    phone.context.set_offline(True)
    phone.goto(field.note)
    expect(phone.locator("[data-shell]")).to_be_visible()
    assert phone.locator("form").count() == 0

    phone.context.set_offline(False)
    field.become(phone, "a")
    phone.goto(field.outbox)
    expect(items(phone).locator(".badge.ok")).to_have_count(1)
    assert field.count(PracticumEntry) == 1


def test_signing_out_destroys_what_lies_on_the_device(field, phone):
    field.ready(phone)
    phone.fill("[name=summary]", "brouillon")
    until(phone, "() => Object.keys(localStorage).some((key) => key.startsWith('draft:'))")
    phone.evaluate(ITEM, [field.cases["a"], field.place, [1, 2]])
    phone.context.route("**/practice/entries/sync", lambda route: route.abort())
    phone.goto(f"{field.site.url}/sign-out")
    phone.wait_for_selector("html[data-device]")
    expect(phone.locator("[data-unsent] [data-number]")).to_have_text("2")
    assert phone.evaluate(ON_DEVICE)["items"]
    phone.click("form[data-leave] button")
    phone.wait_for_url("**/sign-in*")
    assert phone.evaluate(ON_DEVICE) == {"caches": [], "items": [], "local": []}
    phone.context.set_offline(True)
    phone.goto(field.note)
    expect(phone.locator("[data-nothing]")).to_be_visible()


def test_nothing_confidential_lies_on_the_device(field, phone):
    field.ready(phone)
    phone.goto(f"{field.site.url}/practice/{field.cases['a']}/entries/new")
    secret = "canari-secret-8123"
    phone.fill("[name=reflection]", secret)
    phone.fill("[name=summary]", "visible-sur-l-appareil")
    until(phone, "() => JSON.stringify({ ...localStorage }).includes('visible-sur-l-appareil')")
    kept = phone.evaluate("""async () => {
      const all = [JSON.stringify({ ...localStorage })];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          all.push(await (await cache.match(request)).text());
        }
      }
      return all.join();
    }""")
    assert secret not in kept
    assert 'name="csrf_token"' not in kept
    assert field.names["b"] not in kept


def test_lessons_are_kept_by_choice_and_taken_away(field, phone):
    phone.goto(f"{field.site.url}/learn/{field.cases['a']}")
    module = phone.locator("main a[href*='/learn/'][href*='/a5-']").first.get_attribute("href")
    field.ready(phone, field.site.url + module)
    part = phone.locator("[data-keep]")
    expect(part).to_be_visible()
    part.locator("button").click()
    expect(part.locator("[data-said]")).to_contain_text("Ko")
    phone.context.set_offline(True)
    phone.goto(f"{field.site.url}/nowhere")
    links = phone.locator("[data-lessons] a")
    expect(links.first).to_be_visible()
    title = links.first.inner_text()
    links.first.click()
    expect(phone.locator("h1")).to_have_text(title)
    assert phone.locator("main form").count() == 0
    phone.goto(field.outbox)
    phone.locator("[data-lessons] button").first.click()
    expect(phone.locator("[data-lessons] a")).to_have_count(0)


def test_a_visit_is_noted_without_network(field, phone):
    field.become(phone, "trainer")
    address = f"{field.site.url}/practice/observe"
    field.ready(phone, address)
    phone.context.set_offline(True)
    phone.goto(address)
    phone.wait_for_selector("html[data-field]")
    phone.select_option("[name=enrolment]", field.cases["a"])
    phone.select_option("[name=setting]", "workshop")
    phone.locator("fieldset.group").first.locator("input[value='3']").check()
    phone.fill("[name=feedback]", "Cadre posé.")
    phone.click("form[data-offline] .bulk button:not([name=state])")
    phone.wait_for_url("**/practice/outbox")
    expect(items(phone)).to_contain_text(field.names["a"])
    phone.context.set_offline(False)
    expect(items(phone).locator(".badge:is(.ok, .bad)")).to_have_count(1)


# --- dropped answers, killed browsers ---


def deliver(field, browser, profile, number, drops, kills):
    """Queue notes without network; lose answers and browsers on the way; count what arrived."""
    cookie = field.cookie("a") | {"expires": 2_000_000_000}
    phone, network = KillablePhone(browser, profile, [cookie]), Drops(drops)
    try:
        page = phone.start()
        field.ready(page)
        page.context.set_offline(True)
        page.evaluate(ITEM, [field.cases["a"], field.place, list(range(number))])
        each = max(1, drops // (kills + 1))
        for turn in range(kills + 1):
            if turn:
                phone.kill()
                page = phone.start()
            page.context.set_offline(False)
            page.route("**/practice/entries/sync", network)
            page.goto(field.outbox)
            assert len(page.evaluate(STATES)) == number
            goal = max(0, network.left - each) if turn < kills else 0
            while network.left > goal:
                page.evaluate(SEND)
        for _ in range(20):
            if page.evaluate(SEND):
                break
        assert set(page.evaluate(STATES)) == {"sent"}
    finally:
        phone.kill()
    assert network.left == 0
    assert field.count(PracticumEntry) == field.count(SyncedItem) == number
    return network


def test_twenty_arrive_once_through_five_lost_answers_and_a_killed_browser(
    field, browser, tmp_path
):
    assert deliver(field, browser, tmp_path / "profile", 20, 5, 1).posts >= 6


@pytest.mark.soak
def test_two_hundred_arrive_once_through_fifty_lost_answers_and_five_killed_browsers(
    field, browser, tmp_path
):
    assert deliver(field, browser, tmp_path / "profile", 200, 50, 5).posts >= 60


# --- bytes ---


class Meter:
    """Counts what the server sends, the service worker's share too."""

    def __init__(self, app):
        self._inner, self.bytes = app.wsgi_app, {}
        app.wsgi_app = self

    def __call__(self, environ, start_response):
        def counted():
            total = 0
            for part in self._inner(environ, start_response):
                total += len(part)
                yield part
            path = environ["PATH_INFO"]
            self.bytes[path] = self.bytes.get(path, 0) + total

        return counted()


@pytest.mark.parametrize("place", ["/home", "note", "outbox", "observe", "module"])
def test_first_load_with_the_service_worker_stays_within_its_budget(field, phone, place):
    module = f"/learn/{field.cases['a']}/a5-listening-communication"
    addresses = {
        "/home": "/home",
        "note": f"/practice/{field.cases['a']}/note",
        "outbox": "/practice/outbox",
        "observe": "/practice/observe",
        "module": module,
    }
    if place == "observe":
        field.become(phone, "trainer")
    meter = Meter(field.site.app)
    field.ready(phone, field.site.url + addresses[place])
    phone.wait_for_timeout(300)
    total = sum(meter.bytes.values())
    run = phone.evaluate(
        "() => performance.getEntriesByType('resource').map((each) => new URL(each.name).pathname)"
    )
    scripts = sum(meter.bytes[path] for path in set(run) if path.endswith(".js"))
    assert meter.bytes["/sw.js"]
    assert total <= 60 * KIB, meter.bytes
    assert scripts <= 15 * KIB, meter.bytes
