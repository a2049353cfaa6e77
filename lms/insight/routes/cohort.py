"""A cohort's progress: everyone's ledger on one page."""

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from lms.assessment import service as assessment
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core import search
from lms.core.db import db
from lms.core.paging import paginate
from lms.curriculum import service as curriculum
from lms.insight.routes.blueprint import bp
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import guard

SIZE = 40
"""Rows of a page: a cohort of the usual size stands on one."""
GONE = (EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED)


@bp.get("/cohorts/<uuid:cohort_id>/progress")
@guard(Action.COHORT_PROGRESS, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def progress(cohort: Cohort) -> str:
    """What each trainee has and lacks; each cell opens the rows behind it."""
    release = curriculum.release(db.session, cohort.release_id)
    programme = release.programmes[cohort.programme]
    query = (
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .options(contains_eager(Enrolment.person))
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.not_in(GONE))
    )
    words = request.args.get("q", "").strip()[:100]
    if words:
        query = query.where(search.matches(Person.search_text, words))
    page = paginate(db.session, query, Enrolment.id, Person.sort_name, size=SIZE)
    total = cohorts.counts(db.session, [cohort.id]).get(cohort.id, 0)
    ledgers = assessment.ledgers(db.session, page.rows, release)
    return render_template(
        "insight/progress.html",
        cohort=cohort,
        programme=programme,
        release=release,
        page=page,
        ledgers=ledgers,
        total=total,
        q=words,
    )
