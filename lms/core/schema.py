"""Migrations: Alembic, configured here so that a wheel carries it.

What only one kind of database has (full text search) is written by hand: its statements stand in
the table's `info`, its names begin with `fts_`, and Alembic compares none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from lms.core.db import Base
from lms.core.resources import resource_root

BY_HAND = "by hand"
"""Key in a table's `info`: name of the dialect → `ByHand`."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Statements that go with a table on one kind of database."""

    create: tuple[str, ...]
    drop: tuple[str, ...]


def is_compared(name: str | None, _kind: str, _parents: Mapping[str, str | None]) -> bool:
    """Whether Alembic compares what the database calls `name` with the models."""
    return not (name or "").startswith("fts_")


def config(url: str) -> Config:
    """Alembic's configuration for one database."""
    made = Config()
    folder = str(resource_root() / "migrations")
    made.set_main_option("script_location", folder.replace("%", "%%"))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["url"] = url
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision`; `base` empties it."""
    command.downgrade(config(url), revision)


def revise(url: str, message: str, revision: str | None = None) -> None:
    """Write a new migration from the difference between models and database."""
    command.revision(config(url), message, autogenerate=True, rev_id=revision)


def head() -> str | None:
    """The newest revision in the code."""
    return ScriptDirectory.from_config(config("")).get_current_head()


def current(connection: Connection) -> str | None:
    """The revision that the database stands at."""
    return MigrationContext.configure(connection).get_current_revision()


def check(url: str) -> list[str]:
    """Differences between the models and the database, in words; none is good."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            opts = {"compare_type": True, "include_name": is_compared}
            context = MigrationContext.configure(connection, opts=opts)
            return [str(difference) for difference in compare_metadata(context, Base.metadata)]
    finally:
        engine.dispose()
