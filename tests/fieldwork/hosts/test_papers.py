"""Sheets, agreements and feedback over HTTP: papers that file themselves, three signatures."""

from datetime import timedelta
from io import BytesIO

import pytest
import segno
from PIL import Image
from sqlalchemy import func, select

from lms.fieldwork.models import (
    Evidence,
    HostFeedback,
    Placement,
    Sheet,
    Signature,
)
from lms.fieldwork.placements import agreement
from lms.fieldwork.rules import Means, PlacementState
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW
from tests.fieldwork.hosts.conftest import FEEDBACK, PERSON, hidden, reply, token_on, upload
from tests.pages import counted, post
from tests.people import person

pytestmark = pytest.mark.slow

CANARY = "canari-violet-4711"
P = PlacementState


@pytest.fixture
def author(browse, enrolment):
    return browse(enrolment.person)


@pytest.fixture
def host(client):
    """Anybody's phone."""
    return client


@pytest.fixture
def entry(session, placement):
    return fieldwork.draft(session, placement, reflection=CANARY, summary=f"Récit {CANARY}")


# --- paper ---


def sheet_photo(url):
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    page = Image.new("L", (1240, 1754), 255)
    with Image.open(out) as code:
        page.paste(code.convert("L"), (800, 80))
    photo = BytesIO()
    page.rotate(3, expand=True, fillcolor=80).save(photo, "JPEG")
    return photo.getvalue()


@pytest.fixture
def printed(session, author, enrolment, placement, entry):
    home = f"/practice/{enrolment.id}/sheets"
    done = post(author, home, home, week=f"2026-06-01:{placement.id}")
    assert done.status_code == 303
    return session.scalars(select(Sheet)).one()


def test_a_signed_sheet_files_itself(session, author, enrolment, entry, printed):
    home = f"/practice/{enrolment.id}/sheets"
    page = author.get(f"/practice/sheets/{printed.id}")
    assert CANARY not in page.text
    data = sheet_photo(f"https://coaching.example/sheets/{printed.token}")
    done = post(author, f"{home}/file", home, scan=upload(data))
    assert done.status_code == 303
    session.expire_all()
    assert entry.host_means is Means.PAPER
    assert session.scalars(select(Evidence)).one().file.media_type == "image/webp"
    again = post(author, f"{home}/file", home, scan=upload(data))
    assert again.status_code == 303
    assert session.scalar(select(func.count()).select_from(Signature)) == 1


def test_an_unreadable_scan_is_filed_by_hand(session, author, enrolment, entry, printed):
    home = f"/practice/{enrolment.id}/sheets"
    asked = post(author, f"{home}/file", home, scan=upload(fieldwork.picture()))
    assert asked.status_code == 422
    data = {"csrf_token": author.token, "file": hidden(asked, "file")}
    assert author.post(f"{home}/choose", data=data).status_code == 422
    done = author.post(f"{home}/choose", data={**data, "sheet": str(printed.id)})
    assert done.status_code == 303
    session.expire_all()
    assert entry.host_means is Means.PAPER


def test_a_file_of_another_is_not_filed(session, browse, author, enrolment, printed, admin):
    home = f"/practice/{enrolment.id}/sheets"
    asked = post(author, f"{home}/file", home, scan=upload(fieldwork.picture()))
    office = browse(admin)
    office.get(home)
    stolen = {"file": hidden(asked, "file"), "sheet": str(printed.id)}
    assert post(office, f"{home}/choose", home, **stolen).status_code == 409


def test_a_sheet_of_somebody_else_is_refused(session, browse, cohort, printed, entry):
    other = cohorts.enrolment(session, people.person(session), cohort)
    stranger = browse(other.person)
    home = f"/practice/{other.id}/sheets"
    data = sheet_photo(f"https://coaching.example/sheets/{printed.token}")
    answer = post(stranger, f"{home}/file", home, scan=upload(data))
    assert answer.status_code == 422
    assert stranger.get(f"/sheets/{printed.token}").status_code == 404
    session.expire_all()
    assert entry.host_means is None


def test_a_supervisor_files_whatever_of_their_cohort_comes_in(
    session, browse, supervisor, enrolment, printed, entry
):
    home = f"/practice/{enrolment.id}/sheets"
    data = sheet_photo(f"https://coaching.example/sheets/{printed.token}")
    assert post(browse(supervisor), f"{home}/file", home, scan=upload(data)).status_code == 303
    session.expire_all()
    assert entry.host_means is Means.PAPER


@pytest.mark.parametrize("data", [b"", b"MZ\x90 program", b"%PDF-1.4 broken", b"GIF89a"])
def test_what_is_no_scan_is_refused_in_words(author, enrolment, printed, data):
    home = f"/practice/{enrolment.id}/sheets"
    answer = post(author, f"{home}/file", home, scan=upload(data))
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_a_page_asks_the_same_number_of_questions_however_long(
    session, author, enrolment, placement, entry, printed
):
    home = f"/practice/{enrolment.id}/sheets"
    author.get(home)
    with counted() as few:
        author.get(home)
    for number in range(12):
        fieldwork.draft(session, placement, held_on=NOW.date() - timedelta(days=5 * number))
    session.commit()
    with counted() as many:
        assert author.get(home).status_code == 200
    assert len(many) == len(few)


# --- agreement and feedback ---


def test_three_parties_over_http(session, browse, author, host, enrolment, supervisor):
    place = fieldwork.placement(session, enrolment, supervisor, state=P.PROPOSED)
    home = f"/practice/placements/{place.id}"
    early = post(author, f"{home}/sign", home)
    assert early.status_code == 409
    assert post(author, f"{home}/interests", home).status_code == 422
    assert post(author, f"{home}/interests", home, ties="some").status_code == 422
    tie = "Ma cousine y travaille."
    assert post(author, f"{home}/interests", home, ties="some", interests=tie).status_code == 303
    session.expire_all()
    seen = agreement.fingerprint_of(session.get(Placement, place.id))
    assert post(author, f"{home}/sign", home, seen=seen).status_code == 303
    assert post(author, f"{home}/countersign", home, seen=seen).status_code == 403
    link = post(author, f"{home}/host/agreement/link", home)
    page = host.get(f"/confirm/{token_on(link)}")
    assert tie in page.text
    assert reply(host, token_on(link)).status_code == 303
    assert post(browse(supervisor), f"{home}/countersign", home, seen=seen).status_code == 303
    session.expire_all()
    assert session.get(Placement, place.id).state is P.AGREED
    paper = author.get(f"{home}/agreement")
    assert PERSON["name"] in paper.text
    assert seen[:16] in paper.text


def test_the_host_signs_on_paper_over_http(session, author, browse, enrolment, supervisor, admin):
    place = fieldwork.placement(session, enrolment, supervisor, state=P.PROPOSED)
    trainee = enrolment.person.actor
    agreement.declare(session, trainee, place, 1, "", NOW)
    seen, home = agreement.fingerprint_of(place), f"/practice/placements/{place.id}"
    bare = post(author, f"{home}/host/paper", home, seen=seen, name="M. Alaoui")
    assert bare.status_code == 422
    assert "M. Alaoui" in bare.text
    scan = upload(fieldwork.PDF, "convention.pdf")
    done = post(author, f"{home}/host/paper", home, seen=seen, name="M. Alaoui", scan=scan)
    assert done.status_code == 303
    signature = session.scalars(select(Signature)).one()
    paper = f"/practice/signatures/{signature.id}/paper"
    got = browse(admin).get(paper)
    assert got.data == fieldwork.PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert browse(person(session, "admin.sn")).get(paper).status_code == 404


def test_feedback_over_http(session, author, browse, supervisor, host, placement):
    home = f"/practice/placements/{placement.id}"
    made = post(author, f"{home}/host/feedback/code", home)
    token = token_on(made)
    assert reply(host, token).status_code == 422
    assert reply(host, token, **{**FEEDBACK, "useful": "9"}).status_code == 422
    assert reply(host, token, **FEEDBACK, comment="À l’écoute.").status_code == 303
    given = session.scalars(select(HostFeedback)).one()
    for reader in (author, browse(supervisor)):
        assert "À l’écoute." in reader.get(f"/practice/feedback/{given.id}").text
    assert post(author, f"{home}/host/fly/code", home).status_code == 404
    assert post(author, f"{home}/host/feedback/fly", home).status_code == 404
