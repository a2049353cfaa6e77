"""`lms demo`: load and serve; `lms demo load`, `lms demo show`."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from flask import current_app

from lms.app import create_app
from lms.core import clock, jobs, schema
from lms.core.db import db, write
from lms.core.errors import Refusal
from lms.core.labels import refusal_text
from lms.core.settings import Settings
from lms.demo.load import bulk, cases, everything, large
from lms.demo.personas import PERSONAS
from lms.demo.show import show as show_demo
from lms.serving import lan_address, serve_here


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(demo)


@click.group(invoke_without_command=True)
@click.option("--no-serve", is_flag=True, help="Load only.")
@click.option("--people", default=0, help="As many more people, for measuring.")
@click.option("--lan", is_flag=True, help="Listen on the local network, and say so in QR codes.")
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), show_default="8000")
@click.pass_context
def demo(context: click.Context, no_serve: bool, people: int, lan: bool, port: int) -> None:
    """Load the demonstration and serve it.

    Example: lms demo --port 8001
    """
    if context.invoked_subcommand is not None:
        return
    if "LMS_BASE_URL" not in os.environ:
        host = lan_address() if lan else "localhost"
        os.environ["LMS_BASE_URL"] = f"http://{host}:{port}"
    settings = Settings.from_env(os.environ)
    if no_serve:
        _load(settings, people)
    else:
        _load_beside(people)
    _tell(settings)
    if not no_serve:
        serve_here(settings, port, "0.0.0.0" if lan else "127.0.0.1")  # noqa: S104 - asked for


def _load_beside(people: int) -> None:
    """Load in a process of its own: this one is forked to serve.

    Where the file store has worked before, its threads are missing after a fork, and the next
    upload would wait for them for ever, with the database locked.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "lms", "demo", "load", "--people", str(people)], check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def _load(settings: Settings, people: int) -> None:
    if not settings.demo:
        raise click.ClickException("Set LMS_DEMO=1: demonstrations live in folders of their own.")
    schema.upgrade(settings.database_url)
    with _application(settings):
        if _is_loaded():
            click.echo("The demonstration is there already.")
        else:
            _load_here(settings)
        if people:
            with write(db.session) as session:
                added = bulk.load(session, people, clock.now())
                large.load(session, 1_000, clock.now())
            click.echo(f"  · {added} more people")


@contextmanager
def _application(settings: Settings) -> Iterator[None]:
    """The application for one command; its connections are closed whatever happens."""
    with create_app(settings).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _is_loaded() -> bool:
    try:
        return everything.is_loaded(db.session)
    except Refusal as refusal:
        raise click.ClickException(refusal_text(refusal)) from None


def _load_here(settings: Settings) -> None:
    began = time.monotonic()
    click.echo("Loading the demonstration: fictional people only.")
    try:
        with write(db.session) as session:
            files = current_app.extensions["files"]
            stage = everything.load(session, settings, files, clock.now(), _say)
        jobs.run_pending(db.session, clock.now)
        _say("certificates issued")
        with write(db.session) as session:
            cases.certificates(replace(stage, session=session, now=clock.now()))
        jobs.run_pending(db.session, clock.now)
    except Refusal as refusal:
        raise click.ClickException(refusal_text(refusal)) from None
    click.echo(f"Loaded in {time.monotonic() - began:.0f} s.")


def _say(text: str) -> None:
    click.echo(f"  · {text}")


def _tell(settings: Settings) -> None:
    click.echo(f"\n  {settings.base_url}\n")
    for persona in PERSONAS:
        click.echo(f"  {persona.email:<28}{persona.given} {persona.family}")
    click.echo(f"\n  password of all: {settings.demo_password}\n")


@demo.command()
@click.option("--people", default=0, help="As many more people, for measuring.")
def load(people: int) -> None:
    """Load the demonstration; what is there is kept.

    Example: lms demo load --people 1000
    """
    _load(Settings.from_env(os.environ), people)


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(as_json: bool) -> None:
    """Show how to sign in, and addresses worth a visit.

    Example: lms demo show --json
    """
    settings = Settings.from_env(os.environ)
    with _application(settings):
        if not _is_loaded():
            raise click.ClickException("Nothing is loaded yet: lms demo load")
        found = show_demo(db.session, settings)
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        _tell(settings)
