"""The list of people, inviting, printed slips: each within what one administers."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from lms.core.mail import MailMessage
from lms.people import service
from lms.people.models import AccessToken, Person
from lms.policy.actions import Action
from lms.policy.actor import Role, Scope
from lms.policy.permits import permits
from tests.factories import cohorts, network
from tests.factories import people as factory
from tests.people import PERSONAS, client_for, field, person, queries, submit, visitor

pytestmark = pytest.mark.slow

NEW = {
    "given_name": "Mounia",
    "family_name": "Ouazzani",
    "email": "mounia@demo.example",
    "country_code": "MA",
    "language": "fr",
    "role": "",
    "partner": "",
}


@pytest.fixture
def everybody(session):
    """All personas, with a cohort in each of two countries."""
    oujda, kaolack = cohorts.cohort(session), cohorts.cohort(session, country="SN")
    for name in PERSONAS:
        in_ma = name in {"trainee", "trainer", "supervisor"}
        in_sn = name in {"trainee.sn", "trainer.sn", "supervisor.sn"}
        person(session, name, cohort=oujda if in_ma else kaolack if in_sn else None)
    factory.person(session, "MA", left_at=datetime(2026, 2, 1, tzinfo=UTC))
    factory.person(session, "SN", active=False)
    return {name: person(session, name) for name in PERSONAS}


def names(page):
    return re.findall(
        r'<a href="/people/[0-9a-f-]+"><span class="name">.*?<bdi>([^<]+)</bdi>', page
    )


def test_the_list_and_the_table_agree(session, everybody):
    """For every persona and every person: `visible_to` is what the policy allows."""
    rows = session.scalars(select(Person)).all()
    for someone in everybody.values():
        actor = someone.actor
        seen = set(session.scalars(service.visible_to(actor).with_only_columns(Person.id)))
        allowed = {row.id for row in rows if permits(actor, Action.PERSON_VIEW, row)}
        assert seen == allowed, someone.email


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("admin.ma", 200),
        ("programme", 200),
        ("auditor", 200),
        ("trainee", 403),
        ("trainer", 403),
        ("partner", 403),
        ("assessor1", 403),
    ],
)
def test_who_sees_the_list(app, session, persona, status):
    client = client_for(app, person(session, persona))
    assert client.get("/people").status_code == status
    invites = persona in {"admin.ma", "programme"}
    assert client.get("/people/new").status_code == (200 if invites else 403)


def test_an_admin_sees_the_country_alone(app, everybody):
    page = client_for(app, everybody["admin.ma"]).get("/people?lang=fr").text
    assert "Salma Amrani" in page
    assert "Awa Ndiaye" not in page
    other = client_for(app, everybody["admin.ma"]).get("/people?country=SN&q=ndiaye").text
    assert "Awa Ndiaye" not in other


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=AMRANI", ["Salma Amrani"]),
        ("q=العمرانى", ["Salma Amrani"]),
        ("q=الادريسي", ["Karim El Idrissi"]),
        ("q=idrissi+karim", ["Karim El Idrissi"]),
        ("q=gueye", ["Fatou Gueye"]),
        ("q=Guèye", ["Fatou Gueye"]),
        ("q=admin.be%40demo", ["Sofie Maes"]),
        ("role=auditor", ["Marc Janssens"]),
        ("role=country_admin&country=SN", ["Ibrahima Sow"]),
        ("q=%25", []),
        ("q=a%25b", []),
        ("q=%00", None),
        ("role=king&standing=x&after=broken&country=XX", None),
        ("q=" + "x" * 5000, []),
    ],
)
def test_search(app, everybody, query, found):
    answer = client_for(app, everybody["programme"]).get(f"/people?lang=fr&{query}")
    assert answer.status_code == 200
    if found is not None:
        assert names(answer.text) == found


def test_standing_filters(app, everybody):
    client = client_for(app, everybody["programme"])
    assert len(names(client.get("/people?standing=invited&lang=fr").text)) == 1
    assert "Salma Amrani" not in client.get("/people?standing=left&lang=fr").text


def test_pages_by_key(app, session):
    admin = person(session, "admin.ma")
    for number in range(60):
        factory.person(session, family_name="Même", given_name=chr(65 + number % 3))
    client, seen, url = client_for(app, admin), [], "/people?lang=fr&q=même"
    while url:
        page = client.get(url).text
        seen += re.findall(r'href="/people/([0-9a-f-]{36})"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        url = following[1].replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) == 60


def test_as_many_queries_for_many_as_for_few(app, session):
    client = client_for(app, person(session, "programme"))
    counts = []
    for _ in range(2):
        for _ in range(10):
            holder = factory.person(session)
            factory.grant(session, holder, Role.JUROR)
        session.expunge_all()
        with queries() as seen:
            client.get("/people")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


# --- inviting ---


def test_an_admin_invites(app, session):
    admin = person(session, "admin.ma")
    client = client_for(app, admin)
    answer = submit(client, "/people/new", NEW | {"role": "assessor:country"})
    assert answer.status_code == 303
    made = session.scalar(select(Person).where(Person.email == "mounia@demo.example"))
    assert answer.location == f"/people/{made.id}/access"
    assert made.password_hash is None
    assert [(g.role, g.scope, g.scope_id) for g in made.grants] == [
        (Role.ASSESSOR, Scope.COUNTRY, "MA")
    ]
    message = session.scalar(select(MailMessage))
    assert (message.template, message.to_address) == ("invitation", made.email)
    assert "Laila Berrada" in message.text
    assert client.get(answer.location).status_code == 200


def test_sent_twice_makes_one(app, session):
    client = client_for(app, person(session, "admin.ma"))
    page = client.get("/people/new")
    data = NEW | {name: field(page, name) for name in ("csrf_token", "record_id")}
    first, second = (client.post("/people/new", data=data) for _ in range(2))
    assert first.location == second.location
    wanted = select(func.count(Person.id)).where(Person.email == "mounia@demo.example")
    assert session.scalar(wanted) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"country_code": "SN"}, 422),
        ({"role": "assessor:all"}, 422),
        ({"role": "programme_admin:all"}, 422),
        ({"role": "trainee:cohort"}, 422),
        ({"role": "partner:partner", "partner": ""}, 422),
        ({"role": "partner:partner", "partner": "x"}, 422),
        ({"role": "country_admin:country"}, 303),
        ({"email": ""}, 422),
        ({"email": "", "phone": "0612345678"}, 303),
        ({"email": "", "login_name": "mounia"}, 303),
        ({"email": "admin.ma@demo.example"}, 422),
        ({"family_name": "x" * 100_000}, 422),
        ({"family_name": ""}, 422),
        ({"given_name": "\x1b"}, 422),
    ],
)
def test_what_an_admin_may_invite(app, session, change, status):
    network.country(session, "SN")
    client = client_for(app, person(session, "admin.ma"))
    before = session.scalar(select(func.count(Person.id)))
    answer = submit(client, "/people/new", NEW | change)
    assert answer.status_code == status
    made = session.scalar(select(func.count(Person.id))) - before
    assert made == (1 if status == 303 else 0)


def test_a_partner_verifier(app, session):
    body = network.partner(session, "MA")
    foreign = network.partner(session, "SN")
    client = client_for(app, person(session, "admin.ma"))
    refused = submit(
        client, "/people/new", NEW | {"role": "partner:partner", "partner": foreign.id}
    )
    assert refused.status_code == 422
    data = NEW | {"role": "partner:partner", "partner": str(body.id)}
    assert submit(client, "/people/new", data).status_code == 303
    made = session.scalar(select(Person).where(Person.email == "mounia@demo.example"))
    assert made.active_grants[0].scope_id == str(body.id)


def test_the_programme_invites_anywhere(app, session):
    network.country(session, "SN")
    client = client_for(app, person(session, "programme"))
    data = NEW | {"country_code": "SN", "role": "assessor:all"}
    assert submit(client, "/people/new", data).status_code == 303


def test_only_what_is_known_of_a_taken_address(app, session):
    """Whose address it is, another country's admin does not learn."""
    person(session, "admin.sn")
    client = client_for(app, person(session, "admin.ma"))
    page = submit(client, "/people/new?lang=en", NEW | {"email": "admin.sn@demo.example"}).text
    assert "cannot be used" in page
    assert "Ibrahima" not in page


# --- slips ---


def test_slips_for_those_who_have_not_come_in(app, session):
    admin = person(session, "admin.ma")
    mine = [factory.person(session, active=False, language="ar") for _ in range(3)]
    others = [factory.person(session, "SN", active=False), factory.person(session)]
    client = client_for(app, admin)
    listed = client.get("/people?standing=invited&lang=fr").text
    assert all(str(each.id) in listed for each in mine)
    data = {"person": [str(each.id) for each in [*mine, *others]] + ["x", "\x00"]}
    answer = submit(client, "/people/slips", data, page="/people?standing=invited")
    assert answer.status_code == 200
    assert answer.text.count("data:image/svg+xml") == 3
    assert "style=" not in answer.text
    urls = re.findall(r"https://coaching\.example/invitations/[\w-]{22}", answer.text)
    assert len(set(urls)) == 3
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert session.scalar(select(func.count(AccessToken.id))) == 3
    path = urls[0].removeprefix("https://coaching.example")
    assert "امسحوا الرمز" in answer.text
    assert '<html lang="ar" dir="rtl">' in visitor(app).get(path).text
    assert '<html lang="en" dir="ltr">' in visitor(app).get(f"{path}?lang=en").text


def test_no_slip_for_nobody(app, session):
    client = client_for(app, person(session, "admin.ma"))
    answer = submit(client, "/people/slips", {}, page="/people/new")
    assert answer.location == "/people?standing=invited"


def test_slips_are_for_admins(app, session):
    client = client_for(app, person(session, "auditor"))
    assert submit(client, "/people/slips", {}).status_code == 403
