"""The blueprint, and what its pages share."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, url_for

from lms.cohorts.models import Cohort
from lms.core import clock
from lms.core.db import AnySession
from lms.core.i18n import current_language
from lms.curriculum import service as curriculum

bp = Blueprint("cohorts", __name__)


def now() -> datetime:
    """The time of this request."""
    return clock.now()


def see_other(endpoint: str, **values: Any) -> Any:
    """Go and look there."""
    return redirect(url_for(endpoint, **values), 303)


def programme_title(session: AnySession, cohort: Cohort) -> str:
    """A cohort's programme, in the language of the request."""
    release = curriculum.release(session, cohort.release_id)
    found = release.programme(cohort.programme)
    return release.text(found.title, current_language()) if found else cohort.programme
