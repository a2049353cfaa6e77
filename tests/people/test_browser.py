"""People and network in a real browser: at the door and inside, on a phone and at a desk."""

import pytest

from lms.core.db import db
from tests import browser as browsing
from tests.factories import network
from tests.factories import people as factory
from tests.people import PASSWORD, person

pytestmark = pytest.mark.slow


@pytest.fixture
def site(sqlite_server, serve):
    """A site with an admin, a trainee and somebody invited."""
    url = sqlite_server.clone()
    site = serve(url)
    with site.app.app_context():
        admin = person(db.session, "admin.ma")
        trainee = person(db.session)
        factory.person(db.session, active=False, phone="+212612345678")
        network.convention(db.session, parties=[network.partner(db.session)])
        network.centre(db.session)
        keys = {"admin": admin.id, "trainee": trainee.id}
        db.session.commit()
    yield site, keys
    sqlite_server.drop(url)


def look(page, url):
    page.goto(url)
    browsing.assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{url} is {wide} px too wide"


@pytest.mark.parametrize(
    ("width", "lang"),
    [
        (320, "ar"),
        (1280, "fr"),
        pytest.param(320, "fr", marks=pytest.mark.soak),
        pytest.param(1280, "ar", marks=pytest.mark.soak),
    ],
)
def test_pages_are_accessible_and_fit(page, site, lang, width):
    site, keys = site
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/sign-in", "/sign-in/code", "/reset", "/invitations/unknown"):
        look(page, f"{site.url}{path}?lang={lang}")
    page.goto(f"{site.url}/sign-in?lang={lang}")
    page.fill("#who", "admin.ma@demo.example")
    page.fill("#password", "wrong wrong wrong")
    page.click("main form button[type=submit]")
    page.wait_for_selector("[data-error-summary]")
    browsing.assert_accessible(page)
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    trainee = keys["trainee"]
    for path in (
        *("/account", "/account/names", "/account/language", "/account/contact", "/sign-out"),
        *("/people", "/people?standing=invited", "/people/new"),
        *(f"/people/{trainee}/{name}" for name in ("edit", "roles", "access", "leave")),
        *("/network", "/network/countries/MA", "/network/countries/MA/conventions/new"),
    ):
        look(page, f"{site.url}{path}")
    page.goto(f"{site.url}/people/{trainee}/access")
    page.click("form[action$='/code'] button")
    page.click("dialog button[value=yes]")
    page.wait_for_url(f"**/people/{trainee}/code")
    browsing.assert_accessible(page)


def test_without_script(browser, site):
    site, _ = site
    context = browser.new_context(java_script_enabled=False, viewport=browsing.PHONE)
    page = context.new_page()
    page.goto(f"{site.url}/account")
    page.fill("#who", "trainee@demo.example")
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    assert page.url.endswith("/account")
    page.goto(f"{site.url}/sign-out")
    page.click("main form button[type=submit]")
    assert "/sign-in" in page.url
    context.close()


def test_by_keyboard_alone(page, site):
    site, _ = site
    page.goto(f"{site.url}/sign-in?lang=fr")
    page.focus("#who")
    page.keyboard.type("trainee@demo.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{site.url}/account")
    assert page.locator("h1").inner_text() == "Mon compte"
