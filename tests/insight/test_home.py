"""The first page after signing in: what leads for each persona, at a constant price."""

import re

import pytest
from sqlalchemy import select

from lms.assessment.models import Dossier
from lms.assessment.rules import DossierState
from lms.core import clock
from lms.demo.personas import BY_KEY
from lms.insight.home import home, task_of
from lms.insight.rules import Lead, NextStep, Task
from lms.people.models import Person
from tests.factories.people import person
from tests.insight.following import visit

LEADS = {
    "trainee": Lead.JOURNEY,
    "trainee.new": Lead.JOURNEY,
    "facilitator": Lead.CERTIFICATE,
    "trainer": Lead.EXERCISE,
    "supervisor": Lead.QUEUE,
    "assessor1": Lead.CASE,
    "assessor2": Lead.CASE,
    "assessor3": Lead.CASE,
    "chair": Lead.CASE,
    "juror1": Lead.CASE,
    "juror2": Lead.CASE,
    "admin.ma": Lead.CASE,
    "admin.sn": Lead.CASE,
    "admin.be": Lead.STAFF,
    "programme": Lead.CASE,
    "partner": Lead.VERIFY,
    "auditor": Lead.TRACE,
}
QUERIES = 18
"""Of the dearest first page; none depends on how many people there are."""


def actor_of(session, key):
    return session.scalars(select(Person).where(Person.email == BY_KEY[key].email)).one().actor


def test_every_persona_is_thought_of():
    assert set(LEADS) == set(BY_KEY)


@pytest.mark.parametrize("key", BY_KEY)
def test_something_waits_for_each_persona(seeded_session, key):
    assert home(seeded_session, actor_of(seeded_session, key), clock.now()).lead is LEADS[key]


@pytest.mark.parametrize("key", BY_KEY)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_one_primary_action_leads_to_a_page_that_opens(as_persona, key, language):
    browser = as_persona(key)
    page = browser.get(f"/home?lang={language}").text
    heroes = re.findall(r'<section class="card hero">(.*?)</section>', page, re.DOTALL)
    assert len(heroes) == 1
    if LEADS[key] is Lead.VERIFY:
        assert 'action="/verify"' in heroes[0]
        return
    links = re.findall(r'<a class="button" href="([^"]+)"', heroes[0])
    assert len(links) == 1
    assert visit(browser, links[0]).status_code == 200


@pytest.mark.parametrize("key", BY_KEY)
def test_every_link_of_the_first_page_opens(as_persona, key):
    browser = as_persona(key)
    main = browser.get("/home").text.partition("<main")[2].partition("</main>")[0]
    links = {link.partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', main)}
    assert links
    for link in links:
        assert visit(browser, link).status_code == 200, link


@pytest.mark.parametrize("key", BY_KEY)
def test_queries(as_persona, key, count_queries):
    browser = as_persona(key)
    browser.get("/home")
    with count_queries(QUERIES):
        browser.get("/home")


def test_next_steps_of_the_trainees(seeded_session):
    found = {
        key: home(seeded_session, actor_of(seeded_session, key), clock.now()).journeys[0].next_step
        for key in ("trainee", "trainee.new")
    }
    assert found == {"trainee": NextStep.LESSON, "trainee.new": NextStep.LESSON}


def test_next_step_by_state_of_the_dossier(seeded_session):
    """A trainee whose dossier is with others waits, and is told nothing before the release."""
    steps = {}
    for dossier in seeded_session.scalars(select(Dossier)):
        page = home(seeded_session, dossier.enrolment.person.actor, clock.now())
        if page.journeys:
            steps[dossier.state] = page.journeys[0]
        else:
            assert dossier.state is DossierState.NOTIFIED
            assert page.lead is Lead.CERTIFICATE
    assert steps[DossierState.RETURNED].next_step is NextStep.MEND_DOSSIER
    assert steps[DossierState.SUBMITTED].next_step is NextStep.WAIT
    assert steps[DossierState.CERTIFIED].next_step is NextStep.WAIT
    secret = {DossierState.CERTIFIED, DossierState.DIVERGENT, DossierState.CONCORDANT}
    assert not {journey.dossier_state for journey in steps.values()} & secret


def test_who_has_everything_may_hand_in(seeded_session):
    ready = [
        page.journeys[0].next_step
        for one in seeded_session.scalars(select(Person).where(Person.country_code == "SN"))
        if (page := home(seeded_session, one.actor, clock.now())).journeys
    ]
    assert NextStep.HAND_IN in ready


def test_tasks_in_the_cases(seeded_session):
    asked = set()
    for key in BY_KEY:
        cases = home(seeded_session, actor_of(seeded_session, key), clock.now()).cases
        asked |= {task for _, task in cases.oldest} if cases else set()
    assert asked == set(Task)


def test_a_task_is_what_the_page_asks(seeded_session):
    """A programme admin with a dossier to be released is not asked to name assessors."""
    actor = actor_of(seeded_session, "programme")
    certified = select(Dossier).where(Dossier.state == DossierState.CERTIFIED)
    assert task_of(actor, seeded_session.scalars(certified).first()) is Task.RELEASE


def test_figures_open_their_lists(as_persona, seeded_session):
    page = home(seeded_session, actor_of(seeded_session, "admin.ma"), clock.now())
    figures = {figure.key: figure.value for figure in page.figures}
    assert figures["late"] > 0
    assert figures["quiet"] > 0
    browser = as_persona("admin.ma")
    late = browser.get("/cohorts/watch?view=late").text
    assert late.count("<tr>") - 1 == min(25, figures["late"])
    quiet = browser.get("/cohorts/watch?view=quiet").text
    assert quiet.count("<tr>") - 1 == min(25, figures["quiet"])


def test_nobody_watches_another_country(as_persona, seeded_session):
    figures = home(seeded_session, actor_of(seeded_session, "admin.be"), clock.now()).figures
    assert {f.key: f.value for f in figures} == {"late": 0, "quiet": 0, "invited": 2}
    for view in ("late", "quiet"):
        assert 'class="empty"' in as_persona("admin.be").get(f"/cohorts/watch?view={view}").text


def test_nobody_without_a_role_is_lost(session, client):
    found = home(session, person(session).actor, clock.now())
    assert found.lead is Lead.NOTHING
    assert not found.has_side
