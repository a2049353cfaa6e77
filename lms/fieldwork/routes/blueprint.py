"""The blueprint, and what its pages share."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, url_for

from lms.core import clock

bp = Blueprint("fieldwork", __name__)


def now() -> datetime:
    """The time of this request."""
    return clock.now()


def see_other(endpoint: str, **values: Any) -> Any:
    """Go and look there."""
    return redirect(url_for(endpoint, **values), 303)
