"""A cohort's progress: everyone's ledger on one page."""

from flask import render_template, request
from sqlalchemy import func, select

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

GONE = (EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED)


@bp.get("/cohorts/<uuid:cohort_id>/progress")
@guard(Action.COHORT_PROGRESS, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def progress(cohort: Cohort) -> str:
    """What each trainee has and lacks; each cell opens the rows behind it."""
    release = curriculum.release(db.session, cohort.release_id)
    programme = release.programmes[cohort.programme]
    query = select(Enrolment).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state.not_in(GONE)
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery()))
    words = request.args.get("q", "").strip()[:100]
    if words:
        query = query.join(Person, Person.id == Enrolment.person_id).where(
            search.matches(Person.search_text, words)
        )
    page = paginate(db.session, query, Enrolment.id, size=50)
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
