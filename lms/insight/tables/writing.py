"""One table in two formats. Nothing in it is ever a formula, whoever wrote it.

CSV: UTF-8 with a byte-order mark, so that Excel reads Arabic and accents. The separator is a
semicolon in French and Arabic, as Excel expects in France, Morocco and Senegal, where the comma
is the decimal sign; a comma in English. Texts that a spreadsheet would take for a formula are
prefixed with an apostrophe. XLSX: every text is a string cell, minutes are numbers.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any, TypeAlias

import xlsxwriter

LARGEST_XLSX = 5_000
"""Rows of a workbook that a request makes; a longer list is taken along as CSV."""
_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a text must not begin with in CSV."""
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f']")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What no spreadsheet can hold."""

Cell: TypeAlias = str | float | date | None


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; width in characters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 16


@dataclass(frozen=True)
class Table:
    """What is written: `rows` may be read once only."""

    name: str
    """Of the file and the sheet, without ending."""
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def separator(language: str) -> str:
    """What stands between two cells of a CSV."""
    return "," if language == "en" else ";"


def harmless(text: str) -> str:
    """The text, prefixed where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_ACTS) else text


def csv_lines(table: Table, language: str) -> Iterator[str]:
    """The table as CSV, line by line; the first carries the byte-order mark."""
    out = StringIO()
    writer = csv.writer(out, delimiter=separator(language), lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow([harmless(column.title) for column in table.columns])
    for row in table.rows:
        writer.writerow([_text(cell) for cell in row])
        if out.tell() > 16_000:
            yield _taken(out)
    yield _taken(out)


def _taken(out: StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _text(cell: Cell) -> str | float:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else cell


def xlsx(table: Table, language: str) -> bytes:
    """The table as a workbook: a frozen head, columns wide enough, from right to left in Arabic."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E9EFEE", "border": 1}
        )
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_NO_NAME.sub(" ", table.name)[:31].strip() or "1")
        if language == "ar":
            sheet.right_to_left()
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.title, head)
        for number, row in enumerate(table.rows, 1):
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, day)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, _UNSEEN.sub(" ", cell)[:32_000])
