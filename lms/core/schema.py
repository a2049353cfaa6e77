"""Migrations: Alembic, configured here so that a wheel carries it."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from lms.core.db import Base
from lms.core.resources import resource_root


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
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return [str(difference) for difference in compare_metadata(context, Base.metadata)]
    finally:
        engine.dispose()
