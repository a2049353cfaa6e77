"""A cohort's ledger: everyone's figures on one page, those at risk first."""

from typing import TypeVar
from uuid import UUID

from flask import Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from lms.assessment import service as assessment
from lms.assessment.service.standing import Seen
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.addresses import same_page
from lms.core.db import db
from lms.core.i18n import current_language, minutes
from lms.core.paging import Page
from lms.curriculum.rules import Measure, Programme, RequirementKind, Unit
from lms.insight import roster
from lms.insight.roster import Show, Sort
from lms.insight.routes.blueprint import bp
from lms.insight.routes.sending import send_table
from lms.insight.tables import lists
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import guard

Choice = TypeVar("Choice", Show, Sort)


def asked(name: str, default: Choice) -> Choice:
    """A choice in the address; what is none of them is the default."""
    try:
        return type(default)(request.args.get(name, ""))
    except ValueError:
        return default


def whole_practice(programme: Programme) -> str:
    """The requirement that stands for all practice: its total, if there is one."""
    practice = [n for n in programme.requirements if n.kind is RequirementKind.PRACTICE_MINUTES]
    practice.sort(key=lambda need: need.measure is not Measure.TOTAL)
    return practice[0].id if practice else ""


@bp.get("/cohorts/<uuid:cohort_id>/progress")
@guard(Action.COHORT_PROGRESS, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def progress(cohort: Cohort) -> str:
    """What each trainee has and lacks; each cell opens the rows behind it."""
    release, programme = assessment.programme_at(db.session, cohort)
    words = request.args.get("q", "").strip()[:100]
    show, sort = asked("show", Show.ALL), asked("sort", Sort.RISK)
    need = programme.requirement(request.args.get("need", ""))
    everybody = assessment.of_cohort(db.session, cohort, clock.now(), words)
    people = roster.ordered(roster.shown(everybody, show), sort, need.id if need else "")
    page = roster.window(people, request.args.get("after", ""))
    enrolments = _enrolments([one.enrolment_id for one in page.rows], cohort)
    return render_template(
        "insight/progress.html",
        cohort=cohort,
        programme=programme,
        release=release,
        rows=[(one, enrolments[one.enrolment_id], _cells(one)) for one in page.rows],
        pages=Page(
            page.rows,
            same_page(after=str(page.after)) if page.after else None,
            same_page(after=None) if page.before else None,
            page.total,
        ),
        totals=roster.totals(everybody, need.id if need else whole_practice(programme)),
        practice=whole_practice(programme),
        need=need,
        needs=[need] if need else programme.requirements,
        show=show,
        sort=sort,
        q=words,
        is_narrowed=bool(words or need) or show is not Show.ALL or sort is not Sort.RISK,
    )


@bp.get("/cohorts/<uuid:cohort_id>/progress.<any(csv,xlsx):format>")
@guard(Action.COHORT_PROGRESS, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def progress_table(cohort: Cohort, format: str) -> Response:
    """The cohort's ledger as a table: everybody, those at risk first."""
    release, programme = assessment.programme_at(db.session, cohort)
    people = roster.ordered(assessment.of_cohort(db.session, cohort, clock.now()), Sort.RISK)
    language = current_language()
    table = lists.cohort_ledger(db.session, cohort, release, programme, people, language)
    return send_table(table, format)


def _cells(one: Seen) -> list[tuple[str, str, str]]:
    """Tone, requirement and text of each cell: put together here, since a page has hundreds."""
    return [
        (
            "ok" if line.done else "" if line.counted else "none",
            line.requirement,
            minutes(line.counted) if line.unit is Unit.MINUTES else str(line.counted),
        )
        for line in one.found.lines
    ]


def _enrolments(keys: list[UUID], cohort: Cohort) -> dict[UUID, Enrolment]:
    """The enrolments of one page, their people with them."""
    found = db.session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .options(contains_eager(Enrolment.person), joinedload(Enrolment.cohort))
        .where(Enrolment.id.in_(keys), Enrolment.cohort_id == cohort.id)
    )
    return {one.id: one for one in found}
