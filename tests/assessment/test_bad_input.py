"""Stale, late, tampered, too long: a clear answer, nothing lost."""

from io import BytesIO

import pytest
from sqlalchemy import select

from lms.assessment import service
from lms.assessment.models import Dossier, ScoreSheet
from lms.assessment.rules.states import DossierState
from tests.assessment.browsing import field, post
from tests.factories import assessment as factory

pytestmark = pytest.mark.slow


def test_texts_too_long_and_control_characters_are_answered_and_kept(session, browse):
    case = factory.case(session)
    trainee = browse("trainee")
    url = f"/assessment/ledger/{case.enrolment.id}/dossier"
    for text in ("a" * 100_000, "a\x00b"):
        sent = post(trainee, url, statement=text, version="0")
        assert sent.status_code == 422
    assert "a" * 100_000 in post(trainee, url, statement="a" * 100_000, version="0").text
    assert session.scalars(select(Dossier)).all() == []


def test_a_file_of_the_wrong_kind_is_refused_beside_its_field(session, browse):
    case = factory.case(session)
    trainee = browse("trainee")
    url = f"/assessment/ledger/{case.enrolment.id}/dossier"
    page = trainee.get(url)
    sent = trainee.post(
        url,
        data={
            "csrf_token": field(page, "csrf_token"),
            "version": "0",
            "statement": "Je garde mon texte.",
            "report": (BytesIO(b"MZ\x90 not a report"), "rapport.pdf"),
        },
        content_type="multipart/form-data",
    )
    assert sent.status_code == 422
    assert "Je garde mon texte." in sent.text
    assert 'id="report-error"' in sent.text


@pytest.mark.parametrize("level", ["9", "-1", "3.5", "level", "3" * 5000, "٣"])
def test_tampered_levels_are_refused_and_nothing_is_lost(session, browse, level):
    case = factory.case(session).assessing()
    sent = post(
        browse("assessor1"),
        case.url("/score"),
        version="0",
        **{"level-ethics": level, "comment-ethics": "Mon commentaire."},
    )
    assert sent.status_code == 422
    assert "Mon commentaire." in sent.text
    assert session.scalars(select(ScoreSheet)).all() == []


def test_a_stale_sheet_keeps_what_was_typed_and_saves_the_second_time(session, browse):
    case = factory.case(session).assessing()
    service.save_sheet(
        session, case.as_("assessor1"), case.dossier, factory.scores(2), 0, case.tick()
    )
    client = browse("assessor1")
    data = {"level-ethics": "3", "comment-ethics": "Du téléphone."}
    sent = post(client, case.url("/score"), version="0", **data)
    assert sent.status_code == 409
    assert "Du téléphone." in sent.text
    again = client.post(
        case.url("/score"),
        data={
            "csrf_token": field(sent, "csrf_token"),
            "version": field(sent, "version"),
            **data,
        },
    )
    assert again.status_code == 303


@pytest.mark.parametrize(
    "late",
    [
        ("admissible", "admin.ma", "/admit", "admit-", {}),
        ("admissible", "admin.ma", "/return", "return-", {"reason": "Tard."}),
        ("assigned", "trainee", "/withdraw", "withdraw-", {"reason": "Tard."}),
        ("concordant", "assessor1", "/score", "", {"level-ethics": "3"}),
        ("concordant", "assessor1", "/stand-down", "leave-", {"reason": "Tard."}),
        ("assessing", "programme", "/release", "", {}),
        ("notified", "assessor1", "/sign", "", {"outcome": "refused", "reasons": "x"}),
    ],
)
def test_what_comes_too_late_is_answered_in_words(session, browse, late):
    state, who, url, prefix, data = late
    case = factory.case(session).to(state)
    client = browse(who)
    page = client.get("/sign-out")
    before = case.dossier.state
    sent = client.post(
        case.url(url),
        data={
            f"{prefix}csrf_token": field(page, "csrf_token"),
            f"{prefix}version": str(case.dossier.version),
            **{f"{prefix}{name}": value for name, value in data.items()},
        },
    )
    assert sent.status_code in {303, 403, 409, 422}
    session.expire_all()
    assert case.dossier.state is before


def test_without_a_token_nothing_happens(session, browse):
    case = factory.case(session).submitted()
    assert browse("admin.ma").post(case.url("/admit")).status_code == 400
    session.expire_all()
    assert case.dossier.state is DossierState.SUBMITTED


@pytest.mark.parametrize(
    "query",
    ["?view=nonsense", "?state=nonsense", "?after=nonsense", "?q=%00&country=XXXX", "?q=amrani"],
)
def test_the_list_takes_any_address(session, browse, query):
    factory.case(session).submitted()
    assert browse("programme").get("/assessment" + query).status_code == 200
