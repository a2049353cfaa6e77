"""What is late and who is at risk: the lists behind the numbers of the first page."""

from datetime import datetime

from flask import render_template, request

from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import db
from lms.core.paging import paginate
from lms.fieldwork.models import PracticumEntry
from lms.insight import watch
from lms.insight.routes.blueprint import bp
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


@bp.get("/cohorts/watch")
@guard(Action.COHORT_LIST)
def watching() -> str:
    """Entries that wait too long for their supervisor; trainees of whom nothing is heard."""
    actor, now = current_actor(), clock.now()
    view = "quiet" if request.args.get("view") == "quiet" else "late"
    late, quiet = watch.late(actor, now), watch.quiet(actor, now)
    numbers = {
        "late": watch.number(db.session, late),
        "quiet": watch.number(db.session, quiet),
    }
    if view == "late":
        page = paginate(
            db.session,
            late.order_by(None),
            PracticumEntry.id,
            PracticumEntry.submitted_at,
            read_sort=datetime.fromisoformat,
        )
        return render_template("insight/late.html", page=page, numbers=numbers, view=view, now=now)
    people = paginate(db.session, quiet, Enrolment.id, Person.sort_name)
    return render_template("insight/quiet.html", page=people, numbers=numbers, view=view)
