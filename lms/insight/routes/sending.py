"""Sending a table as a file: CSV line by line, a workbook as a whole."""

from flask import Response, stream_with_context

from lms.core.addresses import attachment
from lms.core.i18n import current_language
from lms.insight.tables import Table, csv_lines, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_table(table: Table, format: str) -> Response:
    """The table in one of the two formats, to be kept and never run by the browser."""
    language = current_language()
    if format == "xlsx":
        answer = Response(xlsx(table, language), mimetype=XLSX)
    else:
        lines = stream_with_context(csv_lines(table, language))
        answer = Response(lines, content_type="text/csv; charset=utf-8")
    name = f"{table.name}.{format}".replace("/", "-")
    answer.headers["Content-Disposition"] = attachment(name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
