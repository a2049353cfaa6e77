"""`lms people …`: the first administrator, roles, and a way in when there is no other."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.core import clock, labels
from lms.core.db import AnySession, db, write
from lms.core.errors import Refusal
from lms.people import grants, service
from lms.people.access import service as access
from lms.people.models import Person
from lms.people.rules import Contact, NewPerson, TokenKind, identify, login_name, phone_number
from lms.policy.actor import SYSTEM, Role, Scope


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(people)


@click.group()
def people() -> None:
    """Add people, change their roles, let them in."""


def _say_no(refusal: Refusal) -> click.ClickException:
    return click.ClickException(labels.refusal_text(refusal))


def _find(session: AnySession, who: str) -> Person:
    meant = identify(who, service.regions(session))
    for contact in (
        Contact(email=meant.email, login_name=meant.login_name),
        *(Contact(phone=number) for number in meant.phones),
    ):
        if (person := service.find_by_contact(session, contact)) is not None:
            return person
    raise click.ClickException(f"Nobody is known by “{who}”: give an e-mail, phone or chosen name.")


def _role(text: str) -> tuple[Role, Scope, str]:
    """Read `country_admin:MA`, `programme_admin` or `partner:<key>`."""
    name, _, key = text.partition(":")
    try:
        role = Role(name)
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise click.ClickException(f"“{name}” is no role. Choose among: {known}.") from None
    match role:
        case Role.TRAINEE | Role.TRAINER | Role.SUPERVISOR:
            return role, Scope.COHORT, key
        case Role.PARTNER:
            return role, Scope.PARTNER, key
    return role, Scope.COUNTRY if key else Scope.ALL, key


@people.command()
@click.option("--country", required=True, help="ISO code of the country, such as MA.")
@click.option("--family-name", required=True)
@click.option("--given-name", default="")
@click.option("--email", default=None)
@click.option("--phone", default=None, help="National or with the country code.")
@click.option("--login-name", "chosen", default=None, help="For who has neither.")
@click.option("--role", "roles", multiple=True, help="As in country_admin:MA; may be repeated.")
@with_appcontext
def add(
    country: str,
    family_name: str,
    given_name: str,
    email: str | None,
    phone: str | None,
    chosen: str | None,
    roles: tuple[str, ...],
) -> None:
    """Add a person and print the link by which they come in.

    Example: lms people add --country MA --family-name Berrada --email l@example.org
    --role country_admin:MA
    """
    now = clock.now()
    number = phone_number(phone, [country]) if phone else ()
    if phone and not number:
        raise _say_no(Refusal("phone_unfit"))
    if chosen and login_name(chosen) is None:
        raise _say_no(Refusal("login_name_unfit"))
    new = NewPerson(
        country_code=country,
        family_name=family_name,
        given_name=given_name,
        email=email.strip().lower() if email else None,
        phone=number[0] if number else None,
        login_name=login_name(chosen) if chosen else None,
    )
    settings = current_app.config["SETTINGS"]
    wanted = [_role(role) for role in roles]
    try:
        with write(db.session) as session:
            person, token = service.invite(session, SYSTEM, new, now, settings)
            for role, scope, key in wanted:
                grants.give(session, SYSTEM, person, role, scope, key, now)
    except Refusal as refusal:
        raise _say_no(refusal) from None
    click.echo(access.link_url(settings, TokenKind.INVITATION, token))


@people.command()
@click.argument("who")
@click.argument("role")
@with_appcontext
def grant(who: str, role: str) -> None:
    """Give a role.

    Example: lms people grant l@example.org country_admin:MA
    """
    wanted = _role(role)
    try:
        with write(db.session) as session:
            grants.give(session, SYSTEM, _find(session, who), *wanted, now=clock.now())
    except Refusal as refusal:
        raise _say_no(refusal) from None
    click.echo("Given.")


@people.command()
@click.argument("who")
@click.argument("role")
@click.option("--reason", required=True, help="Kept in the trail.")
@with_appcontext
def revoke(who: str, role: str, reason: str) -> None:
    """End a role.

    Example: lms people revoke l@example.org country_admin:MA --reason "has left the team"
    """
    wanted = _role(role)
    try:
        with write(db.session) as session:
            person = _find(session, who)
            ended = grants.end(session, SYSTEM, person, *wanted, now=clock.now(), reason=reason)
    except Refusal as refusal:
        raise _say_no(refusal) from None
    if not ended:
        raise click.ClickException("This role is not held.")
    click.echo("Ended.")


@people.command("reset-link")
@click.argument("who")
@with_appcontext
def reset_link(who: str) -> None:
    """Print a link that opens a new password, or the invitation of who has not come in yet.

    Example: lms people reset-link l@example.org
    """
    settings = current_app.config["SETTINGS"]
    try:
        with write(db.session) as session:
            url = _way_in(session, _find(session, who), clock.now())
    except Refusal as refusal:
        raise _say_no(refusal) from None
    click.echo(access.link_url(settings, *url))


def _way_in(session: AnySession, person: Person, now: datetime) -> tuple[TokenKind, str]:
    kind = TokenKind.RESET if person.password_hash else TokenKind.INVITATION
    return kind, access.make_link(session, SYSTEM, person, kind, now)
