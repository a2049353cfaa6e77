"""The way of a case through the browser."""

from io import BytesIO

from sqlalchemy import select

from lms.assessment import service
from lms.assessment.models import Award
from lms.assessment.rules.states import DossierState, Outcome
from tests.assessment.browsing import field, on_page, post
from tests.factories import assessment as factory
from tests.factories import people
from tests.people import person


def hand_in(case, client):
    url = f"/assessment/ledger/{case.enrolment.id}/dossier"
    page = client.get(url)
    sent = client.post(
        url,
        data={
            "csrf_token": field(page, "csrf_token"),
            "version": field(page, "version"),
            "statement": "J’ai appris à écouter.",
            "report": (BytesIO(factory.PDF), "rapport.pdf"),
        },
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303, sent.text
    check = client.get(sent.location)
    case.dossier = service.dossier_of(case.session, case.enrolment.id)
    return client.post(
        case.url("/submit"),
        data={"csrf_token": field(check, "csrf_token"), "version": field(check, "version")},
    )


def score(case, client, level=3, recommends="certified", summary="Une pratique solide."):
    page = client.get(case.url("/score"))
    data = {"csrf_token": field(page, "csrf_token"), "version": field(page, "version")}
    for criterion in factory.CRITERIA:
        data[f"level-{criterion}"] = str(level)
        data[f"comment-{criterion}"] = "Vu sur le terrain."
    data |= {"recommendation": recommends, "summary": summary, "then": "check"}
    sent = client.post(case.url("/score"), data=data)
    assert sent.status_code == 303, sent.text
    check = client.get(sent.location)
    return client.post(
        case.url("/score/hand-in"),
        data={"csrf_token": field(check, "csrf_token"), "version": field(check, "version")},
    )


def test_light_from_hand_to_hand(session, browse):
    case = factory.case(session)
    assert hand_in(case, browse("trainee")).status_code == 303
    assert on_page(browse("admin.ma"), case, "admit", "/admit").status_code == 303
    programme = browse("programme")
    page = programme.get(case.url("/assign"))
    sent = programme.post(
        case.url("/assign"),
        data={
            "csrf_token": field(page, "csrf_token"),
            "version": field(page, "version"),
            "assessor": str(person(session, "assessor1").id),
        },
    )
    assert sent.status_code == 303, sent.text
    assessor = browse("assessor1")
    assert on_page(assessor, case, "declare", "/declare").status_code == 303
    assert score(case, assessor).status_code == 303
    page = assessor.get(case.url("/sign"))
    sent = assessor.post(
        case.url("/sign"),
        data={
            "csrf_token": field(page, "csrf_token"),
            "version": field(page, "version"),
            "outcome": "certified",
            "reasons": "",
        },
    )
    assert sent.status_code == 303, sent.text
    page = programme.get(case.url("/release"))
    data = {"csrf_token": field(page, "csrf_token"), "version": field(page, "version")}
    assert programme.post(case.url("/release"), data=data).status_code == 303
    assert programme.post(case.url("/release"), data=data).status_code == 303
    session.expire_all()
    assert case.dossier.state is DossierState.NOTIFIED
    assert len(session.scalars(select(Award)).all()) == 1
    own = browse("trainee").get(case.url())
    assert "/certificates" in own.text


def test_the_jury_through_the_browser(session, browse):
    case = factory.case(session, "coach").jury()
    chair = browse("chair")
    page = chair.get(case.url("/deliberate"))
    votes = {
        f"vote-{person(session, name).id.hex}": vote
        for name, vote in [("chair", "deferred"), ("juror1", "deferred"), ("juror2", "absent")]
    }
    data = {
        "csrf_token": field(page, "csrf_token"),
        "version": field(page, "version"),
        "held_on": "2026-09-01",
        "place": "Oujda",
        "minutes": "Longue discussion.",
        "reasons": "Encore un atelier.",
        **votes,
    }
    refused = chair.post(case.url("/deliberate"), data=data)
    assert refused.status_code == 422
    assert "Longue discussion." in refused.text
    data[f"vote-{person(session, 'juror2').id.hex}"] = "certified"
    sent = chair.post(case.url("/deliberate"), data=data)
    assert sent.status_code == 303, sent.text
    check = chair.get(sent.location)
    sent = chair.post(
        sent.location,
        data={"csrf_token": field(check, "csrf_token"), "version": field(check, "version")},
    )
    assert sent.status_code == 303
    session.expire_all()
    assert case.dossier.outcome is Outcome.DEFERRED


def test_returned_with_a_reason_that_the_trainee_reads(session, browse):
    case = factory.case(session).submitted()
    admin = browse("admin.ma")
    empty = on_page(admin, case, "return", "/return", reason=" ")
    assert empty.status_code == 422
    assert on_page(admin, case, "return", "/return", reason="Sans rapport.").status_code == 303
    assert "Sans rapport." in browse("trainee").get(case.url()).text


def test_a_named_person_sees_the_case_only_after_declaring(session, browse):
    case = factory.case(session).assigned()
    assessor = browse("assessor1")
    page = assessor.get(case.url())
    assert page.status_code == 200
    assert "J’ai appris à écouter." not in page.text
    assert assessor.get(case.url(f"/entries/{case.entries[0].id}")).status_code == 409
    case.declare("assessor1")
    assert "J’ai appris à écouter." in assessor.get(case.url()).text


def test_why_somebody_cannot_be_named_is_said(session, browse):
    case = factory.case(session).admissible()
    people.grant(session, case.supervisor, "assessor")
    page = browse("programme").get(case.url("/assign") + "?lang=en")
    assert case.supervisor.name in page.text
    assert "supervised the candidate" in page.text
    sent = post(
        browse("programme"),
        case.url("/assign"),
        page=None,
        version=str(case.dossier.version),
        assessor=str(case.supervisor.id),
    )
    assert sent.status_code == 422
    assert case.supervisor.name in sent.text
