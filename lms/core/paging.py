"""Lists by key, never by offset: `?after=<key>`, a fixed number of rows, one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import request
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.exc import OperationalError, StatementError

from lms.core.addresses import same_page
from lms.core.db import AnySession

Row = TypeVar("Row")
PAGE_SIZE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list and the way on."""

    rows: Sequence[Row]
    next_url: str | None
    previous_url: str | None
    total: int | None = None


def _after(value: str) -> tuple[str, UUID] | None:
    sort, _, key = value.rpartition("~")
    try:
        return sort, UUID(key)
    except ValueError:
        return None


def paginate(
    session: AnySession,
    query: Select[Row],
    key: Any,
    sort: Any = None,
    *,
    read_sort: Any = str,
    newest_first: bool = False,
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """Rows of `query` ordered by `sort` (optional) then `key`, after `?after=`.

    `key` is the record's UUID column, `sort` a NOT NULL column; `read_sort` turns the text in the
    address back into the column's type. A broken `after` starts at the beginning.
    """
    columns = [key] if sort is None else [sort, key]
    order = [column.desc() if newest_first else column.asc() for column in columns]
    ordered = query.order_by(*order).limit(size + 1)
    start = _after(request.args.get("after", ""))
    rows: list[Any] | None = None
    if start is not None:
        try:
            bounds = [start[1]] if sort is None else [read_sort(start[0]), start[1]]
            rest = ordered.where(_beyond(columns, bounds, newest_first=newest_first))
            rows = list(session.scalars(rest).unique())
        except OperationalError:
            raise
        except (ValueError, TypeError, OverflowError, StatementError):
            # text that no such column can hold: too large a number, a time without zone, a NUL
            session.rollback()
            start = None
    if rows is None:
        rows = list(session.scalars(ordered).unique())
    more, rows = len(rows) > size, rows[:size]
    next_url = None
    if more:
        last = rows[-1]
        value = "" if sort is None else getattr(last, sort.key)
        value = value.isoformat() if hasattr(value, "isoformat") else value
        next_url = same_page(after=f"{value}~{getattr(last, key.key)}")
    return Page(rows, next_url, same_page(after=None) if start is not None else None)


def _beyond(columns: list[Any], bounds: list[Any], *, newest_first: bool) -> ColumnElement[bool]:
    def past(column: Any, bound: Any) -> ColumnElement[bool]:
        result: ColumnElement[bool] = column < bound if newest_first else column > bound
        return result

    if len(columns) == 1:
        return past(columns[0], bounds[0])
    tie = columns[0] == bounds[0]
    # said twice, so that the database may enter an index on (sort, key) at this place
    return and_(
        or_(tie, past(columns[0], bounds[0])),
        or_(past(columns[0], bounds[0]), and_(tie, past(columns[1], bounds[1]))),
    )
