"""Sending what is taken along: a table line by line or as a workbook."""

from flask import Response, stream_with_context

from lms.core.i18n import current_language
from lms.core.sending import take_along
from lms.insight.tables import Table, csv_lines, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_table(table: Table, format: str) -> Response:
    """The table in one of the two formats."""
    language = current_language()
    if format == "xlsx":
        answer = Response(xlsx(table, language), mimetype=XLSX)
    else:
        lines = stream_with_context(csv_lines(table, language))
        answer = Response(lines, content_type="text/csv; charset=utf-8")
    return take_along(answer, f"{table.name}.{format}".replace("/", "-"))
