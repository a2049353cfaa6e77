"""A team's contribution: a sheet that everybody adds lines to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from lms.cohorts.models import Cohort
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal
from lms.curriculum.rules import Exercise, TeamActivity
from lms.learning.activities.rules import MOST_LINES, Circle, RoundEvent, RoundState, Side
from lms.learning.activities.service import begun, enrolment_in, lead_on, require_kind, require_open
from lms.learning.models import ContributionLine, TeamRound
from lms.policy.actor import Actor


def find_line(session: AnySession, line_id: UUID) -> ContributionLine | None:
    """A line of a contribution that has not been removed."""
    found = session.get(ContributionLine, line_id)
    return found if found is not None and found.removed_at is None else None


def add_line(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    exercise: Exercise,
    line_id: UUID,
    side: Side,
    circle: Circle,
    text: str,
    now: datetime,
) -> None:
    """Add a line to the team's sheet. The same key adds it once."""
    require_kind(exercise, TeamActivity.CONTRIBUTION)
    enrolment = enrolment_in(session, cohort.id, actor)
    one = begun(session, actor, cohort, exercise, now)
    if session.get(ContributionLine, line_id) is not None:
        return
    if one.state is not RoundState.COLLECTING:
        raise Late("activity_closed")
    mine = select(func.count()).select_from(ContributionLine).where(
        ContributionLine.round_id == one.id,
        ContributionLine.enrolment_id == enrolment.id,
        ContributionLine.removed_at.is_(None),
    )  # fmt: skip
    if (session.scalar(mine) or 0) >= MOST_LINES:
        raise Refusal("contribution_full", number=MOST_LINES)
    session.add(
        ContributionLine(
            id=line_id,
            round=one,
            enrolment=enrolment,
            side=side,
            circle=circle,
            text=text,
            created_at=now,
        )
    )
    session.flush()


def remove_line(session: AnySession, actor: Actor, line: ContributionLine, now: datetime) -> None:
    """Take a line off the sheet, one's own or as a trainer; as long as it is open."""
    if line.round.state is not RoundState.COLLECTING:
        raise Late("activity_closed")
    line.removed_at = now
    session.flush()
    audit.record(session, actor, "contributionline.remove", line, now=now)


def lines_of(session: AnySession, one: TeamRound | None) -> list[ContributionLine]:
    """The sheet, as it was written."""
    if one is None:
        return []
    query = select(ContributionLine).where(
        ContributionLine.round_id == one.id, ContributionLine.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(ContributionLine.id)))


def settle(
    session: AnySession, actor: Actor, one: TeamRound, seen: int, reason: str, now: datetime
) -> None:
    """Make the sheet final: one line at least."""
    if one.state is RoundState.SETTLED:
        return
    require_open(one, TeamActivity.CONTRIBUTION, RoundEvent.SETTLE, seen)
    if not lines_of(session, one):
        raise Refusal("contribution_empty")
    one.settled_at = now
    lead_on(session, actor, one, TeamActivity.CONTRIBUTION, RoundEvent.SETTLE, now, reason)
