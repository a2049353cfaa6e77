"""Pages of cohorts over HTTP."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from lms.cohorts import service
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.policy.actor import Role
from tests.factories import cohorts as factory
from tests.factories import curriculum, network, people
from tests.pages import counted
from tests.people import person

pytestmark = pytest.mark.slow


@pytest.fixture
def office(browse, admin):
    return browse(admin)


def hidden(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)
    return {name: found[1]} if found else {}


def post(client, address, page_address=None, **data):
    page = client.get(page_address or address)
    values = {}
    for name in ("csrf_token", "record_id", "version"):
        values |= hidden(page, name)
    return client.post(address, data={**values, **data})


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def founded(session, **fields):
    return {
        "name": "Oujda 2027", "country_code": "MA", "centre": "", "programme": "coach",
        "release": curriculum.release(session, curriculum.ours()).id,
        "starts_on": "2027-01-10", "ends_on": "2027-11-30", "time_zone": "Africa/Casablanca",
        **fields,
    }  # fmt: skip


# --- the list ---


def test_the_list_shows_ones_own_and_is_filtered(session, browse, office, cohort):
    network.country(session, "SN")
    other = factory.cohort(session, name="Éveil de Kaolack", country="SN")
    factory.cohort(session, name="Élan 2027", state=CohortState.PLANNED)
    page = office.get("/cohorts")
    assert cohort.name in page.text
    assert other.name not in page.text
    assert cohort.name not in office.get("/cohorts?q=elan").text
    assert "Élan 2027" in office.get("/cohorts?q=elan").text
    assert cohort.name not in office.get("/cohorts?state=planned").text
    everything = browse(person(session, "programme"))
    assert other.name in everything.get("/cohorts?country=SN").text
    assert cohort.name not in everything.get("/cohorts?country=SN").text
    for broken in ("country=%00", "state=x", "after=x", "q=" + "a" * 5000):
        assert everything.get(f"/cohorts?{broken}").status_code == 200


def test_the_list_is_paged_by_key(session, office):
    for _ in range(30):
        factory.cohort(session)
    page = office.get("/cohorts")
    following = re.search(r'rel="next" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    again = office.get(following)
    assert 'rel="prev"' in again.text


def test_an_empty_list_shows_the_way(office):
    assert "/cohorts/new" in office.get("/cohorts").text


# --- founding and changing ---


def test_a_cohort_is_founded_once_however_often_it_is_sent(session, office):
    network.country(session)
    page = office.get("/cohorts/new")
    data = founded(session) | hidden(page, "csrf_token") | hidden(page, "record_id")
    for _ in range(3):
        done = office.post("/cohorts/new", data=data)
        assert done.status_code == 303
    made = session.scalars(select(Cohort)).one()
    assert (made.name, made.state, made.programme) == ("Oujda 2027", CohortState.PLANNED, "coach")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 100_000},
        {"name": "a\x07b"},
        {"country_code": "SN"},
        {"country_code": "XX"},
        {"programme": "astronaut"},
        {"release": "f" * 64},
        {"starts_on": "2027-02-31"},
        {"ends_on": "2026-01-01"},
        {"ends_on": "2099-01-01"},
        {"time_zone": "Mars/Olympus"},
        {"centre": "nowhere"},
    ],
)
def test_impossible_cohorts_are_answered(session, office, fields):
    network.country(session)
    network.country(session, "SN")
    page = post(office, "/cohorts/new", **founded(session, **fields))
    assert page.status_code == 422
    assert 'class="error-summary"' in page.text
    assert number_of(session, Cohort) == 0


def test_two_admins_at_once(session, office, cohort):
    address = f"/cohorts/{cohort.id}/edit"
    page = office.get(address)
    data = founded(
        session, programme=cohort.programme, starts_on="2026-01-15", ends_on="2026-12-15"
    )
    assert post(office, address, **{**data, "name": "Un"}).status_code == 303
    stale = office.post(
        address,
        data={**data, "name": "Deux"} | hidden(page, "csrf_token") | hidden(page, "version"),
    )
    assert stale.status_code == 409
    assert 'value="Deux"' in stale.text
    session.expire_all()
    assert cohort.name == "Un"


def test_a_cohort_is_led_through_its_life(session, office, cohort):
    address = f"/cohorts/{cohort.id}/change/close"
    assert office.get(address).status_code == 200
    assert post(office, address, reason="").status_code == 422
    assert post(office, address, reason="Fini.").status_code == 303
    session.expire_all()
    assert cohort.state is CohortState.CLOSED
    assert office.get(address).status_code == 409
    assert office.get(f"/cohorts/{cohort.id}/change/fly").status_code == 404


# --- who may ---


def test_who_sees_a_cohort(session, browse, admin, cohort):
    trainer, supervisor = factory.team(session, cohort)
    trainee = factory.enrolment(session, person(session, "trainee"), cohort).person
    outsider = factory.enrolment(session).person
    home = f"/cohorts/{cohort.id}"
    for someone, status, edits in (
        (admin, 200, True),
        (trainer, 200, False),
        (supervisor, 200, False),
        (trainee, 200, False),
        (person(session, "auditor"), 200, False),
        (person(session, "programme"), 200, True),
        (outsider, 404, False),
        (person(session, "admin.sn"), 404, False),
        (person(session, "partner"), 404, False),
    ):
        client = browse(someone)
        page = client.get(home)
        assert page.status_code == status, someone.name
        assert (f"{home}/edit" in page.text) is edits, someone.name
        if status == 200 and not edits:
            assert client.get(f"{home}/edit").status_code == 403


def test_a_trainee_does_not_see_the_roster(session, browse, cohort):
    trainee = factory.enrolment(session, person(session, "trainee"), cohort).person
    mate = factory.enrolment(session, None, cohort).person
    assert mate.name not in browse(trainee).get(f"/cohorts/{cohort.id}").text


# --- team ---


def test_the_team_is_chosen(session, office, cohort):
    someone = people.person(session, family_name="Zahraoui")
    address = f"/cohorts/{cohort.id}/team"
    assert "Zahraoui" in office.get(f"{address}?q=zahra").text
    for role in ("trainer", "supervisor"):
        done = post(
            office, f"{address}/assign", f"{address}?q=zahra", person=str(someone.id), role=role
        )
        assert done.status_code == 303
    assert service.team(session, cohort.id)[Role.SUPERVISOR] == [someone]
    post(office, f"{address}/unassign", address, person=str(someone.id), role="trainer")
    session.expire_all()
    assert service.team(session, cohort.id)[Role.TRAINER] == []
    for data in (
        {"person": "x", "role": "trainer"},
        {"person": str(someone.id), "role": "auditor"},
    ):
        assert post(office, f"{address}/assign", f"{address}?q=a", **data).status_code == 409


# --- enrolments ---


def test_an_enrolment_is_paused_resumed_left(session, office, cohort):
    enrolment = factory.enrolment(session, None, cohort)
    home = f"/cohorts/enrolments/{enrolment.id}"
    for event, state in (
        ("pause", EnrolmentState.PAUSED),
        ("resume", EnrolmentState.ENROLLED),
        ("withdraw", EnrolmentState.WITHDRAWN),
        ("resume", EnrolmentState.ENROLLED),
        ("complete", EnrolmentState.COMPLETED),
    ):
        address = f"{home}/change/{event}"
        assert office.get(address).status_code == 200
        assert post(office, address, reason="").status_code == 422
        assert post(office, address, reason="Voilà.").status_code == 303
        session.expire_all()
        assert enrolment.state is state
    assert office.get(f"{home}/change/pause").status_code == 409
    assert office.get(f"{home}/change/fly").status_code == 404


def test_a_trainee_is_transferred(session, office, cohort):
    enrolment = factory.enrolment(session, None, cohort)
    target = factory.cohort(session)
    address = f"/cohorts/enrolments/{enrolment.id}/change/transfer"
    assert target.name in office.get(address).text
    assert post(office, address, reason="Déménagement.", target="").status_code == 422
    assert post(office, address, reason="Déménagement.", target="x").status_code == 422
    done = post(office, address, reason="Déménagement.", target=str(target.id))
    assert done.status_code == 303
    moved = session.scalars(select(Enrolment).where(Enrolment.cohort_id == target.id)).one()
    assert str(moved.id) in done.location
    assert office.get(done.location).status_code == 200


# --- rosters ---

LIST = "Salma BENNANI;salma@example.org\nOmar Idrissi;0612345678\n;;x@example.org\nAïcha Diop"


def preview(client, cohort, **data):
    return post(client, f"/cohorts/{cohort.id}/roster", **data)


def confirm(client, cohort, page, **data):
    values = hidden(page, "csrf_token") | hidden(page, "seen")
    return client.post(f"/cohorts/{cohort.id}/roster/confirm", data={**values, **data})


def test_a_roster_is_pasted_checked_and_taken_in(session, office, cohort):
    page = preview(office, cohort, text=LIST)
    assert page.status_code == 200
    assert number_of(session, Enrolment) == 0
    done = confirm(office, cohort, page, text=LIST)
    assert done.status_code == 200  # two without e-mail: their slips are to be printed
    assert "aicha.diop" in done.text
    assert number_of(session, Enrolment) == 3
    again = confirm(office, cohort, page, text=LIST)
    assert again.status_code == 303
    assert number_of(session, Enrolment) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_roster_from_excel(session, office, cohort, encoding):
    data = "Nom;Prénom;E-mail\r\nÉlève;Aïcha;aicha@example.org\r\n".encode(encoding)
    page = preview(office, cohort, text="", file=(BytesIO(data), "liste.csv"))
    assert "Aïcha Élève" in page.text
    kept = re.search(r"<textarea name=\"text\"[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)[1]
    assert confirm(office, cohort, page, text=kept).status_code == 303
    assert session.scalars(select(Enrolment)).one().person.name == "Aïcha Élève"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 422),
        ("\n\n \n", 422),
        ("A B\n" * 1001, 422),
        ("x" * 100_000, 200),
        ("x" * 600_000, 422),
        ("a\x00b;c@d.example", 200),
        ('"never closed;x@y.example', 200),
        ("<script>alert(1)</script>;x@y.example", 200),
    ],
)
def test_strange_lists_are_answered(session, office, cohort, text, status):
    page = preview(office, cohort, text=text)
    assert page.status_code == status
    assert "<script>alert" not in page.text
    assert number_of(session, Enrolment) == 0


def test_a_picture_is_no_list(session, office, cohort):
    page = preview(office, cohort, file=(BytesIO(bytes(range(256)) * 40), "photo.csv"))
    assert page.status_code in {200, 422}


def test_rows_to_correct_are_downloaded_safely(office, cohort):
    text = LIST + "\nFormule =1+1;=cmd@x\nSalma BENNANI;salma@example.org"
    page = preview(office, cohort, text=text)
    answer = office.post(
        f"/cohorts/{cohort.id}/roster/errors", data={**hidden(page, "csrf_token"), "text": text}
    )
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert all(not cell.startswith("=") for line in lines for cell in line.split(";"))
    assert "'=cmd@x" in answer.text


def test_a_list_that_has_changed_meanwhile_is_shown_again(session, office, cohort):
    text = "Salma BENNANI;salma@example.org\nOmar Idrissi;omar@example.org"
    page = preview(office, cohort, text=text)
    people.person(session, "SN", email="omar@example.org")
    assert confirm(office, cohort, page, text=text).status_code == 409
    assert number_of(session, Enrolment) == 0


# --- every page in every language, and its cost ---


def test_every_page_in_every_language(session, office, cohort):
    factory.team(session, cohort)
    enrolment = factory.enrolment(session, person(session, "trainee"), cohort)
    planned = factory.cohort(session, state=CohortState.PLANNED)
    home = f"/cohorts/{cohort.id}"
    for address in (
        "/cohorts", "/cohorts/new", home, f"{home}/edit", f"{home}/team?q=a", f"{home}/roster",
        f"{home}/change/close", f"/cohorts/{planned.id}/change/cancel", f"{home}?state=enrolled",
        f"{home}?q=nobody", f"/cohorts/enrolments/{enrolment.id}",
        *(f"/cohorts/enrolments/{enrolment.id}/change/{event}"
          for event in ("pause", "withdraw", "transfer", "complete")),
    ):  # fmt: skip
        for language in ("fr", "en", "ar"):
            page = office.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert page.status_code == 200, address
            assert f'lang="{language}"' in page.text


def test_a_cohorts_page_costs_at_most_ten_queries_at_any_size(session, office, cohort, admin):
    factory.team(session, cohort)

    def costs():
        found = []
        for address in (f"/cohorts/{cohort.id}", "/cohorts"):
            office.get(address)
            with counted() as statements:
                assert office.get(address).status_code == 200
            found.append(len(statements))
        return found

    for _ in range(3):
        factory.enrolment(session, people.person(session), cohort)
    few = costs()
    for _ in range(25):
        factory.enrolment(session, people.person(session), cohort)
        factory.cohort(session)
    assert costs() == few
    assert few[0] <= 10
    assert few[1] <= 6


def test_dates_are_those_of_the_cohort(session, office, cohort):
    factory.enrolment(session, None, cohort, enrolled_at=factory.NOW - timedelta(days=3))
    assert "7 juin 2026" in office.get(f"/cohorts/{cohort.id}?lang=fr").text
