"""`lms db …`, `lms serve`, `lms worker`."""

import os

import click

from lms.core import schema
from lms.core.db import Base
from lms.core.resources import resource_root
from lms.core.settings import Settings


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(db_group)


@click.group("db")
def db_group() -> None:
    """Bring the database up to date, or compare it with the code."""


@db_group.command()
def upgrade() -> None:
    """Apply all migrations.

    Example: lms db upgrade
    """
    settings = Settings.from_env(os.environ)
    schema.upgrade(settings.database_url)
    click.echo("The database is up to date.")


@db_group.command()
def check() -> None:
    """Say whether database and code agree; exit 1 if not.

    Example: lms db check
    """
    settings = Settings.from_env(os.environ)
    differences = schema.check(settings.database_url)
    for difference in differences:
        click.echo(difference)
    if differences:
        raise SystemExit(1)
    click.echo("Database and code agree.")


@db_group.command(hidden=True)
def initial() -> None:
    """Rewrite the first migration from the models: only while nothing has been released."""
    versions = resource_root() / "migrations" / "versions"
    for path in versions.glob("*.py"):
        path.unlink()
    schema.revise("sqlite://", "initial", "0001")
    click.echo(f"{len(Base.metadata.tables)} tables written.")
