"""Hosts' pages and the trainee's over HTTP: what they show, refuse, keep; a GET uses nothing up."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import segno
from PIL import Image
from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import Base
from lms.fieldwork.models import (
    ConfirmationLink,
    Evidence,
    HostFeedback,
    Placement,
    PracticumEntry,
    Sheet,
    Signature,
)
from lms.fieldwork.placements import agreement
from lms.fieldwork.rules import LinkPurpose, Means, PlacementState
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW
from tests.fieldwork.conftest import counted, post, token_of
from tests.fieldwork.hosts.conftest import FEEDBACK, PERSON, hidden, reply, token_on, upload
from tests.people import person

pytestmark = pytest.mark.slow

CANARY = "canari-violet-4711"
P = PlacementState


@pytest.fixture
def author(browse, enrolment):
    return browse(enrolment.person)


@pytest.fixture
def host(app, session, client):
    """Anybody's phone."""
    return client


@pytest.fixture
def entry(session, placement):
    return fieldwork.draft(session, placement, reflection=CANARY, summary=f"Récit {CANARY}")


def rows(session):
    """How many rows each table holds."""
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


# --- on the spot ---


def test_a_host_confirms_on_the_spot(session, author, host, entry):
    home = f"/practice/entries/{entry.id}"
    ask = f"{home}/host"
    assert ask in author.get(home).text
    shown = post(author, f"{ask}/code", ask)
    assert shown.status_code == 200
    assert "coaching.example" in shown.text
    assert "data:image/svg+xml" in shown.text
    assert "style=" not in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    token = token_on(shown)
    page = host.get(f"/confirm/{token}?lang=ar")
    assert 'lang="ar" dir="rtl"' in page.text
    assert "Salma Amrani" in page.text
    assert CANARY not in page.text
    done = reply(host, token)
    assert done.status_code == 303
    assert host.get(done.location).status_code == 200
    session.expire_all()
    assert entry.host_means is Means.QR
    back = author.get(f"{home}?lang=fr")
    assert "Confirmé sur place par la structure d’accueil" in back.text
    assert PERSON["name"] in back.text


def test_looking_changes_nothing(session, host, entry, make):
    """Messengers fetch a link while it is being typed, and again for the preview."""
    _link, token = make(entry, means=Means.LINK)
    session.commit()
    before = rows(session)
    for _ in range(5):
        page = host.get(f"/confirm/{token}", headers={"User-Agent": "WhatsApp/2.23"})
        assert page.status_code == 200
    assert host.head(f"/confirm/{token}").status_code == 200
    assert host.get(f"/confirm/{token}/thanks").status_code == 303
    assert rows(session) == before
    assert session.scalars(select(ConfirmationLink)).one().used_at is None


def test_the_page_tells_nothing_to_robots_and_keeps_nothing(host, entry, make):
    _link, token = make(entry)
    answer = host.get(f"/confirm/{token}")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_two_taps_are_one_signature(session, host, entry, make):
    _link, token = make(entry)
    page = host.get(f"/confirm/{token}")
    data = {"csrf_token": token_of(page), "seen": hidden(page, "seen"), **PERSON}
    answers = [host.post(f"/confirm/{token}", data=data) for _ in range(3)]
    assert [each.status_code for each in answers] == [303, 303, 303]
    assert {each.location for each in answers} == {f"/confirm/{token}/thanks"}
    assert session.scalar(select(func.count()).select_from(Signature)) == 1


def test_an_objection_reaches_trainee_and_supervisor(
    session, author, browse, supervisor, host, placement, make
):
    entry = fieldwork.entry(session, placement)
    _link, token = make(entry, means=Means.LINK)
    empty = reply(host, token, decision="object")
    assert empty.status_code == 422
    assert reply(host, token, decision="object", comment="Nous étions 4").status_code == 303
    for reader in (author, browse(supervisor)):
        page = reader.get(f"/practice/entries/{entry.id}")
        assert "Nous étions 4" in page.text
    session.expire_all()
    assert entry.host_means is None


@pytest.mark.parametrize(
    ("field", "text", "status"),
    [
        ("name", "", 422), ("role", "  ", 422), ("name", "a\x00b", 422),
        ("name", "x" * 100_000, 422), ("comment", "y" * 100_000, 422),
        ("comment", "\u202etxt", 422), ("seen", "z" * 100_000, 409),
        ("seen", "", 409), ("decision", "maybe", 303), ("name", "<script>alert(1)</script>", 303),
        ("name", "فاطمة الزهراء", 303), ("comment", "ligne\r\nligne", 303),
    ],
    ids=range(12),
)  # fmt: skip
def test_hostile_and_clumsy_answers(session, host, author, entry, make, field, text, status):
    _link, token = make(entry)
    answer = reply(host, token, **{field: text})
    assert answer.status_code == status
    if status == 422 and len(text) < 100:
        assert PERSON["role" if field == "name" else "name"] in answer.text
    if status == 303:
        assert "<script>alert" not in author.get(f"/practice/entries/{entry.id}").text


def test_what_was_changed_meanwhile_is_shown_again(session, host, author, entry, make):
    _link, token = make(entry)
    page = host.get(f"/confirm/{token}")
    data = {"csrf_token": token_of(page), "seen": hidden(page, "seen"), **PERSON}
    session.get(PracticumEntry, entry.id).minutes_direct = 135
    session.commit()
    answer = host.post(f"/confirm/{token}", data=data)
    assert answer.status_code == 409
    assert "2 h 15" in answer.text
    assert PERSON["name"] in answer.text
    data["seen"] = hidden(answer, "seen")
    assert host.post(f"/confirm/{token}", data=data).status_code == 303


def test_the_trainee_does_not_answer_for_the_host(session, author, entry, make):
    _link, token = make(entry)
    page = author.get(f"/confirm/{token}")
    assert 'name="name"' not in page.text
    answer = author.post(
        f"/confirm/{token}", data={"csrf_token": _csrf(author), "seen": "x", **PERSON}
    )
    assert answer.status_code == 409
    assert session.scalar(select(func.count()).select_from(Signature)) == 0


def _csrf(browser):
    return token_of(browser.get("/account/language"))


# --- closed links ---


def test_each_closed_link_has_a_calm_page(session, app, host, entry, make, author):
    _used, used = make(entry, means=Means.LINK)
    reply(host, used)
    cancelled, off = make(entry, means=Means.LINK)
    cancelled.cancelled_at = NOW
    _late, late = make(entry, means=Means.LINK, now=NOW - timedelta(days=15))
    session.commit()
    said = set()
    for token, status in ((used, 410), (off, 410), (late, 410), ("A" * 22, 404), ("é'%00", 404)):
        page = host.get(f"/confirm/{token}?lang=fr")
        assert page.status_code == status
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "Salma" not in page.text
        said.add(page.text.split("<h1>")[1].split("</h1>")[0])
    assert len(said) == 4


def test_guessing_is_slowed_down(host, session):
    csrf = _public_token(host)
    answers = [
        host.post(f"/confirm/{'B' * 20}{number:02}", data={"csrf_token": csrf}).status_code
        for number in range(35)
    ]
    assert answers[:30] == [404] * 30
    assert set(answers[30:]) == {429}


def _public_token(host):
    return token_of(host.get("/sign-in"))


def test_a_link_is_sent_and_cancelled(session, author, host, entry):
    ask = f"/practice/entries/{entry.id}/host"
    made = post(author, f"{ask}/link", ask)
    assert "https://wa.me/?text=" in made.text
    token = token_on(made)
    [link] = session.scalars(select(ConfirmationLink)).all()
    assert (link.expires_at - clock.now()).days == 14
    assert post(author, f"/practice/links/{link.id}/cancel", ask).status_code == 303
    assert host.get(f"/confirm/{token}").status_code == 410


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


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_english_is_left(host, author, session, entry, make, placement, language):
    _link, token = make(entry)
    _other, feedback = make(placement, LinkPurpose.FEEDBACK)
    for address in (f"/confirm/{token}", f"/confirm/{feedback}", "/confirm/none"):
        page = host.get(f"{address}?lang={language}").text
        for word in ("host", "Yes, I", "Your ", "Thank", "link", "Not at all"):
            assert f">{word}" not in page
    assert json.dumps(CANARY) not in page


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
