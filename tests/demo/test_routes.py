"""The bar, the guide and the page where a letter is changed: only in a demonstration."""

import re

import pytest
from flask import url_for

from lms.core import clock
from lms.credentials.issuer import body_of
from lms.credentials.offline import ExitCode, verify_file
from lms.demo import places
from lms.demo.guide import STEPS
from lms.demo.personas import BY_KEY
from lms.demo.routes import misspelt
from tests.insight.following import token_of, visit

PATHS = ["/demo", "/demo/steps/1", "/demo/tamper"]


def become(browser, email, **fields):
    token = token_of(browser.get("/demo").text)
    form = {"csrf_token": token, "email": email, **fields}
    return browser.post("/demo/persona", data=form)


# --- only in a demonstration ---


@pytest.mark.parametrize("path", PATHS)
def test_a_real_installation_has_none_of_it(client, path):
    assert client.get(path).status_code == 404
    assert client.post("/demo/persona", data={"email": "trainee@demo.example"}).status_code == 404


def test_a_real_installation_shows_no_bar(client):
    assert 'class="demo"' not in client.get("/help").text


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_the_bar_offers_people_steps_and_languages(as_persona, language):
    page = as_persona("anonymous").get(f"/help?lang={language}").text
    bar = page.partition('<aside class="demo"')[2].partition("</aside>")[0]
    assert bar.count('name="email"') == len(BY_KEY)
    assert bar.count("/demo/steps/") == len(STEPS) == 8
    assert bar.count("hreflang=") == 3


# --- changing person ---


@pytest.mark.parametrize("key", BY_KEY)
def test_one_click_and_one_is_somebody_else(as_persona, key):
    browser = as_persona("anonymous")
    answer = become(browser, BY_KEY[key].email)
    assert (answer.status_code, answer.location) == (303, "/home")
    page = browser.get("/home").text
    assert f"{BY_KEY[key].given} {BY_KEY[key].family}" in page
    assert page.count('aria-pressed="true"') >= 1


@pytest.mark.parametrize("email", ["nobody@demo.example", "", "x" * 10_000, "trainee\u0000"])
def test_nobody_else_can_be_become(as_persona, email):
    assert become(as_persona("anonymous"), email).status_code == 404


def test_not_without_the_forms_token(as_persona):
    browser = as_persona("anonymous")
    browser.get("/demo")
    answer = browser.post("/demo/persona", data={"email": "programme@demo.example"})
    assert answer.status_code == 400
    assert browser.get("/home").status_code == 302


# --- eight steps ---


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_each_step_leads_to_a_page_that_works(as_persona, number, language):
    step, browser = STEPS[number - 1], as_persona("anonymous")
    page = browser.get(f"/demo/steps/{number}?lang={language}").text
    assert page.count('class="button "') == 1
    if not step.persona:
        assert 'href="/demo/tamper"' in page
        assert browser.get("/demo/tamper").status_code == 200
        return
    answer = become(browser, BY_KEY[step.persona].email, step=str(number))
    assert answer.status_code == 303
    assert answer.location != "/home"
    assert visit(browser, answer.location).status_code == 200


def test_places_are_found_by_what_stands_there(as_persona, seeded_app, seeded_session):
    """Steps for assessor and programme lead to one case, not to a list."""
    with seeded_app.test_request_context():
        assert "/assessment/dossiers/" in places.case_to_score(seeded_session)
        assert "/assessment/dossiers/" in places.case_to_release(seeded_session)
        assert "/quiz" in places.quiz(seeded_session)


def test_places_without_the_demonstrations_data(app, session):
    with app.test_request_context(base_url=app.config["SETTINGS"].base_url):
        for find in (places.lesson, places.quiz, places.logbook, places.ledger):
            assert find(session) == "/home"
        assert places.case_to_score(session) == url_for("assessment.index")
        assert places.case_to_release(session) == url_for("assessment.index")
        assert places.certificate(session) is None


def test_the_way_on_is_in_the_bar_while_one_follows_the_guide(as_persona):
    browser = as_persona("anonymous")
    assert "demo-next" not in browser.get("/help").text
    become(browser, BY_KEY["trainee"].email, step="3")
    following = re.search(r'class="demo-next"><a href="([^"]+)"', browser.get("/home").text)
    assert following[1] == "/demo/steps/4"
    assert "demo-next" not in browser.get("/demo/steps/4").text
    become(browser, BY_KEY["trainer"].email)
    assert "demo-next" not in browser.get("/home").text


@pytest.mark.parametrize("step", ["0", "9", "-1", "x", "²", "9" * 5000])
def test_a_step_that_is_none_leads_home(as_persona, step):
    answer = become(as_persona("anonymous"), BY_KEY["trainee"].email, step=step)
    assert answer.location == "/home"


@pytest.mark.parametrize("path", ["/demo/steps/0", "/demo/steps/9", "/demo/steps/x"])
def test_no_other_steps(as_persona, path):
    assert as_persona("anonymous").get(path).status_code == 404


def test_the_guide_shows_all_steps(as_persona):
    page = as_persona("anonymous").get("/demo").text
    assert len(re.findall(r'href="/demo/steps/(\d)">', page.partition("<main")[2])) == 8
    assert page.count('name="step"') == 7


# --- changing a letter ---


def tampered(browser, text, **fields):
    token = token_of(browser.get("/demo/tamper").text)
    form = {"csrf_token": token, "document": text, **fields}
    return browser.post("/demo/tamper?lang=en", data=form)


@pytest.fixture
def document(seeded_session):
    return places.certificate(seeded_session).credential


def test_the_document_as_it_is_holds(as_persona, document):
    page = tampered(as_persona("anonymous"), document).text
    assert 'class="verdict ok"' in page


def test_a_letter_changed_by_the_button_is_refused_and_shown(as_persona, document):
    page = tampered(as_persona("anonymous"), document, change="1").text
    assert 'class="verdict bad"' in page
    assert re.search(r"<del><bdi>[^<]+</bdi></del> → <ins><bdi>[^<]+</bdi></ins>", page)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "{", "\u0000", "[" * 50_000, "{}" * 40_000, '{"a":1e999}']
)
def test_whatever_else_is_typed_is_refused(as_persona, text):
    answer = tampered(as_persona("anonymous"), text)
    assert answer.status_code == 200
    assert 'class="verdict bad"' in answer.text


def test_every_changed_letter_is_refused(as_persona, seeded_app, document):
    with seeded_app.app_context():
        keys = body_of(seeded_app).public_keys
        letters = [place for place, letter in enumerate(document) if letter.isalnum()]
        for place in letters[:: max(1, len(letters) // 120)]:
            letter = "x" if document[place] != "x" else "y"
            changed = document[:place] + letter + document[place + 1 :]
            report = verify_file(changed.encode(), keys, now=clock.now())
            shown = changed[max(0, place - 40) : place + 40]
            assert report.exit_code in {ExitCode.REFUSED, ExitCode.UNREADABLE}, shown


@pytest.mark.parametrize("name", ["Awa Ndiaye", "Claire", "É", "سلمى"])
def test_a_name_misspelt_is_another_name(name):
    assert misspelt(name) != name
    assert len(misspelt(name)) == len(name)
