"""Helping one person: details, roles, ways in, leaving; nobody gains a right by it."""

import pytest
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.people.models import AccessToken, Person, RoleGrant
from lms.policy.actor import Role, Scope
from tests.factories import cohorts, network
from tests.factories import people as factory
from tests.people import client_for, person, submit, visitor

PAGES = ("edit", "roles", "access", "leave", "return", "transfer")
EDIT = {"given_name": "Salma", "family_name": "Amrani", "email": "salma@demo.example"}


@pytest.fixture
def cohort(session):
    return cohorts.cohort(session)


@pytest.fixture
def salma(session, cohort):
    return person(session, cohort=cohort)


def statuses(client, someone):
    return {page: client.get(f"/people/{someone.id}/{page}").status_code for page in PAGES}


@pytest.mark.parametrize(
    ("persona", "edit", "access"),
    [
        ("admin.ma", 200, 200),
        ("programme", 200, 200),
        ("admin.sn", 404, 404),
        ("auditor", 403, 403),
        ("trainer", 403, 200),
        ("supervisor", 403, 403),
        ("trainer.sn", 404, 404),
        ("trainee.new", 404, 404),
        ("partner", 404, 404),
        ("assessor1", 404, 404),
    ],
)
def test_who_helps_a_trainee(app, session, cohort, salma, persona, edit, access):
    mine = persona in {"trainer", "supervisor"}
    client = client_for(app, person(session, persona, cohort=cohort if mine else None))
    found = statuses(client, salma)
    assert found.pop("access") == access
    assert set(found.values()) == {edit}
    code = submit(client, f"/people/{salma.id}/code")
    assert code.status_code == access


@pytest.mark.parametrize("persona", ["programme", "assessor1", "juror1", "admin.ma"])
def test_a_country_admin_takes_over_nobody_who_holds_more(app, session, persona):
    """All are administered by Morocco; a code for them would give their rights."""
    other = factory.person(session, grants=[(Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")])
    client = client_for(app, other)
    someone = person(session, persona)
    expected = 200 if persona == "admin.ma" else 403
    assert set(statuses(client, someone).values()) == {expected}
    assert submit(client, f"/people/{someone.id}/code").status_code == expected


def test_a_trainer_takes_over_no_colleague(app, session, cohort):
    both = person(session, "supervisor", cohort=cohort)
    factory.grant(session, both, Role.TRAINEE, Scope.COHORT, cohort.id)
    client = client_for(app, person(session, "trainer", cohort=cohort))
    assert submit(client, f"/people/{both.id}/code").status_code == 403


def test_nobody_helps_themselves(app, session):
    admin = person(session, "programme")
    assert set(statuses(client_for(app, admin), admin).values()) == {403}


def test_strangers_sign_in_first(app, session, salma):
    assert set(statuses(visitor(app), salma).values()) == {302}


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_pages_in_three_languages(app, session, salma, lang):
    client = client_for(app, person(session, "programme"))
    for page in PAGES:
        shown = client.get(f"/people/{salma.id}/{page}?lang={lang}")
        assert shown.status_code == 200
        assert f'<html lang="{lang}"' in shown.text


def test_correcting(app, session, salma):
    client = client_for(app, person(session, "admin.ma"))
    url = f"/people/{salma.id}/edit"
    answer = submit(client, url, EDIT | {"phone": "0612345678", "employer": "Commune d’Oujda"})
    assert answer.status_code == 303
    session.refresh(salma)
    assert (salma.email, salma.phone) == ("salma@demo.example", "+212612345678")
    assert salma.employer == "Commune d’Oujda"
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"person.change-contact", "person.edit"} <= actions


def test_two_who_correct_at_once(app, session, salma):
    url = f"/people/{salma.id}/edit"
    first, second = (client_for(app, person(session, "admin.ma")) for _ in range(2))
    shown = second.get(url)
    assert submit(first, url, EDIT | {"employer": "A"}).status_code == 303
    stale = {"version": "1", "csrf_token": shown.text.split('name="csrf_token"')[1].split('"')[3]}
    answer = second.post(url, data=EDIT | stale | {"employer": "B"})
    assert answer.status_code == 409
    assert 'value="B"' in answer.text
    session.refresh(salma)
    assert salma.employer == "A"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 50, "0", "٣"])
def test_broken_versions_are_stale(app, session, salma, version):
    client = client_for(app, person(session, "admin.ma"))
    answer = submit(client, f"/people/{salma.id}/edit", EDIT | {"version": version})
    assert answer.status_code == 409


def test_giving_and_ending_roles(app, session, salma):
    client = client_for(app, person(session, "admin.ma"))
    url = f"/people/{salma.id}/roles"
    assert submit(client, url, {"role": "juror:country", "partner": ""}).status_code == 303
    assert submit(client, url, {"role": "juror:country", "partner": ""}).status_code == 303
    held = [g for g in session.scalars(select(RoleGrant)) if g.role is Role.JUROR]
    assert [g.scope_id for g in held] == ["MA"]
    assert submit(client, url, {"role": "juror:all", "partner": ""}).status_code == 422
    end = f"{url}/{held[0].id}/end"
    assert client.get(end).status_code == 200
    assert submit(client, end, {"reason": " "}).status_code == 422
    assert submit(client, end, {"reason": "A démissionné"}).status_code == 303
    session.refresh(held[0])
    assert held[0].ended_at is not None
    assert held[0].reason == "A démissionné"
    assert client.get(end).status_code == 303
    page = client.get(f"{url}?lang=en").text
    assert "A démissionné" in page


def test_a_role_of_somebody_else_is_not_ended_here(app, session, salma):
    admin = person(session, "admin.ma")
    theirs = factory.grant(session, person(session, "auditor"), Role.JUROR)
    client = client_for(app, admin)
    url = f"/people/{salma.id}/roles/{theirs.id}/end"
    assert submit(client, url, {"reason": "x"}, page="/account/names").status_code == 303
    session.refresh(theirs)
    assert theirs.ended_at is None


def test_leaving_and_coming_back(app, session, salma):
    theirs = client_for(app, salma)
    client = client_for(app, person(session, "admin.ma"))
    assert submit(client, f"/people/{salma.id}/leave", {"reason": ""}).status_code == 422
    assert submit(client, f"/people/{salma.id}/leave", {"reason": "Mutation"}).status_code == 303
    assert theirs.get("/account").status_code == 302
    session.refresh(salma)
    assert salma.active_grants == []
    page = client.get(f"/people/{salma.id}/access?lang=en").text
    assert "can no longer sign in" in page
    assert submit(client, f"/people/{salma.id}/code").status_code == 409
    assert submit(client, f"/people/{salma.id}/return", {"reason": "Retour"}).status_code == 303
    session.refresh(salma)
    assert salma.left_at is None


def test_an_invitation_again(app, session):
    someone = factory.person(session, active=False)
    client = client_for(app, person(session, "admin.ma"))
    url, page = f"/people/{someone.id}/invitation", f"/people/{someone.id}/access"
    assert submit(client, url, {"by": "mail"}, page=page).location == page
    shown = submit(client, url, page=page)
    assert shown.text.count("data:image/svg+xml") == 1
    assert len(session.scalars(select(AccessToken)).all()) == 2
    someone.password_hash = factory.password_hash()
    assert submit(client, url, page=page).status_code == 409


def test_another_country(app, session, salma):
    network.country(session, "SN")
    url = f"/people/{salma.id}/transfer"
    admin = client_for(app, person(session, "admin.ma"))
    data = {"country_code": "SN", "reason": "Déménagement"}
    assert submit(admin, url, data, page="/account/names").status_code == 422
    programme = client_for(app, person(session, "programme"))
    assert submit(programme, url, data).status_code == 303
    assert session.get(Person, salma.id, populate_existing=True).country_code == "SN"
    assert admin.get(f"/people/{salma.id}/access").status_code == 404


def test_nothing_without_a_token(app, session, salma):
    client = client_for(app, person(session, "admin.ma"))
    for path in (*PAGES, "code", "invitation"):
        answer = client.post(f"/people/{salma.id}/{path}", data=EDIT | {"reason": "x"})
        assert answer.status_code in {400, 405}, path


def test_bad_keys(app, session):
    client = client_for(app, person(session, "admin.ma"))
    for key in ("x", "0" * 36, "00000000-0000-0000-0000-000000000000", "%00"):
        assert client.get(f"/people/{key}/edit").status_code == 404
