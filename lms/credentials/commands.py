"""`lms certificates …` and `lms keys …`."""

from collections.abc import Callable
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from lms.assessment.models import Award
from lms.core import clock, jobs
from lms.core.db import AnySession, db, write
from lms.core.errors import Refusal
from lms.core.labels import refusal_text
from lms.credentials import service
from lms.credentials.codes import RegisterNumber
from lms.credentials.facts import instant
from lms.credentials.issuer import IssuingBody, body_of
from lms.credentials.issuing import service as issuing
from lms.credentials.models import Certificate
from lms.credentials.rules import RevocationCategory
from lms.credentials.verify_command import verify
from lms.policy.actor import Actor

OPERATOR = Actor(display_name="lms (command line)", is_system=True)


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(certificates)
    cli.add_command(keys)


@click.group()
def certificates() -> None:
    """Verify files; issue, revoke, suspend and reinstate certificates."""


certificates.add_command(verify)


# --- the register ---


def _certificate(session: AnySession, number: str) -> Certificate:
    found = service.find_by_number(session, str(RegisterNumber.parse(number)))
    if found is None:
        raise click.ClickException(f"no certificate has the number {number}")
    return found


def _act(number: str, said: str, act: Callable[[AnySession, Certificate, datetime], None]) -> None:
    """One act in one transaction; the lists are signed at once, whoever's worker is away."""
    try:
        with write(db.session) as session:
            act(session, _certificate(session, number), clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal_text(refusal)) from None
    jobs.run_pending(db.session, clock.now)
    click.echo(said.format(number=number.upper()))


_reason = click.option("--reason", required=True, help="Why: kept in the audit trail.")


@certificates.command()
@click.argument("number")
@click.option(
    "--category",
    required=True,
    type=click.Choice([category.value for category in RevocationCategory]),
    help="What the public is told.",
)
@_reason
@click.confirmation_option(prompt="A revocation cannot be undone. Go on?")
@with_appcontext
def revoke(number: str, category: str, reason: str) -> None:
    """Revoke a certificate for ever.

    Example: lms certificates revoke TC-2026-000123 --category error --reason "wrong person"
    """
    chosen = RevocationCategory(category)
    _act(
        number,
        "{number} is revoked.",
        lambda session, found, now: service.revoke(
            session, OPERATOR, found, chosen, reason, now=now
        ),
    )


@certificates.command()
@click.argument("number")
@_reason
@with_appcontext
def suspend(number: str, reason: str) -> None:
    """Suspend a certificate for the time being.

    Example: lms certificates suspend TC-2026-000123 --reason "under enquiry"
    """
    _act(
        number,
        "{number} is suspended.",
        lambda session, found, now: service.suspend(session, OPERATOR, found, reason, now),
    )


@certificates.command()
@click.argument("number")
@_reason
@with_appcontext
def reinstate(number: str, reason: str) -> None:
    """End the suspension of a certificate.

    Example: lms certificates reinstate TC-2026-000123 --reason "enquiry closed"
    """
    _act(
        number,
        "{number} is in force again.",
        lambda session, found, now: service.reinstate(session, OPERATOR, found, reason, now),
    )


@certificates.command()
@with_appcontext
def issue() -> None:
    """Issue and print what is awarded and not issued yet; take up what was interrupted.

    Example: lms certificates issue
    """
    now = clock.now()
    with write(db.session) as session:
        begun = select(Certificate.award_id)
        awards = list(session.scalars(select(Award.id).where(Award.id.not_in(begun))))
        open_ones = {*issuing.unfinished(session), *issuing.unprinted(session)}
        for award_id in awards:
            payload = {"award": str(award_id)}
            jobs.enqueue(session, "credentials.issue", str(award_id), payload, now)
        if open_ones:
            jobs.enqueue(session, "credentials.reconcile", f"asked-{instant(now)}", {}, now)
    done = jobs.run_pending(db.session, clock.now)
    click.echo(f"{len(awards)} to issue, {len(open_ones)} to finish; {done} jobs done.")


# --- keys ---


@click.group()
def keys() -> None:
    """The keys that sign certificates."""


def _body() -> IssuingBody:
    return body_of(current_app)


@keys.command("list")
@with_appcontext
def list_keys() -> None:
    """List all keys, with the one that signs now.

    Example: lms keys list
    """
    now = clock.now()
    published = _body().store.published()
    usable = [key for key in published if key.signs_from <= now and key.retired_at is None]
    for key in published:
        mark = "signs" if usable and key == usable[-1] else ""
        if key.retired_at:
            mark = f"retired {key.retired_at:%Y-%m-%d}"
        elif key.signs_from > now:
            mark = f"signs from {key.signs_from:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{key.kid}  made {key.created_at:%Y-%m-%d}  {mark}".rstrip())
    if not published:
        click.echo("No key yet: the first one is made with the first certificate.")


@keys.command()
@click.option("--now", "at_once", is_flag=True, help="Sign with it at once, not in an hour.")
@with_appcontext
def rotate(at_once: bool) -> None:
    """Make and publish a new key; in an hour, when everybody knows it, it signs.

    Example: lms keys rotate
    """
    store, now = _body().store, clock.now()
    key = store.rotate(now, now - now) if at_once else store.rotate(now)
    click.echo(f"{key.kid} is published; it signs from {key.signs_from:%Y-%m-%d %H:%M} UTC.")
