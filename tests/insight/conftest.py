"""Fixtures of the insight tests."""

from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

ASKS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@pytest.fixture
def count_queries():
    """`with count_queries(2) as seen:` allows two statements at most; `seen` holds them."""

    @contextmanager
    def counted(limit):
        seen = []

        def note(_connection, _cursor, statement, *_):
            if statement.lstrip().upper().startswith(ASKS):
                seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        assert len(seen) <= limit, "\n\n".join(seen)

    return counted
