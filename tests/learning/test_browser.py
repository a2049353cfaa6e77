"""Learning in a real browser: on a phone, in French and in Arabic, with and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lms.core import clock
from lms.core.db import db
from lms.learning.models import QuizAttempt
from lms.learning.quizzes import service
from lms.learning.quizzes.shown import shown
from tests import browser as browsing
from tests.factories import curriculum, people
from tests.learning.conftest import cohort_on, enrol
from tests.learning.test_service import read_all, right, start
from tests.people import person

pytestmark = pytest.mark.slow


@pytest.fixture
def site(serve, sqlite_server):
    url = sqlite_server.clone()
    yield serve(url)
    sqlite_server.drop(url)


@pytest.fixture
def enrolment_id(site):
    with site.app.app_context():
        session = db.session
        release = curriculum.release(session)
        cohort = cohort_on(session, release)
        made = enrol(session, person(session, "trainee", cohort=cohort), cohort)
        session.commit()
        return made.id


@pytest.fixture
def visit(site, browser, enrolment_id):
    """Call it for a page in which the trainee is signed in."""
    contexts = []

    def signed_in(language="fr", size=browsing.PHONE, **options):
        context = browser.new_context(viewport=size, locale=language, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        with site.app.app_context():
            token = people.token(db.session, person(db.session, "trainee"))
            db.session.commit()
        signer = site.app.session_interface.get_signing_serializer(site.app)
        cookie = signer.dumps({"_user_id": token, "lang": language, "csrf_token": "5eed"})
        name = site.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": cookie, "url": site.url}])
        page = context.new_page()
        # the language of the address is kept on the person, so that all later pages speak it
        page.goto(f"{site.url}/learn/{enrolment_id}?lang={language}")
        return page

    yield signed_in
    for context in contexts:
        context.close()


def latest(site):
    with site.app.app_context():
        return db.session.query(QuizAttempt).order_by(QuizAttempt.number.desc()).first()


def begin(page):
    """Start the quiz and wait for its script."""
    page.locator("main form button").click()
    # the page first: a button that is not there yet passes for hidden
    expect(page.locator("form[data-quiz]")).to_be_visible()
    expect(page.locator("button[value=stay]")).to_be_hidden()


def answer_rightly(page, site):
    """Choose the right answers to whatever is asked."""
    with site.app.app_context():
        attempt = db.session.query(QuizAttempt).order_by(QuizAttempt.number.desc()).first()
        release = curriculum.release(db.session)
        for row in shown(service.asked(release, attempt), right(release, attempt)):
            for at, answer in enumerate(row.answers, start=1):
                if row.kind == "ordering":
                    page.locator(f"#{row.name}-{at}").select_option(str(row.given[answer.id]))
                elif answer.id in row.given:
                    page.locator(f"#{row.name}-a{at}").check()


@pytest.mark.parametrize(
    ("language", "scripts"), [("fr", True), ("ar", True), ("fr", False), ("ar", False)]
)
def test_from_the_first_lesson_to_a_passed_quiz(site, visit, language, scripts):
    page = visit(language, java_script_enabled=scripts)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    page.locator(".hero .button").click()
    for title in ("Analysis", "Objectives"):
        expect(page.locator("h1")).to_have_text(f"{title} {language}")
        page.locator("main form button.primary").click()
    page.locator("main form button.primary").click()
    expect(page.locator("fieldset")).to_have_count(3)
    answer_rightly(page, site)
    page.locator("button[value=check]").click()
    expect(page.locator("dl.answers > div")).to_have_count(3)
    expect(page.locator(".notice.warn")).to_have_count(0)
    page.locator("main form button").click()
    expect(page.locator(".verdict.ok")).to_be_visible()
    assert latest(site).passed
    page.locator("main .row a.button").first.click()
    expect(page.locator("h1")).to_have_text(f"Attention {language}")


def test_a_quiz_by_keyboard_alone(site, visit, enrolment_id):
    page = visit(size=browsing.DESK)
    page.goto(f"{site.url}/learn/{enrolment_id}/c6-method/quiz")
    page.locator("main form button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("fieldset")).to_have_count(3)
    for _ in range(60):
        page.keyboard.press("Tab")
        kind = page.evaluate("document.activeElement.type || ''")
        if kind in {"radio", "checkbox"}:
            page.keyboard.press("Space")
        elif kind == "select-one":
            page.keyboard.press("ArrowDown")
        elif page.evaluate("document.activeElement.value") == "check":
            page.keyboard.press("Enter")
            break
    expect(page).to_have_url(re.compile(r"/check$"))
    assert latest(site).answers


def test_answers_are_saved_as_one_goes(site, visit, enrolment_id):
    page = visit()
    page.goto(f"{site.url}/learn/{enrolment_id}/c6-method/quiz")
    begin(page)
    state = page.locator("[data-state]")
    answer_rightly(page, site)
    expect(state).to_contain_text("Enregistré à")
    expect(page.locator("button[value=stay]")).to_be_hidden()
    chosen = page.locator("form[data-quiz] :checked").count()
    page.reload()
    assert page.locator("form[data-quiz] :checked").count() == chosen
    assert len(latest(site).answers) == 3


def test_what_cannot_be_sent_waits_on_the_device(site, visit, enrolment_id):
    page = visit()
    page.goto(f"{site.url}/learn/{enrolment_id}/c6-method/quiz")
    begin(page)
    state = page.locator("[data-state]")
    page.context.set_offline(True)
    answer_rightly(page, site)
    expect(state).to_contain_text("pas de connexion")
    assert latest(site).answers == {}
    page.context.set_offline(False)
    expect(state).to_contain_text("Enregistré à")
    assert len(latest(site).answers) == 3


def test_signed_out_in_the_middle_nothing_is_lost(site, visit, enrolment_id):
    page = visit()
    page.goto(f"{site.url}/learn/{enrolment_id}/c6-method/quiz")
    begin(page)
    address = page.url
    cookies = page.context.cookies()
    page.context.clear_cookies()
    answer_rightly(page, site)
    expect(page.locator("[data-state]")).to_contain_text("Pas enregistré")
    page.context.add_cookies(cookies)
    page.goto(address)
    expect(page.locator("[data-state]")).to_contain_text("Enregistré à")
    assert len(latest(site).answers) == 3


def test_signed_in_again_beside_it_the_page_goes_on_by_itself(site, visit, enrolment_id):
    page = visit()
    page.goto(f"{site.url}/learn/{enrolment_id}/c6-method/quiz")
    begin(page)
    page.context.clear_cookies()
    answer_rightly(page, site)
    way_in = page.locator("[data-state] a[target=_blank]")
    expect(way_in).to_have_attribute("href", re.compile(r"^/sign-in\?next=%2Flearn%2Fattempts%2F"))
    with site.app.app_context():
        token = people.token(db.session, person(db.session, "trainee"))
        db.session.commit()
    # another session, with a token of its own: what this page was given no longer fits
    signer = site.app.session_interface.get_signing_serializer(site.app)
    cookie = signer.dumps({"_user_id": token, "lang": "fr", "csrf_token": "0ther"})
    name = site.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": cookie, "url": site.url}])
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-state]")).to_contain_text("Enregistré à")
    assert len(latest(site).answers) == 3


def test_two_windows(site, visit, enrolment_id):
    first = visit()
    first.goto(f"{site.url}/learn/{enrolment_id}/c6-method/quiz")
    begin(first)
    second = visit()
    second.goto(first.url)
    answer_rightly(first, site)
    expect(first.locator("[data-state]")).to_contain_text("Enregistré à")
    second.locator("fieldset input").first.check()
    expect(second.locator("[data-state]")).to_contain_text("une autre fenêtre")
    expect(second.locator("button[value=stay]")).to_be_visible()
    second.locator("button[value=stay]").click()
    expect(second.locator("[role=alert]")).to_contain_text("une autre fenêtre")
    expect(second.locator("fieldset input").first).to_be_checked()


@pytest.mark.parametrize(
    ("language", "theme"),
    [
        ("fr", "light"),
        ("ar", "dark"),
        pytest.param("fr", "dark", marks=pytest.mark.soak),
        pytest.param("ar", "light", marks=pytest.mark.soak),
    ],
)
def test_access_on_every_page(site, visit, enrolment_id, language, theme):
    with site.app.app_context():
        session, now = db.session, clock.now()
        release = curriculum.release(session)
        enrolment = enrol_of(session, enrolment_id)
        actor = enrolment.person.actor
        read_all(session, enrolment, release, now=now)
        done = start(session, actor, enrolment, release, now=now)
        service.submit(session, actor, done, 1, now)
        open_one = start(session, actor, enrolment, release, now=now)
        session.commit()
        places = [
            *("", "/c6-method", "/c6-method/01-analysis", "/c6-method/quiz", "/a5-listening"),
            f"/../attempts/{open_one.id}",
            f"/../attempts/{open_one.id}/check",
            f"/../attempts/{done.id}/result",
            "/../../programmes/facilitator",
            "/../../rubrics/coaching",
        ]
    page = visit(language, {"width": 320, "height": 700}, color_scheme=theme)
    for place in places:
        page.goto(f"{site.url}/learn/{enrolment_id}{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, place
        found = Axe().run(page).response["violations"]
        assert not found, (place, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found])


def enrol_of(session, enrolment_id):
    from lms.cohorts.models import Enrolment

    return session.get(Enrolment, enrolment_id)


def test_what_an_error_answered_is_still_there(visit):
    page = visit("ar")
    page.locator(".hero .button").click()
    page.locator("a[href$='/questions']").click()
    page.locator("[data-draft] textarea").fill("كيف نقول لا؟")
    address = page.url
    page.evaluate("document.querySelector('[data-draft] [name=csrf_token]').value = 'x'")
    page.locator("[data-draft] button.primary").click()
    expect(page.locator(".error-page")).to_be_visible()
    page.wait_for_function(
        "() => Object.entries(localStorage).every(([key, kept]) => "
        "!key.startsWith('draft:') || !JSON.parse(kept).sent)"
    )
    page.goto(address)
    expect(page.locator("[data-draft] textarea")).to_have_value("كيف نقول لا؟")


def test_what_never_arrived_is_still_there(visit):
    """The network fails on the way, while the browser believes that it is there."""
    page = visit("fr")
    page.locator(".hero .button").click()
    page.locator("a[href$='/questions']").click()
    page.locator("[data-draft] textarea").fill("Comment dire non ?")
    address = page.url
    page.route(
        "**/questions**",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.locator("[data-draft] button.primary").click()
    page.wait_for_url("chrome-error://**")
    page.goto(address.partition("/learn/")[0] + "/account")
    page.goto(address)
    expect(page.locator("[data-draft] textarea")).to_have_value("Comment dire non ?")
