"""Who sees a case, who acts on it, and what of it."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.assessment import service
from lms.assessment.models import Dossier
from lms.assessment.rules.states import Outcome
from lms.policy.actions import Action
from lms.policy.permits import permits
from tests.assessment.browsing import field
from tests.factories import assessment as factory
from tests.factories import people
from tests.people import PERSONAS, person

pytestmark = pytest.mark.slow

CANARY = "CONFIDENTIEL"

SEES = {"trainee", "admin.ma", "programme", "auditor", "assessor1"}


@pytest.mark.parametrize("name", sorted(PERSONAS))
def test_who_sees_a_case(session, browse, name):
    case = factory.case(session).assessing()
    status = browse(name).get(case.url()).status_code
    assert status == (200 if name in SEES else 404)


@pytest.mark.parametrize("name", sorted(PERSONAS))
def test_lists_and_table_agree(session, name):
    for programme, state, who in [
        ("facilitator", "assessing", "trainee"),
        ("coach", "jury", "trainee.new"),
    ]:
        factory.case(session, programme, who).to(state)
    actor = person(session, name).actor
    listed = {dossier.id for dossier in session.scalars(service.visible_to(actor)).unique()}
    for dossier in session.scalars(select(Dossier)).unique():
        assert permits(actor, Action.DOSSIER_VIEW, dossier) is (dossier.id in listed)


def test_the_public_signs_in(session, client):
    case = factory.case(session).submitted()
    for url in (case.url(), "/assessment", f"/assessment/ledger/{case.enrolment.id}"):
        assert client.get(url).status_code == 302
    assert client.get(case.url("/report")).status_code == 302


ACTS = {
    "/submit": "trainee",
    "/withdraw": "trainee",
    "/admit": "admin.ma",
    "/return": "admin.ma",
    "/assign": "programme",
    "/declare": "assessor1",
    "/stand-down": "assessor1",
    "/score": "assessor1",
    "/score/hand-in": "assessor1",
    "/sign": "assessor1",
    "/release": "programme",
}


@pytest.mark.parametrize("url", sorted(ACTS))
def test_who_acts_on_a_light_case(session, browse, url):
    """403 for those who see the case, 404 for those who do not."""
    case = factory.case(session).assessing()
    for name in ["trainee", "admin.ma", "programme", "assessor1", "assessor2", "admin.sn"]:
        client = browse(name)
        page = client.get("/sign-out")
        data = {"csrf_token": field(page, "csrf_token")} if "csrf_token" in page.text else {}
        status = client.post(case.url(url), data=data).status_code
        if name == ACTS[url]:
            assert status not in {403, 404}, (name, status)
        elif data:
            assert status == (403 if name in SEES else 404), (name, status)


def test_an_assessor_who_becomes_admin_no_longer_scores(session, browse):
    case = factory.case(session).assessing()
    people.grant(session, person(session, "assessor1"), "country_admin", "country", "MA")
    assert browse("assessor1").get(case.url("/score")).status_code == 403


def test_the_trainee_learns_nothing_before_the_release(session, browse):
    case = factory.case(session).signed(Outcome.DEFERRED, "Motif secret.")
    page = browse("trainee").get(case.url() + "?lang=en").text
    for word in ("Motif secret.", "Deferred", "Une pratique solide."):
        assert word not in page
    case.release()
    page = browse("trainee").get(case.url()).text
    assert "Motif secret." in page
    assert "Une pratique solide." not in page


def test_the_other_assessors_page_tells_no_level(session, browse):
    case = factory.case(session, "coach").assessing()
    case.score("assessor1", factory.scores(4, summary="VU PAR UN"))
    page = browse("assessor2").get(case.url()).text
    assert "VU PAR UN" not in page
    assert "VU PAR UN" not in browse("assessor2").get(case.url("/score")).text
    assert "VU PAR UN" in browse("assessor1").get(case.url()).text


def test_rows_open_read_only_and_never_the_reflection(session, browse):
    case = factory.case(session, "coach").jury()
    juror = browse("juror1")
    page = juror.get(case.url())
    assert CANARY not in page.text
    for url in (
        f"/entries/{case.entries[0].id}",
        f"/observations/{case.observation.id}",
    ):
        assert case.url(url) in page.text
        row = juror.get(case.url(url))
        assert row.status_code == 200
        assert CANARY not in row.text
        assert 'name="version"' not in row.text
    attested = re.search(rf'href="({case.url()}/attestations/[^"]+)"', page.text)[1]
    assert juror.get(attested).status_code == 200
    evidence = juror.get(case.url(f"/evidence/{case.evidence.id}"))
    assert evidence.data == b"\x89picture"
    assert evidence.headers["Content-Disposition"].startswith("attachment")
    report = juror.get(case.url("/report"))
    assert report.mimetype == "application/pdf"
    # the records' own pages stay closed to those who only judge
    assert juror.get(f"/practice/entries/{case.entries[0].id}").status_code == 404


def test_rows_of_another_case_are_not_reached(session, browse):
    case = factory.case(session).assessing()
    other = factory.case(session, "coach", "trainee.new").submitted()
    assessor = browse("assessor1")
    for url in (
        f"/entries/{other.entries[0].id}",
        f"/observations/{other.observation.id}",
        f"/evidence/{other.evidence.id}",
        f"/entries/{uuid4()}",
    ):
        assert assessor.get(case.url(url)).status_code == 404
    assert assessor.get(other.url(f"/entries/{other.entries[0].id}")).status_code == 404
