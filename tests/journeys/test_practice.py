"""Practice is written on a phone, decided, observed, countersigned: and only then it counts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.assessment import service as assessment
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import db
from lms.curriculum import service as curriculum
from lms.demo.personas import BY_KEY
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.rules import EntryState, ObservationState
from lms.people.models import Person

pytestmark = pytest.mark.slow

SUMMARY = "Entretien au marché couvert. حوار مع بائعات السوق المغطى حول المسالك."


def enrolment_of(site, key):
    with site.app.app_context():
        query = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id)
        return db.session.scalars(query.where(Person.email == BY_KEY[key].email)).one()


def counted(site, enrolment_id, requirement):
    with site.app.app_context():
        enrolment = db.session.get_one(Enrolment, enrolment_id)
        release = curriculum.release(db.session, enrolment.cohort.release_id)
        return assessment.ledger(db.session, enrolment, release).line(requirement).counted


def written_entry(site):
    with site.app.app_context():
        query = select(PracticumEntry).where(PracticumEntry.summary == SUMMARY)
        return db.session.scalars(query).one()


def shared_observation(site, enrolment_id):
    with site.app.app_context():
        query = select(Observation).where(
            Observation.enrolment_id == enrolment_id, Observation.state == ObservationState.SHARED
        )
        return db.session.scalars(query.order_by(Observation.id.desc())).first()


@pytest.mark.parametrize("way", ["fr-phone", "ar-desk"])
def test_entry(travel, demo_site, way):
    somebody = travel(way)
    salma = enrolment_of(demo_site, "trainee")
    before = counted(demo_site, salma, "direct-practice")

    somebody.become("trainee").open(f"/practice/{salma}/entries/new")
    day = (clock.now() - timedelta(days=1)).date().isoformat()
    somebody.fill({
        "type": "individual-interview", "held_on": day, "form": "individual-session",
        "role": "led", "minutes_direct": "45", "summary": SUMMARY, "consent_basis": "consent",
        "reflection": "pour moi seule",
    })  # fmt: skip
    placement = somebody.page.locator('select[name="placement"] option').last
    somebody.fill({"placement": placement.get_attribute("value"), "participants-citizen": "2"})
    somebody.press("button[name=action][value=submit]")
    somebody.says("45")
    entry = written_entry(demo_site)
    assert entry.state is EntryState.SUBMITTED
    assert counted(demo_site, salma, "direct-practice") == before

    somebody.become("supervisor").open("/practice/queue")
    somebody.open(f"/practice/entries/{entry.id}")
    somebody.says("pour moi seule")
    somebody.press("button[name=decision][value=approve]")
    assert written_entry(demo_site).state is EntryState.APPROVED
    assert counted(demo_site, salma, "direct-practice") == before + 45

    somebody.become("trainee").open(f"/assessment/ledger/{salma}")
    assert somebody.page.locator(f'a[href*="{entry.id}"]').count()


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_observation(travel, demo_site, way):
    somebody = travel(way)
    salma = enrolment_of(demo_site, "trainee")
    before = counted(demo_site, salma, "observation")
    somebody.become("trainer").open("/home")
    somebody.open(f"/practice/{salma}/observations/new")
    day = (clock.now() - timedelta(days=1)).date().isoformat()
    somebody.fill(
        {"observed_on": day, "setting": "workshop", "feedback": "Cadre posé, parole tenue."}
    )
    names = somebody.page.eval_on_selector_all(
        'input[type=radio][name^="scores-"]', "all => [...new Set(all.map(e => e.name))]"
    )
    assert len(names) >= 15
    somebody.fill(dict.fromkeys(names[:6], "3"))
    somebody.press("button[name=action]:not([value=draft])")
    seen = shared_observation(demo_site, salma)

    somebody.become("trainee").open(f"/practice/observations/{seen.id}")
    somebody.press("button[name=action][value=countersign]")
    assert counted(demo_site, salma, "observation") == before + 1


@pytest.mark.parametrize("way", ["fr-desk", "ar-phone"])
def test_a_cohort_is_filled_by_pasting_names(travel, demo_site, way):
    somebody = travel(way)
    somebody.become("admin.be").open("/cohorts")
    link = somebody.page.locator('main a[href^="/cohorts/"]:not([href$="/new"])').first
    cohort = re.search(r"/cohorts/[0-9a-f-]{36}", link.get_attribute("href"))[0]
    somebody.open(cohort)
    somebody.open(f"{cohort}/roster")
    names = (
        "Aïcha Öztürk; aicha@demo.example\nMarie-Ange N’Diaye; marie@demo.example\nعائشة بنت علي"
    )
    somebody.fill({"text": names})
    somebody.press("main form button[type=submit]")
    somebody.says("Öztürk")
    somebody.press(f'form[action="{cohort}/roster/confirm"] button')
    somebody.open(cohort)
    somebody.says("Öztürk")
    somebody.open(f"{cohort}/progress")

    somebody.work()
    somebody.become("programme").open("/admin/outbox")
    somebody.press("main table a")
    text = somebody.page.locator(".mail-text, main").first.inner_text()
    link = re.search(r"/invitations/[\w-]+", text)
    assert link, text
    somebody.become("").open(link[0])
    somebody.fill({"password": "un mot de passe assez long"})
    somebody.press("main form button[type=submit]")
    assert somebody.page.url.split("?")[0].endswith(("/home", "/learn"))
