"""Alembic's environment: one connection; on SQLite batch mode, foreign keys off meanwhile."""

import textwrap

from alembic import context
from alembic.autogenerate import renderers
from alembic.operations import MigrateOperation, Operations, ops
from sqlalchemy import create_engine, pool

from lms.app import metadata
from lms.core.schema import BY_HAND, is_compared

url: str = context.config.attributes.get("url") or ""
if not url:
    import os

    from lms.core.settings import Settings

    url = Settings.from_env(os.environ).database_url


PLAIN = {"UTCDateTime": "sa.DateTime(timezone=True)", "Key": "sa.Uuid()"}


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations never import the application: our column types by their plain names."""
    return PLAIN.get(type(item).__name__, False)


@Operations.register_operation("run_on")
class RunOn(MigrateOperation):
    """`op.run_on("sqlite", statement)`: a statement for one kind of database only."""

    def __init__(self, dialect: str, statement: str) -> None:
        self.dialect, self.statement = dialect, statement

    @classmethod
    def run_on(cls, operations: Operations, dialect: str, statement: str) -> None:
        """Run it if the database is of that kind."""
        if operations.get_bind().dialect.name == dialect:
            operations.execute(statement)


@renderers.dispatch_for(RunOn)
def _render_run_on(_context: object, operation: RunOn) -> str:
    lines = textwrap.wrap(operation.statement, 72, drop_whitespace=False)
    return f"op.run_on({operation.dialect!r}, {' '.join(map(repr, lines))})"


def add_by_hand(_context: object, _revision: object, directives: list) -> None:
    """What tables have of their own on one kind of database joins the new migration."""
    for script in directives:
        made = [o for o in script.upgrade_ops.ops if isinstance(o, ops.CreateTableOp)]
        for table in made:
            for dialect, found in table.info.pop(BY_HAND, {}).items():
                script.upgrade_ops.ops += [RunOn(dialect, each) for each in found.create]
                script.downgrade_ops.ops[:0] = [RunOn(dialect, each) for each in found.drop]


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
        include_name=is_compared,
        process_revision_directives=add_by_hand,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")
engine.dispose()
