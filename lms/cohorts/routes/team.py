"""Who trains and supervises in a cohort."""

from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from lms.cohorts import service
from lms.cohorts.forms import MemberForm
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.search import matches
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.actor import Role
from lms.policy.guard import current_actor, guard, writing

FOUND = 20


def _candidates(cohort: Cohort, words: str) -> list[Person]:
    """People of the country who could join: not trainees here, not gone."""
    if not words:
        return []
    trainees = select(Enrolment.person_id).where(Enrolment.cohort_id == cohort.id)
    return list(
        db.session.scalars(
            select(Person)
            .where(
                Person.country_code == cohort.country_code,
                Person.left_at.is_(None),
                Person.id.not_in(trainees),
                matches(Person.search_text, words),
            )
            .order_by(Person.sort_name, Person.id)
            .limit(FOUND)
        )
    )


@bp.get("/cohorts/<uuid:cohort_id>/team")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def team(cohort: Cohort) -> str:
    """The team, and a search for those who could join it."""
    words = request.args.get("q", "")[:100]
    return render_template(
        "cohorts/team.html",
        cohort=cohort,
        team=service.team(db.session, cohort.id),
        roles=service.TEAM,
        words=words,
        candidates=_candidates(cohort, words),
        form=MemberForm(),
    )


@bp.post("/cohorts/<uuid:cohort_id>/team/<any(assign, unassign):act>")
@guard(Action.COHORT_EDIT, view=Action.COHORT_VIEW, cohort=service.find_cohort)
def change_team(cohort: Cohort, act: str) -> Any:
    """Let somebody join or leave the team."""
    form, key = MemberForm(), cohort.id
    if not form.validate_on_submit():
        raise Refusal("not_a_team_role")
    with writing() as session:
        person = _person(form.person.data or "")
        change = service.assign if act == "assign" else service.unassign
        change(session, current_actor(), cohort, person, _role(form.role.data or ""), now())
        name = person.name
    if act == "assign":
        web.say(_("%(name)s has joined the team.", name=name))
    else:
        web.say(_("%(name)s has left the team.", name=name))
    return see_other("cohorts.team", cohort_id=key)


def _person(text: str) -> Person:
    try:
        person = db.session.get(Person, UUID(text))
    except ValueError:
        person = None
    if person is None:
        raise Refusal("person_not_available")
    return person


def _role(text: str) -> Role:
    roles = {role.value: role for role in service.TEAM}
    if text not in roles:
        raise Refusal("not_a_team_role")
    return roles[text]
