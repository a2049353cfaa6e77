"""One's own account."""

import pytest
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.people.passwords import verify
from tests.factories import people as factory
from tests.factories.people import PASSWORD
from tests.people import client_for, person, submit, visitor

NO_GIVEN = {"given_name": "", "given_name_ar": ""}
LATIN = {"family_name": "Ndiaye", "family_name_ar": ""} | NO_GIVEN
NO_CONTACT = {"email": "", "phone": "", "login_name": ""}
NEW = "dune lointaine 77"


@pytest.fixture
def salma(session):
    return person(session)


@pytest.fixture
def client(app, salma):
    return client_for(app, salma)


def test_everything_at_a_glance(client, session):
    page = client.get("/account?lang=en").text
    for words in (
        "Salma",
        "العمراني",
        "trainee@demo.example",
        "Casablanca (Morocco)",
        "this device",
    ):
        assert words in page


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
@pytest.mark.parametrize("page", ["", "/names", "/language", "/contact", "/password"])
def test_pages_in_three_languages(client, session, page, lang):
    assert client.get(f"/account{page}?lang={lang}").status_code == 200
    assert visitor(client.application).get(f"/account{page}").status_code == 302


def test_names(client, session, salma):
    data = {"family_name": "Amrani-Alaoui", "family_name_ar": "العمراني العلوي"} | NO_GIVEN
    answer = submit(client, "/account/names", data)
    assert (answer.status_code, answer.location) == (303, "/account")
    session.refresh(salma)
    assert (salma.name, salma.name_ar) == ("Amrani-Alaoui", "العمراني العلوي")
    assert salma.search_text.startswith("amrani alaoui")
    row = session.scalar(select(AuditEntry).where(AuditEntry.action == "person.rename"))
    assert row.details["family_name"] == ["Amrani", "Amrani-Alaoui"]
    assert row.country_code == "MA"


def test_names_need_arabic_in_morocco_alone(client, app, session):
    assert submit(client, "/account/names", LATIN).status_code == 422
    senegal = client_for(app, person(session, "trainee.sn"))
    assert submit(senegal, "/account/names", LATIN).status_code == 303


def test_language_and_zone(client, session, salma):
    data = {"language": "ar", "time_zone": "Africa/Dakar"}
    assert submit(client, "/account/language", data).status_code == 303
    session.refresh(salma)
    assert (salma.language, salma.time_zone) == ("ar", "Africa/Dakar")
    assert 'lang="ar"' in client.get("/account").text
    for bad in ({"language": "xx", "time_zone": "Africa/Dakar"}, {"time_zone": "../etc/passwd"}):
        assert submit(client, "/account/language", bad).status_code == 422


def test_contact_needs_the_password(client, session, salma):
    data = {"email": "Salma@Demo.example", "phone": "06 12 34 56 78", "login_name": "Salma.A"}
    wrong = submit(client, "/account/contact?lang=en", data | {"password": "wrong wrong"})
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    assert submit(client, "/account/contact", data | {"password": PASSWORD}).status_code == 303
    session.refresh(salma)
    assert (salma.email, salma.phone, salma.login_name) == (
        "salma@demo.example",
        "+212612345678",
        "salma.a",
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Give at least one"),
        ({"email": "salma"}, "Write an e-mail address"),
        ({"email": "a@b@c.example"}, "Write an e-mail address"),
        ({"phone": "12"}, "Write a phone number"),
        ({"login_name": "!"}, "Choose 3 to 40"),
        ({"email": "x" * 100_000 + "@demo.example"}, "too long"),
        ({"email": "trainer@demo.example"}, "cannot be used"),
        ({"email": "a\x00@demo.example"}, "cannot be kept"),
    ],
)
def test_unfit_contacts(client, session, salma, data, words):
    person(session, "trainer")
    answer = submit(
        client, "/account/contact?lang=en", {**NO_CONTACT, **data, "password": PASSWORD}
    )
    assert answer.status_code == 422
    assert words in answer.text


def test_a_new_password(client, app, session, salma):
    other = client_for(app, salma)
    answer = submit(client, "/account/password", {"present": PASSWORD, "password": NEW})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    session.refresh(salma)
    assert verify(salma.password_hash, NEW)


@pytest.mark.parametrize(
    ("present", "password"),
    [
        ("wrong wrong", NEW),
        (PASSWORD, "short"),
        ("", NEW),
        (PASSWORD, ""),
        (PASSWORD, "azertyuiop"),
    ],
)
def test_a_refused_password(client, session, salma, present, password):
    before = salma.password_hash
    data = {"present": present, "password": password}
    assert submit(client, "/account/password", data).status_code == 422
    session.refresh(salma)
    assert salma.password_hash == before


def test_the_present_password_is_not_guessed(client, session, salma):
    data = {"present": "wrong wrong", "password": NEW}
    for _ in range(10):
        submit(client, "/account/password", data)
    right = submit(client, "/account/password?lang=en", data | {"present": PASSWORD})
    assert "Too many tries" in right.text


def test_nothing_without_a_token(client, session):
    for path in ("names", "language", "contact", "password", "sessions/end-others"):
        assert client.post(f"/account/{path}", data={}).status_code == 400


def test_hostile_names_stay_text(app, session):
    someone = factory.person(session, family_name="<script>alert(1)</script>", given_name="{{7*7}}")
    page = client_for(app, someone).get("/account").text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page
