"""People in a real browser on the demonstration: each page they meet is held against axe."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy import select

from lms.core import clock, jobs
from lms.core.db import db
from lms.demo.personas import BY_KEY
from lms.people.models import Person
from lms.people.sessions import service as sessions
from tests import browser as browsing
from tests.seeded import seed

WAYS = {
    "fr-phone": ("fr", browsing.PHONE),
    "ar-desk": ("ar", browsing.DESK),
    "fr-desk": ("fr", browsing.DESK),
    "ar-phone": ("ar", browsing.PHONE),
}
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
}).slice(0, 8).map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)"""
"""What sticks out of the page."""
PARTS = """() => {
    const own = e => `${e.tagName}.${e.getAttribute('class') || ''}`;
    const parts = new Set();
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
    if (new Set(ids).size < ids.length) parts.add(`the same id twice ${location.pathname}`);
    for (const e of document.querySelectorAll('body *')) {
        const said = e.textContent.trim() ? 'says' : 'silent';
        const names = e.getAttributeNames().sort().join(' ');
        const role = `${e.getAttribute('role') || ''} ${e.getAttribute('type') || ''}`;
        parts.add(`${own(e.parentElement)} > ${own(e)} [${names}] ${role} ${said}`);
    }
    const heads = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => e.tagName);
    heads.forEach((tag, n) => parts.add(`${heads[n - 1]} then ${tag}`));
    return [...parts].map(part => `${innerWidth} ${part}`);
}"""
"""What a page is put together from: elements with their parents, classes and attributes."""
LOOKED_AT: set[str] = set()
"""Parts that axe has seen on some page of this process. It takes longer than all else here, and
finds on the hundredth page of the same parts, in whatever language, what it found on the first."""


@dataclass
class Traveller:
    """One browser on the demonstration; becomes one person after another."""

    site: browsing.Site
    page: Page
    language: str

    def become(self, key: str) -> "Traveller":
        """Sign in as a persona, or as whoever has this address; '' signs out."""
        self.page.context.clear_cookies()
        if not key:
            return self
        email = BY_KEY[key].email if key in BY_KEY else key
        with self.site.app.app_context():
            person = db.session.scalars(select(Person).where(Person.email == email)).one()
            token = sessions.open_session(db.session, person, clock.now())
            person.language = self.language
            db.session.commit()
        app = self.site.app
        cookie = app.session_interface.get_signing_serializer(app).dumps(
            {"_user_id": token, "lang": self.language, "csrf_token": "5eed"}
        )
        name = app.config["SESSION_COOKIE_NAME"]
        self.page.context.add_cookies([{"name": name, "value": cookie, "url": self.site.url}])
        return self

    def open(self, path: str) -> Response | None:
        """Visit a page that must answer, and check it."""
        url = path if path.startswith("http") else f"{self.site.url}{path}"
        if "lms" not in {c["name"] for c in self.page.context.cookies()}:
            url += f"{'&' if '?' in url else '?'}lang={self.language}"
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status < 400, f"{url}: {answer.status}"
        self.check()
        return answer

    def press(self, selector: str) -> None:
        """Press a button or link, wait for the page behind it, and check that."""
        button = self.page.locator(selector).first
        if button.evaluate("e => !!(e.form && e.form.dataset.confirm)"):
            button.click()
            button = self.page.locator("dialog[open] button").first
        with self.page.expect_navigation():
            button.click()
        self.check()

    def fill(self, values: dict[str, str]) -> None:
        """Fill fields by name; radios and boxes are chosen, selects select."""
        for name, value in values.items():
            found = self.page.locator(f'[name="{name}"]')
            kind = found.first.get_attribute("type")
            if kind in {"radio", "checkbox"}:
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            elif found.first.evaluate("e => e.tagName") == "SELECT":
                found.first.select_option(value)
            else:
                found.first.fill(value)

    def check(self) -> None:
        """The page speaks the language, reads in its direction, does not overflow, passes axe."""
        page = self.page
        assert page.locator("html").get_attribute("lang") == self.language
        direction = "rtl" if self.language == "ar" else "ltr"
        assert page.locator("html").get_attribute("dir") == direction
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url}: {wide} px too wide: {page.evaluate(TOO_WIDE)}"
        parts = set(page.evaluate(PARTS))
        if not parts <= LOOKED_AT:
            browsing.assert_accessible(page)
            LOOKED_AT.update(parts)

    def says(self, text: str) -> None:
        """The page shows these words."""
        expect(self.page.locator("main")).to_contain_text(text)

    def work(self) -> None:
        """Let the worker do what is due."""
        with self.site.app.app_context():
            jobs.run_pending(db.session, clock.now)
            db.session.remove()


@pytest.fixture(scope="session")
def demonstration(sqlite_server, make_app, tmp_path_factory):
    """The demonstration on SQLite: what a browser shows does not depend on the database."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return seed(sqlite_server, shared, tmp_path_factory.mktemp("journeys"), make_app)


@pytest.fixture
def demo_site(serve, demonstration, sqlite_server, tmp_path):
    """A copy of the demonstration, served."""
    seeded = demonstration
    url = sqlite_server.clone(seeded.url)
    data = tmp_path / "data"
    shutil.copytree(seeded.data_dir, data)
    yield serve(url, LMS_DEMO="1", LMS_DATA_DIR=str(data))
    sqlite_server.drop(url)


@pytest.fixture
def travel(demo_site, browser: Browser) -> Iterator:
    """Call it with one of WAYS for somebody who travels through the demonstration."""
    contexts, wrong = [], []

    def start(way: str) -> Traveller:
        language, size = WAYS[way]
        context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce")
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on(
            "console",
            lambda line: wrong.append(line.text) if "Content Security" in line.text else None,
        )
        return Traveller(demo_site, page, language)

    yield start
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)
