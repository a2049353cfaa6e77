"""`lms content check | publish | list`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from lms.core import clock
from lms.core.db import db, write
from lms.core.resources import resource_root
from lms.curriculum import service
from lms.curriculum.rules import Content
from lms.policy.actor import SYSTEM


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(content)


@click.group()
def content() -> None:
    """Check what people learn, and publish it as an immutable release."""


folder_argument = click.argument(
    "folder", required=False, type=click.Path(path_type=Path, file_okay=False)
)


@content.command()
@folder_argument
def check(folder: Path | None) -> None:
    """Name file, line and remedy of each fault; exit 1 if there is any.

    Without FOLDER, the content that comes with the application.

    Example: lms content check course_content
    """
    click.echo(_summary(_prepared(folder)))


@content.command()
@folder_argument
@click.option("--note", default="", help="What is new in it, for those who move cohorts to it.")
@with_appcontext
def publish(folder: Path | None, note: str) -> None:
    """Check the content, then store it as a release. The same content is stored once.

    Example: lms content publish --note "Module C8 added"
    """
    prepared = _prepared(folder)
    with write(db.session) as session:
        key = service.publish(session, SYSTEM, prepared, note, clock.now()).id
    click.echo(f"{_summary(prepared)}\nRelease {key[:12]} is published.")


@content.command("list")
@with_appcontext
def list_releases() -> None:
    """Show all releases, newest first.

    Example: lms content list
    """
    releases = service.published(db.session)
    for release in releases:
        when = release.published_at.strftime("%Y-%m-%d %H:%M UTC")
        click.echo(f"{release.id[:12]}  {when}  {release.note}".rstrip())
    if not releases:
        click.echo("Nothing is published yet: lms content publish")


def _prepared(folder: Path | None) -> Content:
    try:
        return service.prepare(folder or resource_root() / "course_content")
    except service.FaultyContent as faulty:
        for fault in faulty.faults:
            click.echo(str(fault), err=True)
        click.echo(f"{len(faulty.faults)} to mend; nothing is published.", err=True)
        raise SystemExit(1) from None


def _summary(prepared: Content) -> str:
    return (
        f"{len(prepared.programmes)} programmes, {len(prepared.modules)} modules, "
        f"{len(prepared.lessons)} lessons, {len(prepared.questions)} questions, "
        f"each in {', '.join(prepared.languages)}: no faults."
    )
