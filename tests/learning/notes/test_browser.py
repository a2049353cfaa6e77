"""One way through the player on a phone, in French and in Arabic: with scripts as they come."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.core.db import db
from lms.learning.models import LessonMark
from tests import browser as browsing

pytestmark = pytest.mark.slow

FIRST_LOAD = """() => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
    .reduce((sum, one) => sum + one.transferSize, 0)"""
NOTE = "Dire la règle en ouvrant — قاعدة البداية"


@pytest.mark.parametrize(("language", "other", "word"), [("fr", "ar", "charte"),
                                                         ("ar", "fr", "الميثاق")])  # fmt: skip
def test_read_note_bookmark_change_language_search_print(
    site, visit, enrolment_id, language, other, word
):
    page = visit(language)
    home = f"{site.url}/learn/{enrolment_id}"
    page.goto(home)
    page.locator(".hero .button").click()
    page.locator("article form .button.primary").click()
    expect(page).to_have_url(re.compile(r"/02-charter$"))
    # the outline opens by the keyboard, and says what is read
    page.locator("details.outline summary").press("Enter")
    expect(page.locator("details.outline .icon-check")).to_have_count(1)
    # a note is kept as one writes; arrows move the cursor, not the page
    page.locator("#note summary").click()
    page.locator("#note-text").fill(NOTE)
    page.locator("#note-text").press("ArrowRight")
    page.locator("#note-text").press("ArrowLeft")
    page.locator("#note-text").blur()
    expect(page.locator("form[data-note] [name=version]")).to_have_value("1")
    with site.app.app_context():
        assert db.session.scalars(select(LessonMark.note)).one() == NOTE
    # larger text, on every lesson from now on
    page.locator("[data-size=larger]").click()
    page.locator(".tools form button").click()
    expect(page.locator(".tools form button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("html")).to_have_attribute("data-text", "larger")
    expect(page.locator("#note-text")).to_have_value(NOTE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    browsing.assert_accessible(page)
    # the same heading in the other language
    page.evaluate("document.getElementById('s3').scrollIntoView()")
    expect(page.locator("html")).to_have_attribute("data-down", "")
    page.mouse.wheel(0, -20)  # the bar comes back, the place stays
    expect(page.locator("html[data-down]")).to_have_count(0)
    at = page.locator(".menu summary").bounding_box()
    page.mouse.click(at["x"] + 9, at["y"] + 9)  # a click by the locator would scroll
    page.locator(f".menu a[hreflang={other}]").click()
    expect(page).to_have_url(re.compile(rf"/02-charter\?lang={other}#s3$"))
    expect(page.locator("html")).to_have_attribute("lang", other)
    page.goto(f"{home}?lang={language}")
    expect(page.locator("#bookmarks a")).to_have_count(1)
    # search from the programme, and back into the lesson at the words found
    page.locator("#search-q").fill(word)
    page.locator("#search-q").press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.locator(".found .excerpt a").first.click()
    expect(page).to_have_url(re.compile(r"#s\d$"))
    # the keyboard turns pages in the direction in which one reads
    page.goto(f"{home}/c1-frame-and-context/02-charter")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight" if language == "fr" else "ArrowLeft")
    expect(page).to_have_url(re.compile(r"/03-constitution-and-new-relations$"))
    # on paper there is the lesson, and no form
    page.emulate_media(media="print")
    expect(page.locator(".prose").first).to_be_visible()
    for hidden in (".tools", "#note", ".main-nav", "[data-reader] > nav"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_open_to_all_and_the_slip_of_paper(site, visit, enrolment_id):
    page = visit("ar", known=False)
    page.goto(f"{site.url}/discover?lang=ar")
    assert page.evaluate(FIRST_LOAD) <= 60 * 1024
    page.goto(f"{site.url}/?lang=ar")
    page.locator("a[href='/discover']").first.click()
    page.locator(".hero .button").click()
    expect(page.locator(".prose").first).to_be_visible()
    page.goto(f"{site.url}/discover/attendance")
    given = {"name": "Aïcha El Idrissi", "event": "يوم تحسيسي", "place": "وجدة",
             "held_on": "2026-04-18"}  # fmt: skip
    for name, text in given.items():
        page.fill(f"[name={name}]", text)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".slip-name")).to_have_text("Aïcha El Idrissi")
    expect(page.locator("[data-print]")).to_be_visible()
    browsing.assert_accessible(page)


def test_without_scripts_nothing_is_missing(site, visit, enrolment_id):
    page = visit("fr", java_script_enabled=False)
    page.goto(f"{site.url}/learn/{enrolment_id}/c1-frame-and-context/01-people-at-the-centre")
    page.locator("#note summary").click()
    page.locator("#note-text").fill(NOTE)
    page.locator("#note button").click()
    expect(page.locator("#note-text")).to_have_value(NOTE)
    expect(page.locator("[data-sizes]")).to_be_hidden()
