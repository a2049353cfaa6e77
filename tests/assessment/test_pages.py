"""The pages as each persona meets them."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from lms.assessment import service
from lms.assessment.models import Award, Dossier, ScoreSheet
from lms.assessment.rules.states import DossierState, Outcome
from lms.core.db import db
from lms.policy.actions import Action
from lms.policy.permits import permits
from tests.factories import assessment as factory
from tests.factories import people
from tests.people import PERSONAS, client_for, person

CANARY = "CONFIDENTIEL"


@pytest.fixture
def browse(app, session):
    """`browse("chair")`: a browser in which the persona is signed in."""
    return lambda name: client_for(app, person(session, name))


def field(page, name):
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, f"{name} is not on the page"
    return found[1]


def post(client, url, page=None, **data):
    """Post a form as the page gave it out."""
    page = page or client.get(url)
    assert page.status_code == 200, page.text[:500]
    token = field(page, "csrf_token")
    return client.post(url, data={"csrf_token": token, **data})


def on_page(client, case, prefix, url, **data):
    """Send one of the small forms on the dossier's page."""
    page = client.get(case.url())
    values = {
        f"{prefix}-csrf_token": field(page, f"{prefix}-csrf_token"),
        f"{prefix}-version": field(page, f"{prefix}-version"),
    }
    return client.post(case.url(url), data=values | {f"{prefix}-{k}": v for k, v in data.items()})


# The whole way through the browser ---------------------------------------------------------------


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


# Who sees what -----------------------------------------------------------------------------------

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


# The rows behind the ledger ----------------------------------------------------------------------


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


# Bad input ---------------------------------------------------------------------------------------


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


# The list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "programme", "waits"),
    [
        ("submitted", "facilitator", {"admin.ma"}),
        ("admissible", "coach", {"programme"}),
        ("assigned", "coach", {"assessor1", "assessor2", "chair", "juror1", "juror2"}),
        ("assessing", "coach", {"assessor1", "assessor2"}),
        ("concordant", "facilitator", {"assessor1"}),
        ("divergent", "coach", {"programme"}),
        ("jury", "coach", {"chair"}),
        ("certified", "coach", {"programme"}),
        ("notified", "coach", set()),
    ],
)
def test_who_finds_a_case_waiting(session, state, programme, waits):
    factory.case(session, programme).to(state)
    staff = set(PERSONAS) - {"trainee", "partner"}
    found = {n for n in staff if service.number_waiting(session, person(session, n).actor)}
    assert found == waits


def test_what_waits_comes_oldest_first_and_search_ignores_accents(session, browse):
    first = factory.case(session).submitted()
    second = factory.case(session, "coach", "trainee.new")
    second.now = first.now
    second.submitted()
    second.trainee.search_text = "yassine bennis"
    admin = browse("admin.ma")
    page = admin.get("/assessment").text
    assert page.index(first.url()) < page.index(second.url())
    found = admin.get("/assessment?view=all&q=Bénnis").text
    assert second.url() in found
    assert first.url() not in found


# Queries -----------------------------------------------------------------------------------------


def queries(client, url):
    """How many statements a page asks for."""
    statements = []

    def note(_conn, _cursor, statement, *_):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    engine = db.engine
    client.get(url)
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def grow(session, case):
    """More of everything that the pages of a case show."""
    for number in range(12):
        factory.entry(session, case.placement, case.supervisor, minutes_direct=number)
        factory.observation(session, case.enrolment, case.trainer)
        people.person(session, "BE", grants=[("assessor", "all", ""), ("juror", "all", "")])


def test_the_ledgers_of_many_take_as_many_queries_as_one(session):
    case = factory.case(session)
    statements = []

    def note(*_):
        statements.append(1)

    from lms.curriculum import service as curriculum

    release = curriculum.release(session, case.cohort.release_id)
    everyone = [case.enrolment]
    engine, counts = session.get_bind(), []
    for _ in range(2):
        session.flush()
        statements.clear()
        event.listen(engine, "before_cursor_execute", note)
        found = service.ledgers(session, everyone, release)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
        assert found.keys() == {one.id for one in everyone}
        grow(session, case)
        for _more in range(10):
            someone = people.person(session)
            everyone.append(factory.enrolment(session, someone, case.cohort))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "state", "url"),
    [
        ("trainee", "open", "ledger"),
        ("programme", "admissible", "/assign"),
        ("programme", "jury", ""),
        ("chair", "jury", "/deliberate"),
    ],
)
def test_pages_ask_as_often_whatever_they_hold(session, browse, name, state, url):
    case = factory.case(session, "coach")
    person(session, "assessor1")
    case.prepared() if state == "open" else case.to(state)
    address = f"/assessment/ledger/{case.enrolment.id}" if url == "ledger" else case.url(url)
    client = browse(name)
    before = queries(client, address)
    grow(session, case)
    assert queries(client, address) == before
    assert before <= 22


def test_the_list_asks_as_often_for_many_as_for_one(session, browse):
    factory.case(session).submitted()
    client = browse("programme")
    before = queries(client, "/assessment?view=all")
    for _ in range(5):
        someone = people.person(session)
        case = factory.Case(session, "facilitator", "trainee", "MA", complete=False)
        case.enrolment.person = someone
        case.trainee = someone
        case.prepared()
    assert queries(client, "/assessment?view=all") == before
    assert before <= 10
