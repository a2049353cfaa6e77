"""`lms demo`, `lms demo load`, `lms demo show`."""

import json
import os
import time

import click
from flask import current_app

from lms.core import clock, schema
from lms.core.db import db, write
from lms.core.errors import Refusal
from lms.core.labels import refusal_text
from lms.core.settings import Settings
from lms.demo.load import everything


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(demo)


@click.group()
def demo() -> None:
    """Load and show the demonstration."""


@demo.command()
@click.option("--people", default=0, help="As many more people, for measuring.")
def load(people: int) -> None:
    """Load the demonstration; what is there is kept.

    Example: lms demo load --people 1000
    """
    from lms.app import create_app

    settings = Settings.from_env(os.environ)
    schema.upgrade(settings.database_url)
    with create_app(settings).app_context():
        load_here(settings, people)


def load_here(settings: Settings, people: int) -> None:
    """Load into the application at hand. Raises ClickException."""
    if not settings.demo:
        raise click.ClickException("Set LMS_DEMO=1: the demonstration is for installations of its own.")
    if everything.is_loaded(db.session):
        click.echo("The demonstration is there already.")
        return
    began = time.monotonic()
    try:
        with write(db.session) as session:
            everything.load(
                session, settings, current_app.extensions["files"], clock.now(), _say
            )
    except Refusal as refusal:
        raise click.ClickException(refusal_text(refusal)) from None
    click.echo(f"Loaded in {time.monotonic() - began:.0f} s.")


def _say(text: str) -> None:
    click.echo(f"  · {text}")


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(as_json: bool) -> None:
    """Show how to sign in, and addresses worth a visit.

    Example: lms demo show --json
    """
    click.echo(json.dumps({}) if as_json else "")
