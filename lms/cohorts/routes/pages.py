"""The list of cohorts, and the page of each."""

from functools import cache
from operator import itemgetter
from typing import Any

from babel.dates import get_timezone_location
from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from lms.cohorts import service
from lms.cohorts.labels import ACTS
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.routes.blueprint import bp, programme_title
from lms.cohorts.rules import CohortState, EnrolmentState, events_from
from lms.core.db import db
from lms.core.i18n import country_name, current_language
from lms.core.labels import label
from lms.core.paging import paginate
from lms.core.search import matches
from lms.network.models import Country
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.actor import Role
from lms.policy.guard import can, current_actor, guard


@bp.get("/cohorts")
@guard(Action.COHORT_LIST)
def index() -> str:
    """The cohorts that one may look at, by country and state, found by words."""
    actor, session = current_actor(), db.session
    states = {state.value: state for state in CohortState}
    countries = _countries()
    country, state = request.args.get("country", ""), request.args.get("state", "")
    words = request.args.get("q", "")[:100]
    query = service.visible_to(actor)
    country = country if country in countries else ""
    if country:
        query = query.where(Cohort.country_code == country)
    if state in states:
        query = query.where(Cohort.state == states[state])
    if words:
        query = query.where(matches(Cohort.search_text, words))
    page: Any = paginate(session, query, Cohort.id, Cohort.name, size=24)
    return render_template(
        "cohorts/index.html",
        page=page,
        numbers=service.counts(session, [cohort.id for cohort in page.rows]),
        titles={cohort.id: programme_title(session, cohort) for cohort in page.rows},
        countries=countries,
        country_options=sorted(
            ((code, country_name(code)) for code in countries), key=itemgetter(1)
        ),
        state_options=[(each.value, label(each)) for each in CohortState],
        country=country,
        state=state if state in states else "",
        words=words,
        is_filtered=bool(country or words or state in states),
    )


def _countries() -> list[str]:
    """Countries to choose from: none where there is but one."""
    actor = current_actor()
    if actor.sees_everything:
        return list(db.session.scalars(select(Country.code).order_by(Country.code)))
    return sorted(actor.countries) if len(actor.countries) > 1 else []


@bp.get("/cohorts/<uuid:cohort_id>")
@guard(Action.COHORT_VIEW, cohort=service.find_cohort)
def cohort(cohort: Cohort) -> str:
    """Facts, team, roster, and the ways from here."""
    session = db.session
    sees_people = can(Action.COHORT_PROGRESS, cohort)
    words = request.args.get("q", "")[:100] if sees_people else ""
    states = {state.value: state for state in EnrolmentState}
    state = request.args.get("state", "")
    page: Any = None
    if sees_people:
        query = (
            select(Enrolment)
            .join(Enrolment.person)
            .options(contains_eager(Enrolment.person))
            .where(Enrolment.cohort_id == cohort.id)
        )
        if words:
            query = query.where(matches(Person.search_text, words))
        if state in states:
            query = query.where(Enrolment.state == states[state])
        page = paginate(session, query, Enrolment.id, Person.sort_name, size=50)
    return render_template(
        "cohorts/cohort.html",
        cohort=cohort,
        zone=zone_name(cohort.time_zone),
        programme=programme_title(session, cohort),
        team=service.team(session, cohort.id),
        roles=(Role.TRAINER, Role.SUPERVISOR),
        number=service.counts(session, [cohort.id]).get(cohort.id, 0),
        page=page,
        words=words,
        state=state if state in states else "",
        state_options=[(each.value, label(each)) for each in EnrolmentState],
        sees_people=sees_people,
        may_edit=can(Action.COHORT_EDIT, cohort),
        may_enrol=can(Action.COHORT_ENROL, cohort),
        acts=ACTS,
        events=events_from(cohort.state) if can(Action.COHORT_EDIT, cohort) else (),
    )


def zone_name(zone: str) -> str:
    """A time zone as people call it: its city."""
    return _city(zone, current_language())


@cache
def _city(zone: str, language: str) -> str:
    return get_timezone_location(zone, locale=language, return_city=True)
