"""A roster: pasted or handed over, looked at row by row, taken in at once."""

import csv
from io import StringIO
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.cohorts import service
from lms.cohorts.forms import RosterForm
from lms.cohorts.models import Cohort
from lms.cohorts.roster import service as rosters
from lms.cohorts.roster.rules import MAX_ROWS, Verdict, decode, read, safe_cell
from lms.cohorts.roster.service import Judged
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.labels import label
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/cohorts/<uuid:cohort_id>/roster")
@guard(Action.COHORT_ENROL, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def roster(cohort: Cohort) -> str:
    """Where the list is pasted."""
    return _page(RosterForm(formdata=None), cohort)


def _page(form: RosterForm, cohort: Cohort) -> str:
    return render_template("cohorts/roster.html", form=form, cohort=cohort, limit=MAX_ROWS)


def _text(form: RosterForm) -> str:
    """The list as it was handed over; a file comes before what was typed."""
    upload = form.file.data
    return decode(upload.read()) if upload else form.text.data or ""


@bp.post("/cohorts/<uuid:cohort_id>/roster")
@guard(Action.COHORT_ENROL, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def preview(cohort: Cohort) -> Any:
    """What would become of each row."""
    form = RosterForm()
    if not form.validate_on_submit():
        return _page(form, cohort), 422
    text = _text(form)
    try:
        judged = rosters.judge(db.session, cohort, read(text))
    except Refusal as refusal:
        form.refuse(refusal, form.text)
        form.text.data = text if refusal.code == "roster_too_long" else form.text.data
        return _page(form, cohort), 422
    return _preview(cohort, text, judged)


def _preview(
    cohort: Cohort, text: str, judged: list[Judged], refusal: Refusal | None = None
) -> str:
    form = RosterForm(formdata=None, data={"text": text, "seen": rosters.digest(judged)})
    if refusal is not None:
        form.refuse(refusal)
    tally = rosters.tally(judged)
    return render_template(
        "cohorts/roster_preview.html",
        form=form,
        cohort=cohort,
        judged=judged,
        tally=tally,
        good=tally[Verdict.NEW] + tally[Verdict.KNOWN],
        errors=tally[Verdict.ERROR] + tally[Verdict.DUPLICATE],
    )


@bp.post("/cohorts/<uuid:cohort_id>/roster/confirm")
@guard(Action.COHORT_ENROL, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def confirm(cohort: Cohort) -> Any:
    """Take in every good row, or none."""
    form = RosterForm()
    if not form.validate_on_submit():
        return _page(form, cohort), 422
    text, key = form.text.data or "", cohort.id
    rows = read(text)
    try:
        with writing() as session:
            taken = rosters.take_in(
                session, current_actor(), cohort, rows, form.seen.data or "", now()
            )
            # nobody can mail these their link: it is printed, or passed on by hand
            unreached = [
                each.enrolment.person
                for each in taken
                if each.is_new and not each.enrolment.person.email
            ]
            number = len(taken)
    except Refusal as refusal:
        found = service.find_cohort(db.session, key) or cohort
        if refusal.code in {"roster_changed", "roster_nobody"}:
            return _preview(found, text, rosters.judge(db.session, found, rows), refusal), 409
        form.refuse(refusal)
        return _page(form, found), 422
    if unreached:
        return render_template(
            "cohorts/roster_done.html", cohort=cohort, people=unreached, number=number
        )
    if number:
        web.say(
            ngettext(
                "%(num)d person is enrolled and invited.",
                "%(num)d people are enrolled and invited.",
                number,
            )
        )
    else:
        web.say(_("Everybody on this list is in the cohort already."))
    return see_other("cohorts.cohort", cohort_id=key)


@bp.post("/cohorts/<uuid:cohort_id>/roster/errors")
@guard(Action.COHORT_ENROL, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def errors(cohort: Cohort) -> Any:
    """The rows to correct, as a file for a spreadsheet, each with what is wrong."""
    form = RosterForm()
    if not form.validate_on_submit():
        return _page(form, cohort), 422
    judged = rosters.judge(db.session, cohort, read(form.text.data or ""))
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_("To correct"), _("Line")])
    for each in judged:
        if each.verdict in {Verdict.ERROR, Verdict.DUPLICATE}:
            words = label(each.fault) if each.fault else label(each.verdict)
            cells = [words, str(each.row.line), *each.row.cells]
            writer.writerow([safe_cell(cell) for cell in cells])
    return Response(
        "\ufeff" + out.getvalue(),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{cohort.id}.csv"',
            "Cache-Control": "private, no-store",
        },
    )
