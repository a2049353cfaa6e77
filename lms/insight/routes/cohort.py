"""A cohort's ledger: everyone's figures on one page, those at risk first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from lms.assessment import service as assessment
from lms.assessment.service.standing import Seen
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import GONE
from lms.core import clock, search
from lms.core.addresses import same_page
from lms.core.db import db
from lms.core.i18n import current_language, halves, minutes
from lms.core.paging import Page, paginate
from lms.curriculum.rules import Measure, Programme, Requirement, RequirementKind, Unit
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
    number = cohorts.counts(db.session, [cohort.id]).get(cohort.id, 0)
    asked_for = _Asked(
        words,
        asked("show", Show.ALL),
        asked("sort", Sort.RISK),
        programme.requirement(request.args.get("need", "")),
    )
    whole = number <= roster.LARGEST
    listed = _ranked(cohort, asked_for) if whole else _by_name(cohort, words)
    enrolments = _enrolments([one.enrolment_id for one in listed.page.rows], cohort)
    need = asked_for.need
    practice = whole_practice(programme)
    return render_template(
        "insight/progress.html",
        cohort=cohort,
        programme=programme,
        release=release,
        rows=[(one, enrolments[one.enrolment_id], _cells(one)) for one in listed.page.rows],
        pages=listed.page,
        number=number,
        totals=roster.totals(listed.people, need.id if need else practice) if whole else None,
        practice=practice,
        need=need,
        needs=[need] if need else programme.requirements,
        show=asked_for.show,
        sort=asked_for.sort,
        q=words,
        is_narrowed=asked_for != _Asked(),
    )


@dataclass(frozen=True)
class _Asked:
    """What the address asks for."""

    words: str = ""
    show: Show = Show.ALL
    sort: Sort = Sort.RISK
    need: Requirement | None = None


@dataclass(frozen=True)
class _Listed:
    people: Sequence[Seen]
    page: Page[Seen]


def _ranked(cohort: Cohort, asked_for: _Asked) -> _Listed:
    """Everybody is looked at, so that those at risk can stand first."""
    everybody = assessment.of_cohort(db.session, cohort, clock.now(), asked_for.words)
    need = asked_for.need.id if asked_for.need else ""
    people = roster.ordered(roster.shown(everybody, asked_for.show), asked_for.sort, need)
    page = roster.window(people, request.args.get("after", ""))
    return _Listed(
        everybody,
        Page(
            page.rows,
            same_page(after=str(page.after)) if page.after else None,
            same_page(after=None) if page.before else None,
            page.total,
        ),
    )


def _by_name(cohort: Cohort, words: str) -> _Listed:
    """A cohort too large to be looked at as a whole: by name, page by page."""
    query = (
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .options(contains_eager(Enrolment.person))
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.not_in(GONE))
    )
    if words:
        query = query.where(search.matches(Person.search_text, words))
    page = paginate(db.session, query, Enrolment.id, Person.sort_name, size=roster.SIZE)
    keys = [one.id for one in page.rows]
    people = assessment.of_cohort(db.session, cohort, clock.now(), only=keys)
    rows = roster.ordered(people, Sort.NAME)
    return _Listed(rows, Page(rows, page.next_url, page.previous_url))


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
            _figure(line.counted, line.unit),
        )
        for line in one.found.lines
    ]


def _figure(counted: int, unit: Unit) -> str:
    if unit is Unit.MINUTES:
        return minutes(counted)
    return halves(counted) if unit is Unit.HALF_DAYS else str(counted)


def _enrolments(keys: list[UUID], cohort: Cohort) -> dict[UUID, Enrolment]:
    """The enrolments of one page, their people with them."""
    found = db.session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .options(contains_eager(Enrolment.person), joinedload(Enrolment.cohort))
        .where(Enrolment.id.in_(keys), Enrolment.cohort_id == cohort.id)
    )
    return {one.id: one for one in found}
