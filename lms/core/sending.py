"""Files handed to a browser: to be kept, never run by it."""

from flask import Response, current_app

from lms.core.addresses import attachment
from lms.core.files import FileStore, StoredFile


def files() -> FileStore:
    """Where files lie."""
    found: FileStore = current_app.extensions["files"]
    return found


def take_along(answer: Response, name: str) -> Response:
    """The answer as a file called `name`: kept nowhere on the way, without any right to act."""
    answer.headers["Content-Disposition"] = attachment(name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def send_kept(file: StoredFile) -> Response:
    """The bytes of a stored file. Raises FileNotFoundError."""
    return take_along(Response(files().get(file.sha256), mimetype=file.media_type), file.name)
