"""Where the trainees of a cohort stand, and what lies ahead of each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.assessment.rules.forecast import Prospect, Span, prospect
from lms.assessment.rules.ledger import Ledger
from lms.assessment.rules.standing import Standings, standings
from lms.assessment.service.sums import standings_of
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import GONE
from lms.core import search
from lms.core.db import AnySession
from lms.curriculum import service as curriculum
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme
from lms.people.models import Person


@dataclass(frozen=True, slots=True)
class Seen:
    """One trainee of a cohort, in figures, with what lies ahead."""

    enrolment_id: UUID
    person_id: UUID
    sort_name: str
    found: Standings
    ahead: Prospect


def programme_at(session: AnySession, cohort: Cohort) -> tuple[Release, Programme]:
    """The content to which a cohort is pinned, and its programme."""
    release = curriculum.release(session, cohort.release_id)
    return release, release.programmes[cohort.programme]


def today_of(cohort: Cohort, now: datetime) -> date:
    """The date where the cohort is."""
    return now.astimezone(ZoneInfo(cohort.time_zone)).date()


def span_of(enrolment: Enrolment) -> Span:
    """The days that the trainee has; who was transferred brings the time before along."""
    transferred = enrolment.transferred_from_id is not None
    return _span(enrolment.cohort, enrolment.enrolled_at, transferred=transferred)


def _span(cohort: Cohort, enrolled_at: datetime, *, transferred: bool) -> Span:
    begins = cohort.starts_on
    if not transferred:
        begins = max(begins, enrolled_at.astimezone(ZoneInfo(cohort.time_zone)).date())
    return Span(begins, cohort.ends_on)


def ahead_of(enrolment: Enrolment, programme: Programme, found: Ledger, now: datetime) -> Prospect:
    """What lies ahead of one trainee, told from their ledger."""
    today = today_of(enrolment.cohort, now)
    needs = programme.requirements
    return prospect(needs, standings(needs, found, today), span_of(enrolment), today)


def of_cohort(
    session: AnySession,
    cohort: Cohort,
    now: datetime,
    words: str = "",
    only: Collection[UUID] | None = None,
) -> list[Seen]:
    """Everybody who has not left the cohort, in no particular order; a constant number of queries.

    words: only those whom they name. only: only these enrolments.
    """
    release, programme = programme_at(session, cohort)
    today = today_of(cohort, now)
    people = (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.enrolled_at,
            Enrolment.transferred_from_id,
            Person.sort_name,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.not_in(GONE))
    )
    if only is not None:
        people = people.where(Enrolment.id.in_(only))
    if words:
        people = people.where(search.matches(Person.search_text, words))
    rows = session.execute(people).all()
    found = standings_of(
        session, [row.id for row in rows], release, programme, cohort.time_zone, today
    )
    seen = []
    for row in rows:
        standing = found[row.id]
        span = _span(cohort, row.enrolled_at, transferred=row.transferred_from_id is not None)
        ahead = prospect(programme.requirements, standing, span, today)
        seen.append(Seen(row.id, row.person_id, row.sort_name, standing, ahead))
    return seen
