"""Where practice begins: one's own logbook, or the queue."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from lms.cohorts.models import Enrolment
from lms.cohorts.service import enrolments_of, find_enrolment
from lms.core.addresses import same_page
from lms.core.db import db
from lms.core.i18n import weekdays
from lms.core.labels import label
from lms.core.paging import paginate
from lms.fieldwork import logbook as logbooks
from lms.fieldwork.attestations import service as attestations
from lms.fieldwork.coachees import service as coachees
from lms.fieldwork.entries import calendar
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import EDITABLE, local_date
from lms.fieldwork.entries.showing import MARKS, missing
from lms.fieldwork.logbook import Asked, Shelf
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.words import Words, programme_of, words_of
from lms.policy.actions import Action
from lms.policy.actor import Role
from lms.policy.guard import can, current_actor, guard


@bp.get("/practice")
@guard(Action.HOME)
def index() -> Any:
    """A trainee's logbook, a supervisor's queue, or the choice between them."""
    actor = current_actor()
    own = enrolments_of(db.session, actor.person_id) if actor.person_id else []
    supervises = actor.has(Role.SUPERVISOR)
    if len(own) == 1 and not supervises:
        return see_other("fieldwork.logbook", enrolment_id=own[0].id)
    if supervises and not own:
        return see_other("fieldwork.queue")
    return render_template("fieldwork/index.html", enrolments=own, supervises=supervises)


@bp.get("/practice/<uuid:enrolment_id>")
@guard(Action.PRACTICE_VIEW, enrolment=find_enrolment)
def logbook(enrolment: Enrolment) -> str:
    """Entries as a list or a month, what counts, placements, observations, attestations."""
    actor, session, cohort = current_actor(), db.session, enrolment.cohort
    words = words_of(session, cohort)
    asked = _asked(words)
    own = can(Action.ENTRY_CREATE, enrolment)
    query = logbooks.entries(actor, enrolment, asked, words.types)
    if request.args.get("view") == "calendar":
        shown = _month(query, enrolment)
    else:
        shown = _list(query, own=own)
    programme = programme_of(session, cohort)
    return render_template(
        "fieldwork/logbook.html",
        enrolment=enrolment,
        cohort=cohort,
        own=own,
        words=words,
        programme=programme,
        requirements={each.id: each for each in programme.requirements},
        asked=asked,
        is_filtered=bool(asked.type or asked.words),
        totals=logbooks.totals(session, enrolment),
        placements=entries.placements_of(session, enrolment),
        observations=logbooks.observations(session, actor, enrolment.id),
        attestations=attestations.of_enrolment(session, enrolment),
        shelves=_shelves(logbooks.sizes(session, actor, enrolment), asked.shelf),
        views=_views(calendar="month" in shown),
        month=shown.get("month"),
        page=shown.get("page"),
        missing=shown.get("missing", {}),
        people=shown.get("people", {}),
    )


def _asked(words: Words) -> Asked:
    try:
        shelf = Shelf(request.args.get("state", ""))
    except ValueError:
        shelf = Shelf.ALL
    kind = request.args.get("type", "")
    return Asked(shelf, kind if kind in words.types else "", request.args.get("q", "").strip())


def _list(query: Select[PracticumEntry], *, own: bool) -> dict[str, Any]:
    """One page of the list; for its author with what each entry still lacks."""
    session = db.session
    page = paginate(
        session,
        query.options(joinedload(PracticumEntry.placement), selectinload(PracticumEntry.evidence)),
        PracticumEntry.id,
        PracticumEntry.held_on,
        read_sort=date.fromisoformat,
        newest_first=True,
    )
    open_ones = [entry for entry in page.rows if own and entry.state in EDITABLE]
    faults = entries.faults_of(session, open_ones, now())
    silent = entries.without_reflection(session, [entry.id for entry in open_ones])
    return {
        "page": page,
        "missing": {
            key: missing(found, no_reflection=key in silent) for key, found in faults.items()
        },
        "people": coachees.named(session, {key for one in page.rows for key in one.coachees}),
    }


def _month(query: Select[PracticumEntry], enrolment: Enrolment) -> dict[str, Any]:
    """One month of it, and the way to the months beside."""
    today = local_date(now(), enrolment.cohort.time_zone)
    first = calendar.month_asked(request.args.get("month", ""), today)
    found = logbooks.of_month(db.session, query, first)
    before, after = calendar.before(first), calendar.after(first)
    return {
        "month": {
            "first": first,
            "weekdays": weekdays(),
            "marks": MARKS,
            "states": sorted({entry.state for entry in found}, key=list(MARKS).index),
            "weeks": calendar.weeks(first, found, today),
            "entries": len(found),
            "minutes": entries.total_minutes(found),
            "before": (before, same_page(month=f"{before:%Y-%m}")),
            "after": (after, same_page(month=f"{after:%Y-%m}")),
        }
    }


def _shelves(sizes: dict[Shelf, int], chosen: Shelf) -> list[tuple[str, str, bool, int]]:
    return [
        (label(each), same_page(state=each.value, after=None), each is chosen, sizes[each])
        for each in Shelf
    ]


def _views(*, calendar: bool) -> list[tuple[str, str, str, bool]]:
    """Icon, words, address of each way to look at it, and whether it is this one."""
    return [
        ("list", _("List"), same_page(view=None, month=None, after=None), not calendar),
        ("calendar", _("Calendar"), same_page(view="calendar", after=None), calendar),
    ]
