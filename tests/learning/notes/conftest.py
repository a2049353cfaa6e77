"""A trainee of our own content in a real browser."""

import pytest

from lms.core.db import db
from tests import browser as browsing
from tests.factories import curriculum, people
from tests.learning.conftest import cohort_on, enrol
from tests.people import person


@pytest.fixture
def site(serve, sqlite_server):
    url = sqlite_server.clone()
    yield serve(url)
    sqlite_server.drop(url)


@pytest.fixture
def enrolment_id(site):
    with site.app.app_context():
        session = db.session
        release = curriculum.release(session, curriculum.ours())
        cohort = cohort_on(session, release, "coach")
        made = enrol(session, person(session, "trainee", cohort=cohort), cohort)
        session.commit()
        return made.id


@pytest.fixture
def visit(site, browser, enrolment_id):
    """Call it for a page in which the trainee is signed in, or with `known=False` nobody."""
    contexts, wrong = [], []

    def opened(language="fr", size=browsing.PHONE, known=True, **options):
        context = browser.new_context(
            viewport=size, locale=language, reduced_motion="reduce", **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        cookie = {"lang": language, "csrf_token": "5eed"}
        if known:
            with site.app.app_context():
                someone = person(db.session, "trainee")
                someone.language = language
                cookie["_user_id"] = people.token(db.session, someone)
                db.session.commit()
        signer = site.app.session_interface.get_signing_serializer(site.app)
        name = site.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": signer.dumps(cookie), "url": site.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on(
            "console",
            lambda line: wrong.append(line.text) if "Content Security" in line.text else None,
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)
