"""Fixtures of the credentials' tests."""

from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from tests.credentials.sample import Office, as_bytes, open_office


@pytest.fixture(scope="session")
def office(tmp_path_factory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def credential(office) -> bytes:
    return as_bytes(office.credential())


@pytest.fixture
def count_queries(session):
    """`with count_queries(2):` allows two statements at most."""

    @contextmanager
    def counted(limit):
        seen = []

        def note(_connection, _cursor, statement, *_):
            if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        assert len(seen) <= limit, "\n\n".join(seen)

    return counted
