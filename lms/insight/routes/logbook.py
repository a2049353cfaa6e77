"""A logbook to print and to take along."""

from typing import Any

from flask import Response, redirect, render_template, url_for

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import current_language
from lms.core.sending import send_kept
from lms.insight.logbook import printing
from lms.insight.logbook.contents import collect
from lms.insight.routes.blueprint import bp
from lms.insight.routes.sending import send_table
from lms.insight.tables import lists
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/practice/<uuid:enrolment_id>/logbook")
@guard(Action.LOGBOOK_TAKE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def logbook(enrolment: Enrolment) -> str:
    """The print in the reader's language, whether it is still true, and the tables."""
    book = collect(db.session, enrolment)
    return render_template(
        "insight/logbook.html",
        enrolment=enrolment,
        book=book,
        found=printing.state_of(db.session, book, current_language()),
    )


@bp.post("/practice/<uuid:enrolment_id>/logbook")
@guard(Action.LOGBOOK_TAKE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def print_logbook(enrolment: Enrolment) -> Any:
    """Ask the worker for the print."""
    by = current_actor().person_id
    with writing() as session:
        book = collect(session, enrolment)
        printing.ask(session, book, current_language(), by, clock.now())
    return redirect(url_for("insight.logbook", enrolment_id=enrolment.id), 303)


@bp.get("/practice/<uuid:enrolment_id>/logbook.pdf")
@guard(Action.LOGBOOK_TAKE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def logbook_pdf(enrolment: Enrolment) -> Any:
    """The print that is kept; where there is none yet, the page on which it can be asked for."""
    kept = printing.printed(db.session, enrolment.id, current_language())
    if kept is None:
        return redirect(url_for("insight.logbook", enrolment_id=enrolment.id), 303)
    return send_kept(kept.file)


@bp.get("/practice/<uuid:enrolment_id>/logbook.<any(csv,xlsx):format>")
@guard(Action.LOGBOOK_TAKE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def logbook_table(enrolment: Enrolment, format: str) -> Response:
    """The entries as a table."""
    return send_table(lists.logbook(db.session, current_actor(), enrolment), format)
