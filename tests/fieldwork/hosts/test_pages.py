"""Hosts' pages and the trainee's over HTTP: what they show, refuse, keep; a GET uses nothing up."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import Base
from lms.fieldwork.models import (
    ConfirmationLink,
    PracticumEntry,
    Signature,
)
from lms.fieldwork.rules import LinkPurpose, Means, PlacementState
from tests.factories import fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.hosts.conftest import PERSON, hidden, reply, token_on
from tests.pages import post, token_of

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


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_english_is_left(host, author, session, entry, make, placement, language):
    _link, token = make(entry)
    _other, feedback = make(placement, LinkPurpose.FEEDBACK)
    for address in (f"/confirm/{token}", f"/confirm/{feedback}", "/confirm/none"):
        page = host.get(f"{address}?lang={language}").text
        for word in ("host", "Yes, I", "Your ", "Thank", "link", "Not at all"):
            assert f">{word}" not in page
    assert json.dumps(CANARY) not in page
