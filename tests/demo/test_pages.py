"""Every page that `./run screenshots` shows: it answers, weighs little, and asks little."""

import gzip

import pytest
from sqlalchemy import Engine, event

from lms.demo.personas import BY_KEY
from lms.demo.show import show
from tests.insight.following import visit
from tests.screenshots import places

HTML_LIMIT = 14 * 1024
MOST_QUERIES = 20
"""Of any page; what a page's own test says of it is less."""
GONE = ("/nowhere", "/verify/unknown")


@pytest.fixture
def asked():
    """Statements sent to any database."""
    found = []
    listen = (Engine, "before_cursor_execute", lambda *given: found.append(given[2]))
    event.listen(*listen)
    yield found
    event.remove(*listen)


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("persona", ["", *BY_KEY])
def test_each_page_is_light(as_persona, seeded_app, seeded_session, asked, persona):
    pages = places(show(seeded_session, seeded_app.config["SETTINGS"])).get(persona, [])
    browser, wrong = as_persona(persona or "anonymous"), []
    for path in pages:
        asked.clear()
        page = visit(browser, path)
        queries, size = len(asked), len(gzip.compress(page.data, 5))
        if page.status_code != (404 if path in GONE else 200):
            wrong.append(f"{path}: {page.status_code}")
        if "html" in page.content_type and size > HTML_LIMIT:
            wrong.append(f"{path}: {size} bytes")
        if queries > MOST_QUERIES:
            wrong.append(f"{path}: {queries} queries")
    assert not wrong, "\n".join(wrong)
