"""The blueprint, and what its pages share."""

from flask import Blueprint, abort, current_app
from markupsafe import Markup

from lms.core.db import db
from lms.core.files import FileStore
from lms.core.i18n import NATIVE_NAMES, current_language
from lms.curriculum import phrasing, service
from lms.curriculum.release import Release
from lms.curriculum.rules import Text

bp = Blueprint("curriculum", __name__)


def words(text: Text) -> str:
    """A text of the content in the language of the request, else in any that it has."""
    return text.get(current_language()) or next(iter(text.values()), "")


def phrased(text: Text | str) -> Markup:
    """A text of a question, or one of its languages, with its formatting."""
    return phrasing.phrased(text if isinstance(text, str) else words(text))


def language_name(code: str) -> str:
    """A language in its own words."""
    return NATIVE_NAMES.get(code, code)


def current() -> Release:
    """The release published last; 404 before the first."""
    release = service.current_release(db.session)
    if release is None:
        abort(404)
    return release


def store() -> FileStore:
    """Where files lie."""
    found: FileStore = current_app.extensions["files"]
    return found
