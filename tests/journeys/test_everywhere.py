"""Every page worth a look, in every language, light and dark, on the narrowest phone."""

import pytest

from lms.core.db import db
from lms.demo.show import show
from tests import browser as browsing
from tests.journeys.conftest import TOO_WIDE, Traveller
from tests.screenshots import LANGUAGES, THEMES, places

pytestmark = pytest.mark.soak
NARROWEST = {"width": 320, "height": 700}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_kept_out(demo_site, browser, language, theme):
    """WCAG 2.2 AA as far as axe can tell, and nothing that sticks out of the page."""
    with demo_site.app.app_context():
        shown = places(show(db.session, demo_site.app.config["SETTINGS"]))
        db.session.remove()
    wrong = []
    for persona, paths in shown.items():
        context = browser.new_context(viewport=NARROWEST, color_scheme=theme)
        page = context.new_page()
        Traveller(demo_site, page, language).become(persona)
        for path in paths:
            page.goto(f"{demo_site.url}{path}{'&' if '?' in path else '?'}lang={language}")
            found = browsing.faults(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found += page.evaluate(TOO_WIDE)
            wrong += [f"{persona} {path}: {fault}" for fault in found]
        context.close()
    assert not wrong, "\n".join(wrong)
