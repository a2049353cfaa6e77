"""What an administration sees to: entries that wait too long, and who decides on them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import lazy_gettext, ngettext

from lms.cohorts.models import Cohort
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.paging import paginate
from lms.fieldwork.models import Placement, PracticumEntry
from lms.fieldwork.queue import late as service
from lms.fieldwork.queue.forms import ReassignForm
from lms.fieldwork.queue.rules import ESCALATE_AFTER
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.routes.queue import read_instant
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

SHOWN = 50
"""Placements without a supervisor on one page: the next ones follow once these are seen to."""


def _chosen_cohort() -> UUID | None:
    try:
        return UUID(request.args.get("cohort", ""))
    except ValueError:
        return None


def _page(form: ReassignForm) -> str:
    actor, session, asked = current_actor(), db.session, _chosen_cohort()
    cohorts = service.cohorts_of(session, actor)
    team = service.teams(session, cohorts)
    form.supervisor.choices = _supervisors(cohorts, team, asked)
    orphans = service.orphans(actor, cohorts, team)
    if asked is not None:
        orphans = orphans.where(Placement.enrolment.has(cohort_id=asked))
    return render_template(
        "fieldwork/queue/late.html",
        form=form,
        page=paginate(
            session,
            service.entries(actor, now(), asked),
            PracticumEntry.id,
            PracticumEntry.submitted_at,
            read_sort=read_instant,
        ),
        orphans=session.scalars(orphans.order_by(Person.sort_name, Placement.id).limit(SHOWN))
        .unique()
        .all(),
        asked=asked,
        cohort_options=[(str(cohort.id), cohort.name) for cohort in cohorts],
        names={cohort.id: cohort.name for cohort in cohorts},
        now=now(),
        late_after=ESCALATE_AFTER.days,
    )


def _supervisors(
    cohorts: Sequence[Cohort], team: dict[Person, set[UUID]], asked: UUID | None
) -> list[tuple[str, Any]]:
    names = {cohort.id: cohort.name for cohort in cohorts}
    return [
        ("", lazy_gettext("Choose…")),
        *(
            (str(person.id), f"{person.name} ({', '.join(sorted(names[key] for key in keys))})")
            for person, keys in team.items()
            if asked is None or asked in keys
        ),
    ]


@bp.get("/practice/late")
@guard(Action.PRACTICE_LATE)
def late() -> str:
    """Entries that wait too long; placements whose supervisor has gone."""
    return _page(ReassignForm(formdata=None))


@bp.post("/practice/late")
@guard(Action.PRACTICE_LATE)
def reassign_late() -> Any:
    """Give what was chosen to another supervisor."""
    actor, form = current_actor(), ReassignForm()
    cohorts = service.cohorts_of(db.session, actor)
    form.supervisor.choices = _supervisors(cohorts, service.teams(db.session, cohorts), None)
    if not form.validate_on_submit():
        return _page(form), 422
    entries, placements = _keys(form.entries.data), _keys(form.placements.data)
    try:
        with writing() as session:
            person = session.get_one(Person, UUID(form.supervisor.data))
            number = service.reassign(session, actor, entries, placements, person, now())
            name = person.name
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form), 422
    web.say(
        ngettext(
            "%(name)s now supervises %(num)d more placement.",
            "%(name)s now supervises %(num)d more placements.",
            number,
            name=name,
        )
    )
    return see_other("fieldwork.late", cohort=request.args.get("cohort"))


def _keys(texts: list[str] | None) -> list[UUID]:
    found = []
    for text in texts or ():
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
