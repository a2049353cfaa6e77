"""Alembic's environment: one connection; on SQLite batch mode, foreign keys off meanwhile."""

from alembic import context
from sqlalchemy import create_engine, pool

from lms.app import metadata

url: str = context.config.attributes.get("url") or ""
if not url:
    import os

    from lms.core.settings import Settings

    url = Settings.from_env(os.environ).database_url


PLAIN = {"UTCDateTime": "sa.DateTime(timezone=True)", "Key": "sa.Uuid()"}


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations never import the application: our column types by their plain names."""
    return PLAIN.get(type(item).__name__, False)


engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Outside any transaction: a table rebuilt with foreign keys on deletes its children.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    # of two that start at once, the second waits, and finds nothing left to do
    connection.execution_options(lms_write=True)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=sqlite,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")
engine.dispose()
