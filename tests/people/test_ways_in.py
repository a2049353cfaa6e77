"""Invitations, reset links, one-time codes: used once, never by a GET, telling nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, jobs
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal
from lms.core.jobs import Job
from lms.core.mail import MailMessage
from lms.people import jobs as people_jobs
from lms.people import service
from lms.people.access import service as access
from lms.people.models import AccessToken
from lms.people.passwords import verify
from lms.people.rules import TokenKind
from lms.policy.actor import SYSTEM
from tests.factories import cohorts
from tests.factories import people as factory
from tests.factories.people import PASSWORD
from tests.people import client_for, person, submit, visitor

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = {
    "given_name": "Mounia",
    "family_name": "Ouazzani",
    "given_name_ar": "منية",
    "family_name_ar": "الوزاني",
    "language": "ar",
    "password": "oasis figuier 1912",
}
NEW = "dune lointaine 77"


def invited(session, **fields):
    someone = factory.person(session, "MA", active=False, **fields)
    with clock.frozen(NOW):
        token = access.make_link(session, SYSTEM, someone, TokenKind.INVITATION, NOW)
    return someone, f"/invitations/{token}"


def used(session):
    return [each.used_at for each in session.scalars(select(AccessToken))]


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(NOW):
        yield


# --- invitations ---


def test_an_invited_person_comes_in(app, session):
    someone, url = invited(session)
    client = visitor(app)
    answer = submit(client, url, NAMES)
    assert (answer.status_code, answer.location) == (303, "/home")
    session.refresh(someone)
    assert (someone.name, someone.name_ar, someone.language) == (
        "Mounia Ouazzani",
        "منية الوزاني",
        "ar",
    )
    assert "منية" in client.get("/account").text
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"access.make-invitation", "person.set-password"} <= actions


def test_looking_uses_nothing_up(app, session):
    _, url = invited(session)
    for _ in range(5):
        page = visitor(app).get(url, headers={"User-Agent": "WhatsApp/2.23"})
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page.headers["Cache-Control"]
    visitor(app).head(url)
    assert used(session) == [None]


def test_an_invitation_works_once(app, session):
    someone, url = invited(session)
    access.make_link(session, SYSTEM, someone, TokenKind.INVITATION, NOW)
    first, second = visitor(app), visitor(app)
    ready = second.get(url)
    assert submit(first, url, NAMES).status_code == 303
    assert second.get(url).status_code == 410
    token = ready.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    late = second.post(url, data={**NAMES, "password": NEW, "csrf_token": token})
    assert late.status_code == 410
    assert None not in used(session)
    session.refresh(someone)
    assert verify(someone.password_hash, PASSWORD)


def test_an_invitation_expires(app, session):
    _, url = invited(session)
    with clock.frozen(NOW + timedelta(days=14)):
        assert visitor(app).get(url).status_code == 410
    with clock.frozen(NOW + timedelta(days=13, hours=23)):
        assert visitor(app).get(url).status_code == 200


@pytest.mark.parametrize("token", ["x", "A" * 22, "%00", "é", "a" * 5000, "..%2f..", "<b>"])
def test_tampered_links_are_unknown(app, session, token):
    for area in ("invitations", "reset"):
        answer = visitor(app).get(f"/{area}/{token}")
        assert answer.status_code == 404
        assert b"Traceback" not in answer.data


def test_a_link_of_another_kind_does_not_fit(app, session):
    _, url = invited(session)
    assert visitor(app).get(url.replace("/invitations/", "/reset/")).status_code == 404


def test_who_has_left_is_not_invited(app, session):
    someone, url = invited(session)
    service.leave(session, SYSTEM, someone, "n’est pas venu", NOW)
    assert visitor(app).get(url).status_code == 404
    with pytest.raises(Refusal, match="person_left"):
        access.make_link(session, SYSTEM, someone, TokenKind.INVITATION, NOW)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"family_name": ""}, "Write the family name"),
        ({"family_name_ar": ""}, "in Arabic script"),
        ({"given_name_ar": "Mounia"}, "Use Arabic letters"),
        ({"family_name": "الوزاني"}, "Use Latin letters"),
        ({"family_name": "Ouaz\x07zani"}, "characters that cannot be kept"),
        ({"family_name": "O" * 100_000}, "too long"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "motdepasse123"}, "others would try"),
        ({"password": "Mounia Ouazzani"}, "little more than your name"),
        ({"password": "p" * 100_000}, "too long"),
        ({"language": "xx"}, "There is a problem"),
    ],
)
def test_what_is_asked_for(app, session, change, words):
    someone, url = invited(session)
    answer = submit(visitor(app), f"{url}?lang=en", {**NAMES, **change})
    assert answer.status_code == 422
    assert words in answer.text
    session.refresh(someone)
    assert someone.password_hash is None
    assert used(session) == [None]


def test_arabic_names_may_be_left_out_elsewhere(app, session):
    someone = factory.person(session, "SN", active=False)
    token = access.make_link(session, SYSTEM, someone, TokenKind.INVITATION, NOW)
    data = NAMES | {"given_name_ar": "", "family_name_ar": "", "given_name": "", "language": "fr"}
    assert submit(visitor(app), f"/invitations/{token}", data).status_code == 303
    session.refresh(someone)
    assert someone.name == "Ouazzani"


# --- reset by mail ---


def ask(app, who):
    return submit(visitor(app), "/reset?lang=en", {"who": who})


def run_jobs(session):
    for job in session.scalars(select(Job).where(Job.name == "people.send_reset")).all():
        people_jobs.send_reset(session, dict(job.payload), NOW)


def test_a_forgotten_password(app, session):
    someone = person(session)
    other = client_for(app, someone)
    assert "on its way" in ask(app, "Trainee@demo.example").text
    run_jobs(session)
    message = session.scalar(select(MailMessage))
    assert (message.to_address, message.template) == (someone.email, "reset")
    url = next(word for word in message.text.split() if "/reset/" in word)
    assert url.startswith("https://coaching.example/reset/")
    path = url.removeprefix("https://coaching.example")
    client = visitor(app)
    assert client.get(path).status_code == 200
    assert submit(client, path, {"password": NEW}).location == "/home"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert visitor(app).get(path).status_code == 410
    session.refresh(someone)
    assert verify(someone.password_hash, NEW)


def test_the_answer_never_tells(app, session):
    known = person(session).email
    left = factory.person(session, left_at=NOW).email
    factory.person(session, email=None, phone="+212612345678")
    pages = [ask(app, who) for who in (known, left, "0612345678", "nobody@demo.example", "?!")]
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert len(session.scalars(select(Job).where(Job.name == "people.send_reset")).all()) == 5
    run_jobs(session)
    assert [each.to_address for each in session.scalars(select(MailMessage))] == [known]


def test_who_has_not_come_in_gets_the_invitation(app, session):
    someone = factory.person(session, active=False)
    ask(app, someone.email)
    run_jobs(session)
    assert session.scalar(select(MailMessage.template)) == "invitation"


def test_nobody_is_flooded(app, session):
    someone = person(session)
    for _ in range(6):
        assert ask(app, someone.email).status_code == 200
    assert len(session.scalars(select(Job).where(Job.name == "people.send_reset")).all()) == 3


def test_a_new_address_closes_old_links(app, session):
    someone = person(session)
    token = access.make_link(session, SYSTEM, someone, TokenKind.RESET, NOW)
    contact = service.Contact(email="new@demo.example")
    service.change_contact(session, SYSTEM, someone, contact, NOW)
    assert visitor(app).get(f"/reset/{token}").status_code == 410


def test_a_reset_link_expires(app, session):
    token = access.make_link(session, SYSTEM, person(session), TokenKind.RESET, NOW)
    with clock.frozen(NOW + timedelta(hours=2)):
        assert visitor(app).get(f"/reset/{token}").status_code == 410


# --- one-time codes ---


def make_code(client, someone):
    page = submit(client, f"/people/{someone.id}/code", page=f"/people/{someone.id}/access")
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    return page.text.split('<bdi dir="ltr">')[1].split("</bdi>")[0]


def enter(client, who, code, password=NEW):
    data = {"who": who, "code": code, "password": password}
    return submit(client, "/sign-in/code?lang=en", data)


@pytest.fixture
def salma(session):
    return person(session, cohort=cohorts.cohort(session))


def test_a_code_from_the_trainer(app, session, salma):
    trainer = person(session, "trainer", cohort=session.scalar(select(cohorts.Cohort)))
    code = make_code(client_for(app, trainer), salma)
    assert len(code) == 9
    client, before = visitor(app), client_for(app, salma)
    assert enter(client, salma.email, code.replace(" ", "-")).location == "/home"
    assert client.get("/account").status_code == 200
    assert before.get("/account").status_code == 302
    again = enter(visitor(app), salma.email, code)
    assert again.status_code == 422
    assert "does not fit" in again.text


def test_a_code_fits_one_person(app, session, salma):
    code = make_code(client_for(app, person(session, "admin.ma")), salma)
    assert enter(visitor(app), person(session, "trainee.new").email, code).status_code == 422
    assert enter(visitor(app), "nobody@demo.example", code).status_code == 422
    assert enter(visitor(app), salma.email, code).status_code == 303


def test_a_newer_code_replaces_the_older(app, session, salma):
    admin = client_for(app, person(session, "admin.ma"))
    first, second = make_code(admin, salma), make_code(admin, salma)
    assert enter(visitor(app), salma.email, first).status_code == 422
    assert enter(visitor(app), salma.email, second).status_code == 303


def test_a_code_lasts_a_day(app, session, salma):
    code = make_code(client_for(app, person(session, "admin.ma")), salma)
    with clock.frozen(NOW + timedelta(hours=24)):
        assert enter(visitor(app), salma.email, code).status_code == 422


def test_codes_are_not_guessed(app, session, salma):
    code = make_code(client_for(app, person(session, "admin.ma")), salma)
    client = visitor(app)
    statuses = [enter(client, salma.email, f"{n:08d}").status_code for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert enter(client, salma.email, code).status_code == 429


def test_a_bad_password_does_not_use_the_code_up(app, session, salma):
    code = make_code(client_for(app, person(session, "admin.ma")), salma)
    assert enter(visitor(app), salma.email, code, "short").status_code == 422
    assert enter(visitor(app), salma.email, code).status_code == 303


def test_only_the_hash_is_kept(app, session, salma):
    code = make_code(client_for(app, person(session, "admin.ma")), salma)
    rows = str(session.execute(select(AccessToken.__table__)).all())
    assert code not in rows
    assert code.replace(" ", "") not in rows


def test_what_is_old_is_forgotten(session):
    someone = person(session)
    factory.token(session, someone)
    access.make_link(session, SYSTEM, someone, TokenKind.RESET, NOW)
    session.commit()
    people_jobs.forget_old(session, {}, NOW + timedelta(days=60))
    assert len(used(session)) == 1
    people_jobs.forget_old(session, {}, NOW + timedelta(days=121))
    assert used(session) == []
    assert "people.forget_old" in jobs.names()
