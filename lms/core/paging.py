"""Lists by key, never by offset: `?after=<key>`, a fixed number of rows, one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, and_, or_

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


def paginate(  # noqa: PLR0913 - the sort column, its reading and the size are choices of the page
    session: AnySession,
    query: Select[tuple[Row]],
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
    start = _after(request.args.get("after", ""))
    if start is not None:
        try:
            bounds = [start[1]] if sort is None else [read_sort(start[0]), start[1]]
            query = query.where(_beyond(columns, bounds, newest_first=newest_first))
        except ValueError:
            start = None
    order = [column.desc() if newest_first else column.asc() for column in columns]
    rows = list(session.scalars(query.order_by(*order).limit(size + 1)).unique())
    more, rows = len(rows) > size, rows[:size]
    next_url = None
    if more:
        last = rows[-1]
        value = "" if sort is None else getattr(last, sort.key)
        value = value.isoformat() if hasattr(value, "isoformat") else value
        next_url = _address(after=f"{value}~{getattr(last, key.key)}")
    return Page(rows, next_url, _address(after=None) if start is not None else None)


def _beyond(columns: list[Any], bounds: list[Any], *, newest_first: bool) -> ColumnElement[bool]:
    def past(column: Any, bound: Any) -> ColumnElement[bool]:
        result: ColumnElement[bool] = column < bound if newest_first else column > bound
        return result

    if len(columns) == 1:
        return past(columns[0], bounds[0])
    return or_(
        past(columns[0], bounds[0]), and_(columns[0] == bounds[0], past(columns[1], bounds[1]))
    )


def _address(after: str | None) -> str:
    args = {name: values for name, values in request.args.lists() if name != "after"}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **args, "after": after})
