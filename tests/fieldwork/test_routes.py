"""Pages of practice over HTTP: what they show, refuse, keep, and cost."""

import logging
import re
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from uuid_utils.compat import uuid7

from lms.core.db import Base
from lms.core.files import Upload
from lms.fieldwork.models import Attestation, Observation, Placement, PracticumEntry
from lms.fieldwork.rules import EntryState, ObservationState, PlacementState
from tests.factories import cohorts, fieldwork, people
from tests.fieldwork.conftest import decide
from tests.fieldwork.test_thread import filled
from tests.pages import counted, post
from tests.people import person

pytestmark = pytest.mark.slow

S = EntryState
CANARY = "canari-violet-4711"


@pytest.fixture
def trainee(browse, enrolment):
    return browse(enrolment.person)


@pytest.fixture
def deciding(browse, supervisor):
    return browse(supervisor)


@pytest.fixture
def office(browse, admin):
    return browse(admin)


@pytest.fixture
def form_address(enrolment):
    return f"/practice/{enrolment.id}/entries/new"


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def errors_of(page):
    return re.findall(r'class="error"[^>]*>(?:<span[^>]*>[^<]*</span> )?([^<]+)', page.text)


def in_language(address, language):
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


# --- who may ---


def test_who_may_see_and_do_what(session, browse, placement, trainer, supervisor, admin, cohort):
    entry = fieldwork.entry(session, placement)
    draft = fieldwork.draft(session, placement)
    mate = cohorts.enrolment(session, None, cohort).person
    other_supervisor = person(
        session, "supervisor.sn", cohort=cohorts.cohort(session, country="SN")
    )
    home = f"/practice/entries/{entry.id}"
    for someone, status in (
        (placement.enrolment.person, 200),
        (supervisor, 200),
        (trainer, 200),
        (admin, 200),
        (person(session, "auditor"), 200),
        (mate, 404),
        (other_supervisor, 404),
        (person(session, "admin.sn"), 404),
        (person(session, "partner"), 404),
    ):
        client = browse(someone)
        assert client.get(home).status_code == status, someone.name
        is_author = someone is placement.enrolment.person
        hidden = client.get(f"/practice/entries/{draft.id}").status_code
        assert hidden == (200 if is_author else 404), someone.name
        decides = someone is supervisor
        page = client.get(home)
        assert (f"{home}/decide" in page.text) is decides, someone.name
    assert browse(trainer).get(f"{home}/edit").status_code == 403


def test_the_public_is_sent_to_sign_in(client, placement, session):
    entry = fieldwork.entry(session, placement)
    answer = client.get(f"/practice/entries/{entry.id}")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


# --- the reflection ---


def test_the_canary_is_seen_by_its_author_and_supervisor_only(
    session, app, browse, placement, trainer, supervisor, admin, caplog
):
    caplog.set_level(logging.DEBUG)
    entry = fieldwork.entry(session, placement, S.NEEDS_INFO, reflection=CANARY)
    addresses = [
        f"/practice/entries/{entry.id}",
        f"/practice/{placement.enrolment_id}",
        "/practice/queue?state=needs_info",
        "/practice/queue",
        f"/cohorts/enrolments/{placement.enrolment_id}",
    ]
    author = placement.enrolment.person
    others = [trainer, admin, *(person(session, name) for name in ("programme", "auditor"))]
    for someone in (author, supervisor, *others):
        client = browse(someone)
        for address in addresses:
            for language in ("fr", "en", "ar"):
                page = client.get(in_language(address, language))
                own_page = someone in {author, supervisor} and address == addresses[0]
                assert (CANARY in page.text) is own_page, (someone.name, address)
    trainee = browse(author)
    edit = trainee.get(f"/practice/entries/{entry.id}/edit")
    assert CANARY in edit.text
    assert re.search(r"<textarea[^>]*data-private[^>]*>\s*" + CANARY, edit.text)
    post(
        trainee, f"/practice/entries/{entry.id}/edit", f"/practice/entries/{entry.id}/edit",
        **filled(placement, reflection=CANARY), action="submit",
    )  # fmt: skip
    decide(browse(supervisor), entry, decision="approve", comment="Bien.")
    # nowhere else in the database: not in mail, trail, versions, jobs
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            kept = {name: value for name, value in row.items() if CANARY in str(value)}
            expected = {"reflection"} if table.name == "practicum_entry" else set()
            assert set(kept) == (expected if kept else set()), table.name
    assert CANARY not in caplog.text


# --- evidence ---


def test_evidence_is_a_download_for_those_who_may(session, browse, placement, trainer, admin):
    upload = Upload("photo élève.webp", "image/webp", b"RIFFxxxxWEBP")
    entry = fieldwork.draft(session, placement, uploads=[upload])
    address = f"/practice/evidence/{entry.evidence[0].id}"
    author = browse(placement.enrolment.person)
    answer = author.get(address)
    assert answer.status_code == 200
    assert answer.data == b"RIFFxxxxWEBP"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert browse(trainer).get(address).status_code == 404  # a draft is nobody else's
    assert browse(person(session, "admin.sn")).get(address).status_code == 404
    assert author.get(f"/practice/evidence/{uuid7()}").status_code == 404


# --- placements ---


def test_a_placement_over_http(session, trainee, office, enrolment, supervisor, cohort):
    address = f"/practice/{enrolment.id}/placements/new"
    data = {
        "host": "Commune", "territory": "Oujda", "starts_on": "2026-02-01",
        "ends_on": "2026-06-01", "own_institution": "y",
    }  # fmt: skip
    wrong = post(trainee, address, address, **{**data, "ends_on": "2026-01-01"})
    assert wrong.status_code == 422
    done = post(trainee, address, address, **data)
    assert done.status_code == 303
    placed = session.scalars(select(Placement)).one()
    assert placed.own_institution is True
    home = f"/practice/placements/{placed.id}"
    assert trainee.get(home).status_code == 200
    assert post(trainee, f"{home}/agree", home).status_code == 403
    paper = {"reason": "Convention papier.", "scan": (BytesIO(fieldwork.PDF), "convention.pdf")}
    assert post(office, f"{home}/agree", home, reason="Convention papier.").status_code == 422
    assert post(office, f"{home}/agree", home, **paper).status_code == 303
    paper["scan"] = (BytesIO(fieldwork.PDF), "convention.pdf")
    assert post(office, f"{home}/agree", home, **paper).status_code == 409
    assert post(office, f"{home}/fly", home).status_code == 404
    overview = f"/practice/cohorts/{cohort.id}/placements"
    none = post(office, overview, overview, supervisor=str(supervisor.id))
    assert none.status_code == 422
    named = post(
        office, overview, overview, supervisor=str(supervisor.id), placements=[str(placed.id)]
    )
    assert named.status_code == 303
    session.expire_all()
    assert (placed.supervisor_id, placed.state) == (supervisor.id, PlacementState.AGREED)
    edited = post(office, f"{home}/edit", f"{home}/edit", **{**data, "host": "Région"})
    assert edited.status_code == 303
    assert post(office, f"{home}/cancel", home, reason="").status_code == 422
    assert post(office, f"{home}/cancel", home, reason="Refus.").status_code == 303


# --- observations ---


def observed(**fields):
    return {
        "observed_on": "2026-06-02", "setting": "workshop", "place": "Berkane",
        "scores-leadership-objectives": "3", "scores-leadership-resources": "1",
        "feedback": "Bonne écoute.", **fields,
    }  # fmt: skip


def test_an_observation_over_http(session, browse, trainer, trainee, enrolment):
    theirs = browse(trainer)
    address = f"/practice/{enrolment.id}/observations/new"
    page = theirs.get(f"{address}?lang=fr")
    assert len(re.findall(r'type="radio" value="4"', page.text)) == 18
    early = post(theirs, address, address, **observed(feedback=""), action="share")
    assert early.status_code == 422
    seen = session.scalars(select(Observation)).one()
    assert seen.state is ObservationState.DRAFT
    assert trainee.get(f"/practice/observations/{seen.id}").status_code == 404
    edit = f"/practice/observations/{seen.id}/edit"
    assert post(theirs, edit, edit, **observed(), action="share").status_code == 303
    home = f"/practice/observations/{seen.id}"
    answer = f"{home}/countersign"
    assert post(trainee, answer, home, action="comment", comment="").status_code == 422
    said = post(trainee, answer, home, action="comment", comment="J’ai délégué.")
    assert said.status_code == 303
    assert "J’ai délégué." in theirs.get(edit).text
    corrected = observed(**{"scores-leadership-resources": "2"})
    assert post(theirs, edit, edit, **corrected, action="share").status_code == 303
    assert post(trainee, answer, home, action="countersign").status_code == 303
    session.expire_all()
    assert seen.state is ObservationState.COUNTERSIGNED
    assert seen.scores == {"leadership-objectives": 3, "leadership-resources": 2}
    assert post(theirs, edit, home, **observed()).status_code in {403, 409}


@pytest.mark.parametrize(
    "fields",
    [
        {"observed_on": "2026-07-01"},
        {"observed_on": "never"},
        {"setting": "moon"},
        {"scores-leadership-objectives": "7"},
        {"feedback": "x" * 100_000},
        {"entry": str(UUID(int=1))},
    ],
)
def test_bad_observations_are_answered(session, browse, trainer, enrolment, fields):
    address = f"/practice/{enrolment.id}/observations/new"
    page = post(browse(trainer), address, address, **observed(**fields), action="share")
    assert page.status_code == 422
    assert "Berkane" in page.text
    assert number_of(session, Observation) == 0


# --- attestations ---


def test_an_attestation_over_http(session, office, trainee, enrolment):
    address = f"/practice/{enrolment.id}/attestations/new"

    def data(**fields):
        return {
            "requirement": "supervision", "amount": "90", "reason": "Liste signée.",
            "file": (BytesIO(fieldwork.PDF), "liste.pdf"), **fields,
        }  # fmt: skip

    for fields in (
        {"amount": "0"}, {"amount": ""}, {"amount": "1.5"}, {"reason": ""}, {"requirement": "x"},
        {"requirement": "modules"}, {"file": (BytesIO(b"MZ"), "a.exe")}, {"file": (BytesIO(), "")},
    ):  # fmt: skip
        assert post(office, address, address, **data(**fields)).status_code == 422, fields
    assert number_of(session, Attestation) == 0
    assert post(office, address, address, **data()).status_code == 303
    made = session.scalars(select(Attestation)).one()
    home = f"/practice/attestations/{made.id}"
    assert trainee.get(home).status_code == 200
    paper = trainee.get(f"{home}/file")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert post(office, f"{home}/revoke", home, reason="").status_code == 422
    assert post(office, f"{home}/revoke", home, reason="Fausse.").status_code == 303


# --- every page, in every language; and its cost ---


def pages(session, placement, trainer, supervisor, admin):
    enrolment = placement.enrolment
    states = [S.SUBMITTED, S.NEEDS_INFO, S.APPROVED, S.REJECTED, S.AMENDED, S.REVOKED, S.LOCKED]
    entries = {
        state: fieldwork.entry(session, placement, state, held_on=date(2026, 3, 1 + number))
        for number, state in enumerate(states)
    }
    entries[S.DRAFT] = fieldwork.draft(session, placement)
    seen = fieldwork.shared(session, enrolment, trainer)
    attested = fieldwork.attestation(session, enrolment, admin)
    home = f"/practice/{enrolment.id}"
    for entry in entries.values():
        yield enrolment.person, f"/practice/entries/{entry.id}"
    for state in ("all", "to_do", "waiting", "counted", "closed"):
        yield enrolment.person, f"{home}?state={state}"
    yield enrolment.person, f"{home}/entries/new"
    yield enrolment.person, f"{home}/placements/new"
    yield enrolment.person, f"/practice/entries/{entries[S.NEEDS_INFO].id}/edit"
    yield enrolment.person, f"/practice/observations/{seen.id}"
    yield enrolment.person, f"/practice/placements/{placement.id}"
    yield supervisor, f"/practice/entries/{entries[S.SUBMITTED].id}"
    yield supervisor, f"/practice/entries/{entries[S.APPROVED].id}"
    for state in ("submitted", "needs_info", "approved", "rejected"):
        yield supervisor, f"/practice/queue?state={state}"
    yield trainer, f"{home}/observations/new"
    yield admin, home
    yield admin, f"{home}/attestations/new"
    yield admin, f"/practice/attestations/{attested.id}"
    yield admin, f"/practice/cohorts/{enrolment.cohort_id}/placements"
    yield admin, "/practice"


def test_every_page_in_every_language(session, browse, placement, trainer, supervisor, admin):
    for someone, address in list(pages(session, placement, trainer, supervisor, admin)):
        client = browse(someone)
        for language in ("fr", "en", "ar"):
            page = client.get(in_language(address, language), follow_redirects=True)
            assert page.status_code == 200, (address, page.text[:500])
            assert f'lang="{language}"' in page.text
            assert "None" not in re.sub(r"<option[^<]*", "", page.text.partition("<main")[2]), (
                address
            )


def cost_of(client, address):
    client.get(address)
    with counted() as statements:
        assert client.get(address).status_code == 200
    return len(statements)


def test_pages_cost_the_same_at_two_sizes(
    session, browse, placement, trainer, supervisor, admin, cohort
):
    enrolment = placement.enrolment
    addresses = {
        "/practice/queue": (supervisor, 8),
        f"/practice/{enrolment.id}": (enrolment.person, 12),
        f"/practice/cohorts/{cohort.id}/placements": (admin, 9),
    }

    def grow(number):
        for _ in range(number):
            other = cohorts.enrolment(session, people.person(session), cohort)
            place = fieldwork.placement(session, other, supervisor)
            fieldwork.entry(session, place)
        for _ in range(number):
            day = date(2026, 2, 1) + timedelta(days=number_of(session, PracticumEntry))
            fieldwork.entry(session, placement, S.APPROVED, held_on=day)
            fieldwork.shared(session, enrolment, trainer)
            fieldwork.attestation(session, enrolment, admin)

    def costs():
        return {each: cost_of(browse(who), each) for each, (who, _) in addresses.items()}

    grow(2)
    few = costs()
    grow(8)
    assert costs() == few
    for address, (_, limit) in addresses.items():
        assert few[address] <= limit, (address, few)


def test_an_entry_page_costs_little(session, deciding, placement):
    entry = fieldwork.entry(session, placement)
    assert cost_of(deciding, f"/practice/entries/{entry.id}") <= 11


def test_the_mail_is_written_in_the_trainees_language(session, deciding, placement):
    placement.enrolment.person.language = "ar"
    entry = fieldwork.entry(session, placement)
    decide(deciding, entry, decision="ask", comment="Combien ?")
    subject, html = session.execute(text("SELECT subject, html FROM mail_message")).one()
    assert "بطاقتك" in subject
    assert 'dir="rtl"' in html
