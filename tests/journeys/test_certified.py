"""From a complete ledger to a certificate that a stranger verifies: everybody on the way."""

import json
import re
from urllib.request import Request, urlopen
from uuid import UUID

import pytest
from sqlalchemy import select

from lms.assessment.models import Award, Dossier
from lms.assessment.rules import DossierState, Profile
from lms.cohorts.models import Enrolment
from lms.core.db import db
from lms.credentials.codes import show_code
from lms.credentials.models import Certificate
from lms.demo.personas import BY_KEY
from lms.people.models import Person

pytestmark = pytest.mark.slow

READY = "sn00101@demo.example"
"""A facilitator for whom everything counts, and who has handed nothing in."""
LEVELS = {
    "leadership": 3,
    "problem-solving": 3,
    "communication": 2,
    "active-listening": 3,
    "ethics": 3,
}


def enrolment_of(site, email):
    with site.app.app_context():
        query = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id)
        return db.session.scalars(query.where(Person.email == email)).one()


def dossier_of(site, enrolment_id):
    with site.app.app_context():
        query = select(Dossier.id).where(Dossier.enrolment_id == enrolment_id)
        return db.session.scalars(query).one()


def dossier_in(site, state, profile):
    with site.app.app_context():
        query = select(Dossier.id).where(Dossier.state == state, Dossier.profile == profile)
        return db.session.scalars(query.order_by(Dossier.id)).first()


def person_id(site, key):
    with site.app.app_context():
        query = select(Person.id).where(Person.email == BY_KEY[key].email)
        return str(db.session.scalars(query).one())


def certificate_of(site, dossier_id):
    with site.app.app_context():
        query = select(Certificate).join(Award, Award.id == Certificate.award_id)
        return db.session.scalars(query.where(Award.dossier_id == dossier_id)).one()


@pytest.mark.parametrize("way", ["fr-phone", pytest.param("ar-desk", marks=pytest.mark.soak)])
def test_light(travel, demo_site, way):
    somebody = travel(way)
    enrolment = enrolment_of(demo_site, READY)

    # the trainee sees that nothing remains, and hands the dossier in
    somebody.become(READY).open("/home")
    somebody.open(f"/assessment/ledger/{enrolment}")
    somebody.open(f"/assessment/ledger/{enrolment}/dossier")
    somebody.fill({"statement": "J’ai accompagné trois groupes. رافقت ثلاث مجموعات."})
    somebody.press("main form button[type=submit]")
    somebody.press("main form button[type=submit]")
    dossier = dossier_of(demo_site, enrolment)
    page = f"/assessment/dossiers/{dossier}"

    # the country admits it
    somebody.become("admin.sn").open(page)
    somebody.press(f'form[action="{page}/admit"] button[type=submit]')

    # the programme names an assessor; those with a conflict cannot be chosen
    somebody.become("programme").open(f"{page}/assign")
    free = somebody.page.locator('input[name="assessor"]:not([disabled])').first
    person = free.get_attribute("value")
    somebody.fill({"assessor": person})
    somebody.press("main form button[type=submit]")
    with demo_site.app.app_context():
        assessor = db.session.get_one(Person, UUID(person)).email

    # the assessor declares, scores, checks, hands in, signs
    somebody.become(assessor).open(page)
    somebody.press(f'form[action="{page}/declare"] button[type=submit]')
    somebody.open(f"{page}/score")
    somebody.fill({f"level-{name}": str(level) for name, level in LEVELS.items()})
    somebody.fill({"recommendation": "certified"})
    somebody.press("button[name=then][value=check]")
    somebody.press(f'form[action="{page}/score/hand-in"] button[type=submit]')
    somebody.open(f"{page}/sign")
    somebody.fill({"outcome": "certified"})
    somebody.press("main form button[type=submit]")

    # the programme releases; the worker issues
    somebody.become("programme").open(f"{page}/release")
    somebody.press("main form button[type=submit]")
    somebody.work()
    certificate = certificate_of(demo_site, dossier)
    assert re.fullmatch(r"TC-\d{4}-\d{6}", certificate.register_number)

    # the holder finds it
    somebody.become(READY).open("/certificates")
    somebody.says(certificate.register_number)

    # a stranger types the code from the paper, then asks as a program
    somebody.become("").open("/verify")
    somebody.fill({"code": show_code(certificate.code)})
    somebody.press("main form button[type=submit]")
    somebody.says(certificate.latin_name)
    somebody.says(certificate.register_number)
    url = f"{demo_site.url}/verify/{certificate.token}"
    request = Request(url, headers={"Accept": "application/json"})
    with urlopen(request, timeout=10) as answer:
        found = json.load(answer)
    assert found["verdict"] == "valid"

    # the auditor walks back
    somebody.become("auditor").open(f"/admin/cases/{enrolment}")
    somebody.says(certificate.register_number)


@pytest.mark.parametrize("way", [pytest.param("fr-desk", marks=pytest.mark.soak), "ar-phone"])
def test_jury(travel, demo_site, way):
    """Two blind assessors have agreed: a jury is named, meets, signs; the programme releases."""
    somebody = travel(way)
    dossier = dossier_in(demo_site, DossierState.CONCORDANT, Profile.STANDARD)
    page = f"/assessment/dossiers/{dossier}"
    jury = {key: person_id(demo_site, key) for key in ("chair", "juror1", "juror2")}

    somebody.become("programme").open(f"{page}/assign")
    somebody.fill({"chair": jury["chair"]})
    for key in ("juror1", "juror2"):
        somebody.page.locator(f'[name="jurors"][value="{jury[key]}"]').check()
    somebody.press("main form button[type=submit]")
    for key in jury:
        somebody.become(key).open("/home")
        somebody.open(page)
        somebody.press(f'form[action="{page}/declare"] button[type=submit]')

    somebody.become("chair").open(f"{page}/deliberate")
    votes = somebody.page.locator('select[name^="vote-"]')
    assert votes.count() == len(jury)
    for index in range(votes.count()):
        votes.nth(index).select_option("certified")
    somebody.fill({"minutes": "Dossier lu, candidate entendue, vote unanime."})
    somebody.press("main form button[type=submit]")
    somebody.press("main form button[type=submit]")

    somebody.become("programme").open(f"{page}/release")
    somebody.press("main form button[type=submit]")
    somebody.work()
    certificate = certificate_of(demo_site, dossier)
    somebody.become("").open(f"/verify/{certificate.token}")
    somebody.says(certificate.latin_name)
