"""Which rows of the index hold all words asked for: full text search of SQLite and PostgreSQL.

Both are given ready stems, so that they agree on what a word is.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session, scoped_session

from lms.core.db import AnySession
from lms.curriculum.search.models import VECTOR, SearchText
from lms.curriculum.search.rules import Wanted

Engine: TypeAlias = Callable[[Sequence[Wanted]], Select[Any]]
"""Gives a query for `id` and `rank` of the rows that hold every word; the least rank is best."""

_FTS = table("fts_search", column("rowid"), column("rank"))


def sqlite(wanted: Sequence[Wanted]) -> Select[Any]:
    """FTS5; a word of the title weighs eight times one of the text."""
    query = " ".join(f'"{one.stem}"{"*" * one.is_beginning}' for one in wanted)
    return (
        select(_FTS.c.rowid.label("id"), func.bm25(text("fts_search"), 8.0, 1.0).label("rank"))
        .select_from(_FTS)
        .where(literal_column("fts_search").op("MATCH")(query))
    )


def postgresql(wanted: Sequence[Wanted]) -> Select[Any]:
    """Text search with the dictionary `simple`, which leaves words as they are."""
    query = " & ".join(f"'{one.stem}'{':*' * one.is_beginning}" for one in wanted)
    found: Any = func.to_tsquery("simple", query)
    vector: Any = literal_column(f"{SearchText.__tablename__}.{VECTOR}")
    return select(SearchText.id.label("id"), (-func.ts_rank(vector, found)).label("rank")).where(
        vector.op("@@")(found)
    )


_ENGINES: dict[str, Engine] = {"sqlite": sqlite, "postgresql": postgresql}


def engine_of(session: AnySession) -> Engine:
    """The engine of the database in use."""
    real: Session = session() if isinstance(session, scoped_session) else session
    return _ENGINES[real.get_bind().dialect.name]
