"""The command line `lms`: mounts each room's commands."""

import os
import sys

import click
from flask.cli import FlaskGroup

from lms import serving
from lms.app import create_app, parts
from lms.core.settings import Settings, SettingsError


def _create() -> object:
    return create_app(Settings.from_env(os.environ))


@click.group(
    cls=FlaskGroup, create_app=_create, add_default_commands=False, add_version_option=False
)
def cli() -> None:
    """Learning and certification for territorial coaches."""


for _commands in parts("commands"):
    _commands.register(cli)
serving.register(cli)


def main() -> None:
    """Run a command; errors say what to do, without a traceback."""
    try:
        cli.main(prog_name="lms")
    except SettingsError as error:
        click.echo(
            "Settings to mend:\n" + "\n".join(f"  {line}" for line in error.faults), err=True
        )
        sys.exit(2)
