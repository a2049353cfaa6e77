"""`lms people …`, with errors that say what to do."""

import pytest
from sqlalchemy import select

from lms.cli import cli
from lms.core import clock
from lms.people.access import service as access
from lms.people.models import Person
from lms.people.rules import TokenKind
from lms.policy.actor import Grant, Role, Scope
from tests.factories import network
from tests.factories import people as factory
from tests.people import person


@pytest.fixture
def run(app, session):
    runner = app.test_cli_runner()

    def run(*arguments):
        session.commit()
        return runner.invoke(cli.commands["people"], arguments)

    return run


def token_of(result):
    return result.output.strip().rsplit("/", 1)[1]


def test_the_first_administrator(run, session):
    network.country(session)
    result = run(
        *("add", "--country", "MA", "--family-name", "Berrada", "--given-name", "Laila"),
        *("--email", "Laila@demo.example", "--phone", "0612345678"),
        *("--role", "country_admin:MA", "--role", "programme_admin"),
    )
    assert result.exit_code == 0, result.output
    made = session.scalar(select(Person))
    assert (made.email, made.phone) == ("laila@demo.example", "+212612345678")
    assert made.held == {
        Grant(Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA"),
        Grant(Role.PROGRAMME_ADMIN, Scope.ALL),
    }
    link = access.open_link(session, TokenKind.INVITATION, token_of(result), clock.now())
    assert link.person is made


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--country", "XX", "--family-name", "A", "--email", "a@demo.example"), "country"),
        (("--country", "MA", "--family-name", "A"), "at least one"),
        (("--country", "MA", "--family-name", "A", "--phone", "12"), "phone number"),
        (("--country", "MA", "--family-name", "A", "--login-name", "!"), "3 to 40"),
        (("--country", "MA", "--family-name", "ا", "--login-name", "abc"), "Latin"),
        (
            ("--country", "MA", "--family-name", "A", "--login-name", "abc", "--role", "king"),
            "king",
        ),
        (
            ("--country", "MA", "--family-name", "A", "--login-name", "abc", "--role", "partner:x"),
            "role",
        ),
        (
            ("--country", "MA", "--family-name", "A", "--email", "trainee@demo.example"),
            "cannot be used",
        ),
    ],
)
def test_what_is_refused(run, session, arguments, words, monkeypatch):
    monkeypatch.setattr("lms.core.i18n.choose_language", lambda *_: "en")
    person(session)
    result = run("add", *arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
    assert len(session.scalars(select(Person)).all()) == 1


def test_roles_given_and_ended(run, session):
    someone = factory.person(session, phone="+212612345678")
    assert run("grant", "0612345678", "juror").exit_code == 0
    session.refresh(someone)
    assert someone.held == {Grant(Role.JUROR, Scope.ALL)}
    assert run("revoke", someone.email, "juror", "--reason", "fin de mandat").exit_code == 0
    assert run("revoke", someone.email, "juror", "--reason", "encore").exit_code == 1
    session.refresh(someone)
    assert someone.active_grants == []


def test_a_way_in(run, session):
    someone, guest = person(session), factory.person(session, active=False)
    for who, kind in ((someone, TokenKind.RESET), (guest, TokenKind.INVITATION)):
        result = run("reset-link", who.email)
        assert result.exit_code == 0, result.output
        assert access.open_link(session, kind, token_of(result), clock.now()).person is who
    assert run("reset-link", "nobody@demo.example").exit_code == 1


@pytest.mark.parametrize("command", ["add", "grant", "revoke", "reset-link"])
def test_help_has_an_example(run, command):
    assert "Example: lms people" in run(command, "--help").output
