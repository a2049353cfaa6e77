"""The network: who sees and changes it, what forms accept, what ends stays on record."""

from datetime import date

import pytest
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.network import rules
from lms.network.models import Centre, Convention, Country, PartnerBody, ReportedFigure
from lms.network.rules import FigureSubject, Standing
from tests.factories import network
from tests.people import client_for, person, queries, submit, visitor

CENTRE = {"name": "Centre d’Oujda", "city": "Oujda", "email": "", "phone": "", "address": ""}
CONVENTION = {"title": "Convention", "signed_on": "2026-01-15", "ends_on": "", "purpose": ""}


@pytest.fixture
def admin(app, session):
    return client_for(app, person(session, "admin.ma"))


@pytest.fixture
def body(session):
    return network.partner(session, "MA", name="Conseil régional")


# --- rules ---

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (None, None, Standing.ACTIVE),
        (DAY, DAY, Standing.ACTIVE),
        (date(2026, 3, 2), None, Standing.COMING),
        (None, date(2026, 2, 28), Standing.ENDED),
        (date(2025, 1, 1), date(2026, 3, 1), Standing.ACTIVE),
    ],
)
def test_standing(begins, ends, expected):
    assert rules.standing(DAY, begins, ends) is expected


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        (DAY, None, None),
        (None, None, None),
        (DAY, date(2026, 2, 1), "ends_before_it_begins"),
        (date(1, 1, 1), None, "date_unlikely"),
        (date(9999, 1, 1), None, "date_unlikely"),
        (DAY, date(2999, 1, 1), "date_unlikely"),
    ],
)
def test_dates(begins, ends, code):
    assert rules.dates_fault(begins, ends, DAY) == code


# --- pages ---


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_pages_in_three_languages(app, session, lang, body):
    centre = network.centre(session)
    convention = network.convention(session, parties=[body])
    client = client_for(app, person(session, "programme"))
    for path in (
        "",
        "/countries/MA",
        "/countries/new",
        "/countries/MA/edit",
        "/countries/MA/centres/new",
        "/countries/MA/partners/new",
        "/countries/MA/conventions/new",
        *(f"/centres/{centre.id}{part}" for part in ("", "/edit", "/end")),
        *(f"/partners/{body.id}{part}" for part in ("", "/edit", "/end")),
        *(f"/conventions/{convention.id}{part}" for part in ("", "/edit", "/end")),
    ):
        page = client.get(f"/network{path}?lang={lang}")
        assert page.status_code == 200, path
        assert f'<html lang="{lang}"' in page.text


def test_empty_pages_say_what_is_next(app, session):
    client = client_for(app, person(session, "programme"))
    page = client.get("/network/countries/MA?lang=en").text
    assert page.count("yet") >= 3


def test_country_names_come_by_code(app, session):
    network.country(session, "SN")
    client = client_for(app, person(session))
    assert "Sénégal" in client.get("/network?lang=fr").text
    assert "السنغال" in client.get("/network?lang=ar").text


@pytest.mark.parametrize("code", ["XX", "ma", "MAR", "%00", "..", "🇲🇦"])
def test_no_such_country(app, session, code):
    assert client_for(app, person(session)).get(f"/network/countries/{code}").status_code == 404


def test_reported_figures_stand_apart(app, session):
    network.country(session, "SN")
    session.add(
        ReportedFigure(
            country_code="SN",
            subject=FigureSubject.COACHES,
            wording="03 COACHS CERTIFIES",
            value=3,
            source="Présentation",
            note={"fr": "Une remarque.", "en": "A remark.", "ar": "ملاحظة."},
        )
    )
    session.flush()
    page = client_for(app, person(session)).get("/network/countries/SN?lang=en").text
    section = page.split('id="reported"')[1]
    for words in ("03 COACHS CERTIFIES", "Présentation", "A remark.", "Territorial coaches"):
        assert words in section
    assert "03 COACHS" not in page.split('id="reported"')[0]


def test_as_many_queries_for_many_as_for_few(app, session):
    client = client_for(app, person(session))
    counts = []
    for _ in range(2):
        for _ in range(5):
            network.centre(session)
            network.convention(session, parties=[network.partner(session) for _ in range(3)])
        session.expunge_all()
        with queries() as seen:
            client.get("/network")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10


# --- who ---


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("admin.ma", 200),
        ("programme", 200),
        ("admin.sn", 403),
        ("auditor", 403),
        ("trainee", 403),
        ("partner", 403),
    ],
)
def test_who_changes_what(app, session, persona, status, body):
    centre, convention = network.centre(session), network.convention(session)
    client = client_for(app, person(session, persona))
    assert client.get("/network").status_code == 200
    for path in (
        "countries/MA/edit",
        "countries/MA/centres/new",
        "countries/MA/partners/new",
        "countries/MA/conventions/new",
        f"centres/{centre.id}/edit",
        f"centres/{centre.id}/end",
        f"partners/{body.id}/edit",
        f"conventions/{convention.id}/end",
    ):
        assert client.get(f"/network/{path}").status_code == status, path
    new = 200 if persona == "programme" else 403
    assert client.get("/network/countries/new").status_code == new


def test_strangers_sign_in_first(app, session):
    assert visitor(app).get("/network").status_code == 302


def test_nothing_without_a_token(admin, session, body):
    for path in ("countries/MA/edit", "countries/MA/centres/new", f"partners/{body.id}/end"):
        assert admin.post(f"/network/{path}", data=CENTRE).status_code == 400


# --- countries ---


def test_a_country_joins(app, session):
    client = client_for(app, person(session, "programme"))
    data = {"code": "TN", "language": "ar", "time_zone": "Africa/Tunis", "needs_arabic_names": "y"}
    answer = submit(client, "/network/countries/new", data)
    assert answer.location == "/network/countries/TN"
    made = session.get(Country, "TN")
    assert (made.language, made.needs_arabic_names) == ("ar", True)
    assert submit(client, "/network/countries/new", data).status_code == 422
    for bad in ({"code": "XX"}, {"time_zone": "Mars/Base"}, {"language": "de"}):
        assert (
            submit(client, "/network/countries/new", data | {"code": "DZ"} | bad).status_code == 422
        )


def test_two_who_change_a_country_at_once(app, session, admin):
    other, url = client_for(app, person(session, "admin.ma")), "/network/countries/MA/edit"
    data = {"language": "fr", "time_zone": "Africa/Casablanca"}
    assert submit(admin, url, data).status_code == 303
    stale = submit(other, url, data | {"version": "1", "language": "ar"})
    assert stale.status_code == 409
    version = stale.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    again = submit(other, url, data | {"version": version, "language": "ar"})
    assert again.status_code == 303
    assert session.get(Country, "MA", populate_existing=True).language == "ar"


# --- centres, bodies, conventions ---


def test_a_centre_opens_once_and_closes(admin, session):
    url = "/network/countries/MA/centres/new"
    page = admin.get(url)
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    key = page.text.split('name="record_id"')[1].split('value="')[1].split('"')[0]
    for _ in range(3):
        data = CENTRE | {"csrf_token": token, "record_id": key}
        assert admin.post(url, data=data).status_code == 303
    centre = session.scalars(select(Centre)).one()
    end = f"/network/centres/{centre.id}/end"
    assert submit(admin, end, {"last_day": "2026-02-01", "reason": ""}).status_code == 422
    assert submit(admin, end, {"last_day": "2026-02-01", "reason": "Déménage"}).status_code == 303
    session.refresh(centre)
    assert centre.closed_on == date(2026, 2, 1)
    row = session.scalars(select(AuditEntry).where(AuditEntry.action == "centre.end")).one()
    assert (row.reason, row.country_code) == ("Déménage", "MA")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": " \t"},
        {"city": ""},
        {"name": "x" * 100_000},
        {"name": "a\x00b"},
        {"email": "not an address"},
        {"address": "x" * 501},
    ],
)
def test_unfit_centres(admin, session, change):
    answer = submit(admin, "/network/countries/MA/centres/new", CENTRE | change)
    assert answer.status_code == 422
    assert session.scalar(select(func.count(Centre.id))) == 0


@pytest.mark.parametrize(
    ("website", "status"),
    [
        ("", 303),
        ("https://www.example.org/x?y=1", 303),
        ("http://example.org", 303),
        ("javascript:alert(1)", 422),
        ("data:text/html,x", 422),
        ("https://user:pw@example.org", 422),
        ("https://exa mple.org", 422),
        ("https://localhost", 422),
        ("//example.org", 422),
        ("https://[::1", 422),
        ("x" * 5000, 422),
    ],
)
def test_websites(admin, session, website, status):
    data = {"name": "Université", "kind": "Université", "website": website}
    assert submit(admin, "/network/countries/MA/partners/new", data).status_code == status


def test_a_body_is_corrected_and_leaves(admin, session, body):
    data = {"name": "Conseil de l’Oriental", "kind": "Région", "website": ""}
    assert submit(admin, f"/network/partners/{body.id}/edit", data).status_code == 303
    end = {"last_day": "2026-06-30", "reason": "Fin de la convention"}
    assert submit(admin, f"/network/partners/{body.id}/end", end).status_code == 303
    session.refresh(body)
    assert (body.name, body.ended_on) == ("Conseil de l’Oriental", date(2026, 6, 30))


def test_a_convention_with_its_parties(admin, session, body):
    other = network.partner(session, "SN")
    data = CONVENTION | {"parties": [str(body.id), str(other.id)], "ends_on": "2028-01-14"}
    assert submit(admin, "/network/countries/MA/conventions/new", data).status_code == 303
    convention = session.scalars(select(Convention)).one()
    assert {party.partner_id for party in convention.parties} == {body.id, other.id}
    url = f"/network/conventions/{convention.id}/edit"
    assert submit(admin, url, CONVENTION | {"parties": [str(other.id)]}).status_code == 303
    session.refresh(convention)
    assert [party.partner_id for party in convention.parties] == [other.id]
    assert convention.ends_on is None
    assert other.name in admin.get(f"/network/conventions/{convention.id}").text


@pytest.mark.parametrize(
    "change",
    [
        {"signed_on": ""},
        {"signed_on": "2026-02-30"},
        {"signed_on": "soon"},
        {"signed_on": "0001-01-01"},
        {"signed_on": "9999-12-31"},
        {"ends_on": "2025-12-31"},
        {"ends_on": "99999-01-01"},
        {"title": ""},
        {"parties": ["x"]},
        {"parties": ["00000000-0000-0000-0000-000000000000"]},
        {"purpose": "x" * 100_000},
    ],
)
def test_unfit_conventions(admin, session, body, change):
    answer = submit(admin, "/network/countries/MA/conventions/new", CONVENTION | change)
    assert answer.status_code == 422
    assert session.scalar(select(func.count(Convention.id))) == 0
    assert "Error:" in answer.text or "Erreur" in answer.text


def test_an_end_before_the_beginning(admin, session):
    convention = network.convention(session)
    end = {"last_day": "2025-01-01", "reason": "x"}
    url = f"/network/conventions/{convention.id}/end"
    assert submit(admin, url, end).status_code == 422
    session.refresh(convention)
    assert convention.ends_on is None


def test_hostile_names_stay_text(app, session):
    network.partner(session, name="<img src=x onerror=alert(1)>", website="")
    page = client_for(app, person(session)).get("/network").text
    assert "<img src=x" not in page
    assert session.scalar(select(func.count(PartnerBody.id))) == 1
