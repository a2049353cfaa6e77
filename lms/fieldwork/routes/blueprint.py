"""The blueprint, and what its pages share."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage

from lms.core import clock
from lms.fieldwork.models import PracticumEntry

bp = Blueprint("fieldwork", __name__)


def now() -> datetime:
    """The time of this request."""
    return clock.now()


def see_other(endpoint: str, **values: Any) -> Any:
    """Go and look there."""
    return redirect(url_for(endpoint, **values), 303)


def entry_url(entry: PracticumEntry) -> str:
    """Address of an entry's page."""
    return url_for("fieldwork.entry", entry_id=entry.id)


def has_files(form: FlaskForm) -> bool:
    """Whether files came along: they cannot be shown again, and must be chosen anew."""
    return any(isinstance(each, FileStorage) and each for each in form["files"].data or ())
