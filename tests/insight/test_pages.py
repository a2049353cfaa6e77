"""Every page of the room, for every persona, on the demonstration: who sees what, and no fault."""

import gzip
import re

import pytest
from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.demo.personas import BY_KEY
from lms.people.models import Person

EVERYONE = ["anonymous", *BY_KEY]
OFFICE = {"admin.ma", "admin.sn", "admin.be", "programme", "auditor"}
LISTS = {
    "/admin/audit": OFFICE,
    "/admin/jobs": {"programme"},
    "/admin/outbox": {"programme"},
    "/admin/permissions": set(BY_KEY),
    "/cohorts/watch": OFFICE | {"trainer", "supervisor"},
    "/cohorts/watch?view=quiet": OFFICE | {"trainer", "supervisor"},
    "/home": set(BY_KEY),
}
"""Pages without an object, and who reads them."""
HTML_LIMIT = 14 * 1024


def person(session, key):
    return session.scalars(select(Person).where(Person.email == BY_KEY[key].email)).one()


def looked_at(answer, path):
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    size = len(gzip.compress(answer.data))
    assert size <= HTML_LIMIT, f"{path}: {size} bytes"
    assert "None" not in re.sub(r"<[^>]+>", " ", answer.text), f"{path} says None"
    return answer.text


@pytest.mark.parametrize("key", EVERYONE)
def test_lists_open_to_those_who_may(as_persona, key):
    browser = as_persona(key)
    for path, allowed in LISTS.items():
        answer = browser.get(path)
        if key in allowed:
            looked_at(answer, path)
        elif key == "anonymous":
            assert answer.status_code == 302
            assert "/sign-in" in answer.location
        else:
            assert answer.status_code in {403, 404}, path


@pytest.mark.parametrize("key", EVERYONE)
def test_public_pages(as_persona, key):
    browser = as_persona(key)
    looked_at(browser.get("/help"), "/help")
    start = browser.get("/")
    if key == "anonymous":
        assert "/programmes/coach" in looked_at(start, "/")
    else:
        assert start.location == "/home"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (
            "/cohorts/{cohort}/progress",
            {"trainer", "supervisor", "admin.ma", "programme", "auditor"},
        ),
        (
            "/people/{person}",
            {"trainee", "trainer", "supervisor", "admin.ma", "programme", "auditor"},
        ),
        ("/admin/cases/{enrolment}", {"admin.ma", "programme", "auditor"}),
    ],
)
def test_pages_about_a_trainee(as_persona, seeded_session, path, allowed):
    salma = person(seeded_session, "trainee")
    found = seeded_session.scalars(select(Enrolment).where(Enrolment.person_id == salma.id)).one()
    url = path.format(cohort=found.cohort_id, person=salma.id, enrolment=found.id)
    for key in EVERYONE:
        answer = as_persona(key).get(url)
        if key in allowed:
            assert "Salma" in looked_at(answer, url)
        elif key == "anonymous":
            assert answer.status_code == 302
        else:  # the cohort's own people may know of it, not of everyone's progress
            assert answer.status_code in {403, 404}, f"{key} {url}"


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_every_case_of_the_demonstration_can_be_told(as_persona, seeded_session, language):
    auditor = as_persona("auditor")
    keys = seeded_session.scalars(select(Enrolment.id).order_by(Enrolment.id)).all()
    for key in keys if language == "fr" else keys[-12:]:
        url = f"/admin/cases/{key}?lang={language}"
        page = looked_at(auditor.get(url), url)
        assert 'class="timeline"' in page


def test_scores_stay_closed_while_a_sheet_is_awaited(as_persona, seeded_session):
    """Not even the auditor reads one assessor's levels before the other has handed in."""
    from lms.assessment.models import Dossier
    from lms.assessment.rules import DossierState, Profile

    dossiers = seeded_session.scalars(select(Dossier).where(Dossier.profile == Profile.STANDARD))
    seen = {}
    for dossier in dossiers:
        page = as_persona("auditor").get(f"/admin/cases/{dossier.enrolment_id}").text
        seen.setdefault(dossier.state, 'id="levels"' in page)
    assert seen[DossierState.ASSESSING] is False
    assert seen[DossierState.JURY] is True


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_english_is_left(as_persona, seeded_session, language):
    cohort = seeded_session.scalars(select(Cohort.id).where(Cohort.country_code == "MA")).first()
    pages = {
        "anonymous": ["/", "/help"],
        "admin.ma": ["/home", f"/cohorts/{cohort}/progress", "/admin/audit", "/admin/permissions"],
        "programme": ["/home", "/admin/jobs", "/admin/outbox"],
        "trainee": ["/home"],
    }
    english = (
        "Good day",
        "What remains",
        "Audit trail",
        "Who may do what",
        "Jobs",
        "Outbox",
        "Met<",
    )
    for key, paths in pages.items():
        browser = as_persona(key)
        for path in paths:
            answer = browser.get(f"{path}?lang={language}")
            text = answer.text.replace('hreflang="en"', "")
            assert f'lang="{language}"' in text
            assert not [words for words in english if words in text], path
