"""Hosts confirm without an account: on the spot, on paper; three parties sign an agreement."""

import re
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core.db import db
from lms.demo.personas import BY_KEY
from lms.fieldwork.models import Placement, PracticumEntry, Sheet
from lms.fieldwork.rules import EntryState, Means, PlacementState
from lms.people.models import Person
from tests.fieldwork.hosts.photos import photo
from tests.journeys.conftest import WAYS

pytestmark = pytest.mark.slow

CONFIRMED = {
    "fr": "Confirmé sur place par la structure d’accueil",
    "ar": "أكدته المؤسسة المستقبلة في عين المكان",
}


def entries_of(site, key, *states):
    """Keys of a persona's entries that no host has confirmed, the latest first."""
    with site.app.app_context():
        return db.session.scalars(
            select(PracticumEntry.id)
            .join(Enrolment, Enrolment.id == PracticumEntry.enrolment_id)
            .join(Person, Person.id == Enrolment.person_id)
            .where(
                Person.email == BY_KEY[key].email,
                PracticumEntry.state.in_(states),
                PracticumEntry.host_means.is_(None),
                PracticumEntry.minutes_direct > 0,
            )
            .order_by(PracticumEntry.held_on.desc())
        ).all()


def get(site, model, key):
    with site.app.app_context():
        return db.session.get_one(model, key)


@pytest.mark.parametrize(("way", "host_way"), [("fr-phone", "ar-phone"), ("ar-phone", "fr-phone")])
def test_on_the_spot(travel, demo_site, way, host_way):
    key = entries_of(demo_site, "trainee", EntryState.SUBMITTED, EntryState.APPROVED)[0]
    trainee, host = travel(way), travel(host_way)
    trainee.become("trainee").open(f"/practice/entries/{key}")
    trainee.press(f'a[href$="/practice/entries/{key}/host"]')
    trainee.press('form[action$="/host/code"] button')
    assert trainee.page.locator(".code-to-show img").bounding_box()["width"] >= 200
    token = re.search(r"/confirm/([\w-]{22})", trainee.page.content())[1]

    host.open(f"/confirm/{token}")
    host.says("Salma")
    host.press("main form button[type=submit]")  # without a name: said in words
    assert host.page.locator("[data-error-summary]").count() == 1
    host.fill({"name": "فاطمة الزهراء", "role": "رئيسة التعاونية"})
    host.press("main form button[type=submit]")
    assert host.page.url.split("?")[0].endswith("/thanks")

    trainee.open(f"/practice/entries/{key}")
    trainee.says(CONFIRMED[trainee.language])
    trainee.says("فاطمة الزهراء")
    assert get(demo_site, PracticumEntry, key).host_means is Means.QR


@pytest.mark.parametrize("way", ["fr-phone", "ar-desk"])
def test_on_paper(travel, demo_site, way, tmp_path):
    trainee = travel(way)
    trainee.become("trainee").open("/practice")
    logbook = trainee.page.url.split("?")[0]
    trainee.open(f"{logbook}/sheets")
    trainee.press("#weeks form button")
    sheet_id = UUID(trainee.page.url.split("?")[0].rpartition("/")[2])
    trainee.page.emulate_media(media="print")
    trainee.page.set_viewport_size({"width": 794, "height": 1123})
    paper = Image.open(BytesIO(trainee.page.screenshot(full_page=True)))
    signed = tmp_path / "photo.jpg"
    signed.write_bytes(photo(paper, turn=94, tilt=0.04, blur=1.0, light=0.5, noise=20))
    trainee.page.emulate_media(media="screen")
    trainee.page.set_viewport_size(WAYS[way][1])

    trainee.open(f"{logbook}/sheets")
    trainee.page.set_input_files('input[name="scan"]', str(signed))
    trainee.press("#scan form button[type=submit]")
    with demo_site.app.app_context():
        sheet = db.session.get_one(Sheet, sheet_id)
        assert sheet.filed_at is not None
        assert all(line.entry.host_means for line in sheet.lines)


@pytest.mark.parametrize("way", ["fr-phone", pytest.param("ar-desk", marks=pytest.mark.soak)])
def test_three_parties_agree(travel, demo_site, way):
    trainee, host, centre = travel(way), travel("ar-phone"), travel("fr-desk")
    trainee.become("trainee").open("/practice")
    logbook = trainee.page.url.split("?")[0]
    trainee.open(f"{logbook}/placements/new")
    trainee.fill({"host": "Région de l’Oriental", "territory": "Oujda"})
    trainee.press("main form button[type=submit]")
    home = trainee.page.url.split("?")[0]
    key = UUID(home.rpartition("/")[2])
    trainee.fill({"ties": "none"})
    trainee.press('form[action$="/interests"] button[type=submit]')

    centre.become("admin.ma").open("/cohorts")
    with demo_site.app.app_context():
        cohort = db.session.get_one(Placement, key).cohort_id
        email = BY_KEY["supervisor"].email
        supervisor = db.session.scalars(select(Person.id).where(Person.email == email)).one()
    centre.open(f"/practice/cohorts/{cohort}/placements")
    centre.page.locator(f'input[name="placements"][value="{key}"]').check()
    centre.page.locator('select[name="supervisor"]').select_option(str(supervisor))
    centre.press("main .bulk button[type=submit]")

    trainee.open(home)
    trainee.press('form[action$="/sign"] button')
    trainee.press('form[action$="/host/agreement/code"] button')
    token = re.search(r"/confirm/([\w-]{22})", trainee.page.content())[1]
    host.open(f"/confirm/{token}")
    host.fill({"name": "Hassan Bouziane", "role": "Secrétaire général"})
    host.press("main form button[type=submit]")

    centre.become("supervisor").open(home)
    centre.press('form[action$="/countersign"] button')
    assert get(demo_site, Placement, key).state is PlacementState.AGREED
    trainee.open(home)
    trainee.says("3/3")
    trainee.open(f"{home}/agreement")
    trainee.says("Hassan Bouziane")
