"""`lms content check | coverage | publish | list | export`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from lms.core import clock
from lms.core.db import db, write
from lms.core.errors import Refusal
from lms.core.resources import resource_root
from lms.curriculum import service, sources
from lms.curriculum.exchange.commands import export_questions, import_questions
from lms.curriculum.format.coverage import coverage as rows_served
from lms.curriculum.format.folder import DEFAULT_LANGUAGES
from lms.curriculum.rules import Content
from lms.curriculum.search import service as search
from lms.policy.actor import SYSTEM


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(content)
    content.add_command(import_questions)
    content.add_command(export_questions)


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
    click.echo(_summary(_prepared(folder)[0]))


@content.command()
@folder_argument
def coverage(folder: Path | None) -> None:
    """List where each row of the source documents is taught or served; exit 1 if one is not.

    Example: lms content coverage
    """
    files = _prepared(folder)[1]
    missing = 0
    for row, places in rows_served(files, DEFAULT_LANGUAGES[0]).items():
        missing += not places
        click.echo(f"{row}  {len(places)}" if places else f"{row}  nowhere")
        for place in places:
            click.echo(f"     {place}")
    raise SystemExit(1 if missing else 0)


@content.command()
@folder_argument
@click.option("--note", default="", help="What is new in it, for those who move cohorts to it.")
@with_appcontext
def publish(folder: Path | None, note: str) -> None:
    """Check the content, then store it as a release. The same content is stored once.

    Example: lms content publish --note "Module C8 added"
    """
    prepared, files = _prepared(folder)
    packed = sources.pack(files)
    with write(db.session) as session:
        key = service.publish(session, SYSTEM, prepared, note, clock.now(), packed).id
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


@content.command()
@with_appcontext
def index() -> None:
    """Write the index of all releases anew, by which lessons and glossary are searched.

    Publishing does it; needed only where words are compared in a new way.

    Example: lms content index
    """
    with write(db.session) as session:
        for one in service.published(session):
            number = search.index(session, service.release(session, one.id))
            click.echo(f"{one.id[:12]}  {number} texts")


@content.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--release", "release_id", default="", help="Another one than that published last.")
@click.option("--force", is_flag=True, help="Write into a folder that holds files already.")
@with_appcontext
def export(folder: Path, release_id: str, *, force: bool) -> None:
    """Write the files of a release, byte for byte as they were published.

    So corrections made in the browser come back to where people edit files.

    Example: lms content export course_content --force
    """
    known = [one.id for one in service.published(db.session)]
    wanted = [key for key in known if key.startswith(release_id)]
    if not wanted or (release_id and len(wanted) > 1):
        said = "no release is" if not wanted else "several releases are"
        raise click.ClickException(f"{said} called {release_id!r}: see lms content list")
    try:
        files = service.files_of(db.session, wanted[0])
        sources.write(files, folder, force=force)
    except Refusal as refusal:
        raise click.ClickException(_REFUSED[refusal.code]) from None
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None
    click.echo(f"{len(files)} files of release {wanted[0][:12]} are in {folder}.")


_REFUSED = {
    "folder_not_empty": "The folder holds files already: choose an empty one, or add --force.",
    "release_without_files": "The files of this release were not kept: publish it from a folder.",
}


def _prepared(folder: Path | None) -> tuple[Content, dict[str, bytes]]:
    try:
        files = service.read(folder or resource_root() / "course_content")
        return service.prepare(files), files
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
