"""The blueprint of assessment, and what its pages share."""

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from lms.assessment.models import Dossier
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.forms import Form, VersionedForm

bp = Blueprint("assessment", __name__)


def dossier_url(dossier: Dossier, **more: Any) -> str:
    """Address of a dossier."""
    return url_for("assessment.dossier", dossier_id=dossier.id, **more)


def to_dossier(dossier: Dossier) -> Response:
    """Back to the dossier, by GET."""
    return redirect(dossier_url(dossier), 303)


def refused(form: Form, refusal: Refusal, version: int | None = None) -> int:
    """Show a refusal on the form; the status to answer with.

    After a stale form the next try goes on from `version`: what was typed is still there, and what
    is stored has been shown.
    """
    db.session.rollback()
    form.refuse(refusal)
    if not isinstance(refusal, Stale):
        return 422
    if version is not None and isinstance(form, VersionedForm):
        form.version.data = str(version)
    return 409
