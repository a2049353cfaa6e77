"""The ledger on a phone: what lies ahead, the logbook in the hand, a cohort down to its rows."""

from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import db
from lms.demo.personas import BY_KEY
from lms.people.models import Person

pytestmark = pytest.mark.slow

PACE = {"fr": "À ce rythme", "ar": "بهذه الوتيرة"}
LOGBOOK = {"fr": "Carnet de bord", "ar": "Salma Bennani"}
BEHIND = {"fr": "Supervision en retard", "ar": "الإشراف متأخر"}


def salma_of(site):
    with site.app.app_context():
        query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
        one = db.session.scalars(query.where(Person.email == BY_KEY["trainee"].email)).one()
        return str(one.id), str(one.cohort_id)


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_trainee_reads_the_forecast_and_takes_the_logbook_along(travel, way):
    traveller = travel(way).become("trainee")
    language, page = traveller.language, traveller.page
    salma, _ = salma_of(traveller.site)
    traveller.open("/home")
    traveller.says(PACE[language])
    traveller.press(f'main a[href="/assessment/ledger/{salma}/requirements/total-practice"]')
    traveller.says(PACE[language])
    traveller.open(f"/assessment/ledger/{salma}")
    traveller.says(PACE[language])
    traveller.press(f'main a[href="/practice/{salma}/logbook"]')
    traveller.press(f'main form[action="/practice/{salma}/logbook"] button')
    traveller.work()
    traveller.open(f"/practice/{salma}/logbook")
    with page.expect_download() as download:
        page.locator(f'main a[href="/practice/{salma}/logbook.pdf"]').click(no_wait_after=True)
    found = PdfReader(BytesIO(download.value.path().read_bytes()))
    assert LOGBOOK[language] in "\n".join(one.extract_text() for one in found.pages)
    with page.expect_download() as download:
        page.locator(f'main a[href="/practice/{salma}/logbook.xlsx"]').click(no_wait_after=True)
    assert download.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_an_admin_goes_from_the_country_to_the_rows_behind_a_figure(travel, way):
    traveller = travel(way).become("admin.ma")
    page = traveller.page
    _, cohort = salma_of(traveller.site)
    with traveller.site.app.app_context():
        name = db.session.get_one(Cohort, UUID(cohort)).name
    traveller.open("/network/countries/MA")
    traveller.press('main a[href="/network/countries/MA/practice"]')
    traveller.says(name)
    traveller.press(f'main a[href="/cohorts/{cohort}/progress"]')
    page.locator("main details summary").first.click()
    traveller.fill({"show": "supervision", "need": "supervision"})
    traveller.press("main form.filters > button")
    traveller.says(BEHIND[traveller.language])
    traveller.press('main td a[href$="/requirements/supervision"]')
    assert page.locator("#rows").count() == 1
