"""Migrations: up, down and up again on both databases; what they make equals the models."""

import ast

import pytest
from sqlalchemy import create_engine, inspect

from lms.app import metadata
from lms.core import schema
from lms.core.schema import is_compared
from tests.house.source import ROOT, fail_with

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_up_down_up(database_server):
    url = database_server.empty()
    for _ in range(2):
        schema.upgrade(url)
        differences = schema.check(url)
        fail_with(differences and [*differences, "write a migration: the models have moved on"])
        made = tables(url)
        assert {name for name in made if is_compared(name, "table", {})} == set(metadata.tables)
        schema.downgrade(url, "base")
        assert tables(url) == set()
    database_server.drop(url)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_never_imports_the_application(path):
    """It must go on working when the application has moved on."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert not [name for name in names if name.split(".")[0] == "lms"], path.name


def test_one_head():
    """Two heads are two migrations written side by side: rebase the later one."""
    assert schema.head() is not None
