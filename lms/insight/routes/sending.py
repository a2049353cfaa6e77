"""Sending what is taken along: a table line by line or as a workbook, and what is kept."""

from flask import Response, current_app, stream_with_context

from lms.core.addresses import attachment
from lms.core.files import StoredFile
from lms.core.i18n import current_language
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
    return _kept(answer, f"{table.name}.{format}".replace("/", "-"))


def send_kept(file: StoredFile) -> Response:
    """A file that the worker made and kept."""
    data = current_app.extensions["files"].get(file.sha256)
    return _kept(Response(data, mimetype=file.media_type), file.name)


def _kept(answer: Response, name: str) -> Response:
    """To be kept, never run by the browser."""
    answer.headers["Content-Disposition"] = attachment(name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
