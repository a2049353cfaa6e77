"""What is new in the cohorts that a person belongs to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from lms.cohorts.announcements import service as announcements
from lms.cohorts.discussion import listing
from lms.cohorts.models import Cohort
from lms.cohorts.rules import CohortState
from lms.core.db import AnySession
from lms.policy.actor import Actor

SHOWN = 5


@dataclass(frozen=True)
class Together:
    """One cohort, and how much of what was said there is new to the person."""

    cohort_id: UUID
    name: str
    announcements: int
    threads: int


def together(session: AnySession, actor: Actor) -> list[Together]:
    """The person's cohorts that are open or under way, the newest first."""
    mine = actor.own_cohorts
    if not mine:
        return []
    told, said = announcements.unread(actor).subquery(), listing.unread(actor).subquery()
    rows = session.execute(
        select(
            Cohort.id,
            Cohort.name,
            func.coalesce(told.c.number, 0),
            func.coalesce(said.c.number, 0),
        )
        .outerjoin(told, told.c.cohort_id == Cohort.id)
        .outerjoin(said, said.c.cohort_id == Cohort.id)
        .where(Cohort.id.in_(mine), Cohort.state.in_([CohortState.OPEN, CohortState.RUNNING]))
        .order_by(Cohort.starts_on.desc(), Cohort.id)
        .limit(SHOWN)
    )
    return [Together(*row) for row in rows]
