"""Signing in: by any identifier, slow on purpose, the same for everybody, and not to be guessed."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.core.errors import Refusal
from lms.people import passwords
from lms.people.access import tries
from lms.people.models import AccountSession
from lms.people.routes import sign_in as routes
from tests.factories import network
from tests.factories import people as factory
from tests.factories.people import PASSWORD
from tests.people import client_for, csrf, field, person, submit, visitor
from tests.people.test_rules import HOSTILE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRONG = "This does not match an account"


def enter(client, who, password=PASSWORD, **data):
    return submit(client, "/sign-in?lang=en", {"who": who, "password": password, **data})


@pytest.fixture
def salma(session):
    network.country(session, "SN")
    return person(session, phone="+212612345678", login_name="salma.a")


@pytest.fixture
def passer_by(app, session):
    return visitor(app)


@pytest.mark.parametrize(
    "who",
    [
        "trainee@demo.example",
        " Trainee@DEMO.example ",
        "0612345678",
        "+212 612-34-56-78",
        "٠٦١٢٣٤٥٦٧٨",
        "Salma.A",
    ],
)
def test_by_any_identifier(passer_by, salma, who):
    answer = enter(passer_by, who)
    assert (answer.status_code, answer.location) == (303, "/home")
    assert "Salma Amrani" in passer_by.get("/sign-out").text


def test_it_is_the_person_named_and_nobody_else(passer_by, session, salma):
    """All have the same password here: an identifier that fitted several would show."""
    enter(passer_by, person(session, "programme").email)
    assert "Rachid Kettani" in passer_by.get("/sign-out").text
    for who in ("?!", "…", "nobody", "0", "@"):
        assert enter(visitor(passer_by.application), who).status_code == 422


def test_two_people_with_one_national_number(passer_by, session):
    ma = factory.person(session, "MA", phone="+212770123456")
    sn = factory.person(session, "SN", phone="+221770123456")
    sn.password_hash = factory.password_hash("another long one")
    enter(passer_by, "770123456", "another long one")
    assert sn.name in passer_by.get("/sign-out").text
    enter(passer_by, "770123456")
    assert ma.name in passer_by.get("/sign-out").text


@pytest.mark.parametrize("kind", ["unknown", "wrong", "invited", "left"])
def test_all_failures_look_alike(passer_by, session, kind):
    someone = {
        "unknown": lambda: None,
        "wrong": lambda: factory.person(session),
        "invited": lambda: factory.person(session, active=False),
        "left": lambda: factory.person(session, left_at=NOW),
    }[kind]()
    who = "nobody@demo.example" if someone is None else someone.email
    answer = enter(passer_by, who, "wrong wrong wrong" if kind == "wrong" else PASSWORD)
    assert answer.status_code == 422
    assert WRONG in answer.text
    plain = answer.text.replace(who, "WHO").replace(field(answer, "csrf_token"), "TOKEN")
    reference = visitor(passer_by.application)
    other = enter(reference, "x@demo.example", "y" * 12)
    assert plain == other.text.replace("x@demo.example", "WHO").replace(
        field(other, "csrf_token"), "TOKEN"
    )


def test_the_dummy_costs_what_a_real_hash_costs():
    real = passwords.hash_password("oasis figuier 1912")
    passwords.dummy_hash()

    def median(hashed):
        times = []
        for _ in range(9):
            began = perf_counter()
            passwords.verify(hashed, "wrong wrong wrong")
            times.append(perf_counter() - began)
        return sorted(times)[4]

    known, unknown = median(real), median(passwords.dummy_hash())
    assert abs(known - unknown) < max(known, unknown) * 0.6


def test_parameters_are_owasps():
    hashed = passwords.hash_password("oasis figuier 1912")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(hashed)
    assert passwords.is_outdated(factory.password_hash())
    assert passwords.verify(hashed, "oasis figuier 1912")
    assert not passwords.verify(hashed, "oasis figuier 1913")
    assert not passwords.verify("not a hash", "x")
    assert passwords.verify(passwords.hash_password("e\u0301te été ete", cheap=True), "éte été ete")


def test_an_old_hash_is_made_anew(passer_by, session, salma):
    salma.password_hash = old = passwords.PasswordHasher(3, 8, 1).hash(PASSWORD)
    enter(passer_by, salma.email)
    session.refresh(salma)
    assert salma.password_hash != old
    assert passwords.verify(salma.password_hash, PASSWORD)


def test_hashing_is_outside_transactions(passer_by, session, salma, monkeypatch):
    real, seen = passwords.verify, []

    def spy(*args):
        seen.append(routes.recognition.db.session().in_transaction())
        return real(*args)

    monkeypatch.setattr("lms.people.access.tries.verify", spy)
    enter(passer_by, salma.email)
    enter(visitor(passer_by.application), "nobody@demo.example")
    assert seen == [False, False]


# --- throttling ---


def guess(client, who, number, token):
    data = {"who": who, "password": f"guess number {number}", "csrf_token": token}
    return client.post("/sign-in", data=data).status_code


@pytest.mark.slow
def test_a_thousand_guesses_are_few(passer_by, session, salma, monkeypatch):
    checked = []
    monkeypatch.setattr(
        "lms.people.access.tries.verify", lambda *args: checked.append(args) or False
    )
    token = csrf(passer_by, "/sign-in")
    whos = [salma.email, "0612345678", "salma.a"]
    with clock.frozen(NOW):
        codes = [guess(passer_by, whos[n % 3], n, token) for n in range(100)]
        assert set(codes[:10]) == {422}
        assert set(codes[10:]) == {429}
        for n in range(900):
            with pytest.raises(Refusal):
                tries.begin(session, whos[n % 3], f"198.51.100.{n % 250}", NOW)
    assert len(checked) == 10
    assert enter(passer_by, salma.email).status_code == 422


@pytest.mark.slow
def test_a_thousand_accounts_from_one_address_are_few(session):
    begun = 0
    for n in range(1000):
        with suppress(Refusal):
            tries.begin(session, f"person{n}@demo.example", "198.51.100.7", NOW)
            begun += 1
    assert begun == 20


def test_ipv6_neighbours_are_one_address(session):
    for n in range(20):
        tries.begin(session, f"p{n}@demo.example", f"2001:db8:1:2::{n:x}", NOW)
    with pytest.raises(Refusal):
        tries.begin(session, "p@demo.example", "2001:db8:1:2:ffff::1", NOW)
    tries.begin(session, "p@demo.example", "2001:db8:1:3::1", NOW)


@pytest.mark.slow
def test_a_classroom_behind_one_address_gets_in(app, session):
    """Forty people, each with one typing error before."""
    pupils = [factory.person(session) for _ in range(40)]
    with clock.frozen(NOW):
        for pupil in pupils:
            client = visitor(app)
            token = csrf(client, "/sign-in")
            assert guess(client, pupil.email, 1, token) == 422
            data = {"who": pupil.email, "password": PASSWORD, "csrf_token": token}
            assert client.post("/sign-in", data=data).status_code == 303
    assert session.scalar(select(func.count(AccountSession.id))) == 40


def test_who_is_at_home_is_not_locked_out_by_neighbours(app, session, salma):
    with clock.frozen(NOW):
        enter(visitor(app), salma.email)
        for n in range(20):
            tries.begin(session, f"p{n}@demo.example", "127.0.0.1", NOW)
        assert enter(visitor(app), salma.email).status_code == 303
        stranger = enter(visitor(app), person(session, "trainer").email)
        assert stranger.status_code == 429
        assert "Too many tries" in stranger.text


def test_tries_are_forgotten_in_time(passer_by, session, salma):
    for _ in range(10):
        tries.begin(session, salma.email, "198.51.100.7", NOW)
    with clock.frozen(NOW + timedelta(minutes=14)):
        assert enter(passer_by, salma.email).status_code == 429
    with clock.frozen(NOW + timedelta(minutes=16)):
        assert enter(passer_by, salma.email).status_code == 303


def test_many_tries_do_not_tell_who_is_known(session):
    someone = person(session)

    def allowed(who):
        for n in range(30):
            try:
                tries.begin(session, who, f"203.0.113.{n}", NOW)
            except Refusal:
                return n
        return 30

    assert allowed(someone.email) == allowed("nobody@demo.example") == 10


# --- next, bad input, CSRF ---


def test_one_comes_back_to_where_one_was(passer_by, salma):
    asked = passer_by.get("/account?x=1")
    assert asked.location == "/sign-in?next=/account?x%3D1"
    page = passer_by.get(asked.location)
    assert enter(passer_by, salma.email, next=field(page, "next")).location == "/account?x=1"


def test_hostile_next_leads_home(app, session, salma):
    for target in HOSTILE[:12]:
        client = visitor(app)
        assert enter(client, salma.email, next=target).location == "/home"
    for target in HOSTILE:
        answer = client.get("/sign-in", query_string={"next": target})
        assert answer.location == "/home", target


def test_signed_in_people_are_sent_on(app, session):
    client = client_for(app, person(session))
    assert client.get("/sign-in?next=/account").location == "/account"


@pytest.mark.parametrize(
    ("who", "password"),
    [
        ("", ""),
        ("a@b.example", ""),
        ("x" * 100_000, "y" * 100_000),
        ("a\x00b", "p\x00q"),
        ("\u202e" * 10, "\x1b[31m"),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("{{7*7}}", "%(x)s"),
        ("😀" * 50, "😀" * 50),
    ],
)
def test_bad_input_is_answered(passer_by, session, who, password):
    answer = enter(passer_by, who, password)
    assert answer.status_code == 422
    assert "Error:" in answer.text
    assert password not in answer.text.replace(who, "") or not password


def test_what_was_typed_stays_but_the_password(passer_by, session):
    page = enter(passer_by, "0600 000 000", "hardly a secret").text
    assert "0600 000 000" in page
    assert "hardly a secret" not in page


def test_without_a_token_nothing_happens(passer_by, salma):
    data = {"who": salma.email, "password": PASSWORD}
    assert passer_by.post("/sign-in", data=data).status_code == 400
    assert passer_by.post("/sign-out").status_code == 400
    assert passer_by.post("/sign-in/code", data={}).status_code == 400
    assert passer_by.post("/reset", data={}).status_code == 400


def test_the_chosen_language_is_kept_on_the_person(passer_by, session, salma):
    passer_by.get("/sign-in?lang=ar")
    data = {"who": salma.email, "password": PASSWORD, "csrf_token": csrf(passer_by, "/sign-in")}
    assert passer_by.post("/sign-in", data=data).status_code == 303
    session.refresh(salma)
    assert salma.language == "ar"
    assert 'dir="rtl"' in passer_by.get("/account").text


def test_the_session_knows_its_device(passer_by, session, salma):
    enter(passer_by, salma.email, kept="y")
    row = session.scalar(select(AccountSession))
    assert (row.address, row.kept) == ("127.0.0.1", True)


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/reset", "/sign-out"])
def test_doors_in_three_languages(passer_by, session, path, lang):
    page = passer_by.get(f"{path}?lang={lang}")
    assert page.status_code == 200
    assert f'<html lang="{lang}"' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
