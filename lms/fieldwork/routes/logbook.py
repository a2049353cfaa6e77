"""Where practice begins: one's own logbook, or the queue."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from lms.cohorts.models import Enrolment
from lms.cohorts.service import enrolments_of, find_enrolment
from lms.core.db import db
from lms.core.labels import label
from lms.core.paging import paginate
from lms.fieldwork import logbook as logbooks
from lms.fieldwork.attestations import service as attestations
from lms.fieldwork.entries import service as entries
from lms.fieldwork.logbook import Shelf
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.routes.blueprint import bp, see_other
from lms.fieldwork.words import programme_of, words_of
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
    """Entries by where they stand, what counts, placements, observations, attestations."""
    actor, session, cohort = current_actor(), db.session, enrolment.cohort
    try:
        shelf = Shelf(request.args.get("state", ""))
    except ValueError:
        shelf = Shelf.ALL
    words = words_of(session, cohort)
    kind = request.args.get("type", "")
    kind = kind if kind in words.types else ""
    sizes = logbooks.sizes(session, actor, enrolment)
    programme = programme_of(session, cohort)
    return render_template(
        "fieldwork/logbook.html",
        enrolment=enrolment,
        cohort=cohort,
        own=can(Action.ENTRY_CREATE, enrolment),
        words=words,
        programme=programme,
        requirements={each.id: each for each in programme.requirements},
        page=paginate(
            session,
            logbooks.entries(actor, enrolment, shelf, kind),
            PracticumEntry.id,
            PracticumEntry.held_on,
            read_sort=date.fromisoformat,
            newest_first=True,
        ),
        totals=logbooks.totals(session, enrolment),
        placements=entries.placements_of(session, enrolment),
        observations=logbooks.observations(session, actor, enrolment.id),
        attestations=attestations.of_enrolment(session, enrolment),
        type=kind,
        shelves=[
            (
                label(each),
                url_for(
                    "fieldwork.logbook",
                    enrolment_id=enrolment.id,
                    state=each.value,
                    type=kind or None,
                ),
                each is shelf,
                sizes[each],
            )
            for each in Shelf
        ],
    )
