"""More time for one person, for a reason that few may read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.cohorts.service import lineage
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.learning.models import ExtraTime, QuizAttempt
from lms.learning.quizzes.rules import attempts as rules
from lms.policy.actor import Actor


def extra_time_of(session: AnySession, enrolment_id: UUID) -> ExtraTime | None:
    """What an enrolment was given itself."""
    return session.scalar(select(ExtraTime).where(ExtraTime.enrolment_id == enrolment_id))


def percent_of(session: AnySession, enrolment_id: UUID) -> int:
    """How much more time: what was given here, else before a transfer. Two queries."""
    parts = lineage(session, [enrolment_id])
    rows = session.execute(
        select(ExtraTime.enrolment_id, ExtraTime.percent).where(
            ExtraTime.enrolment_id.in_(list(parts))
        )
    )
    found: dict[UUID, int] = {row.enrolment_id: row.percent for row in rows}
    return found.get(enrolment_id, max(found.values(), default=0))


def give(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    percent: int,
    reason: str,
    seen_version: int,
    now: datetime,
) -> ExtraTime:
    """Give, change or take back (0) extra time; what is open gets its new end at once.

    Raises Refusal without a reason, and Stale where somebody has changed it meanwhile.
    """
    if percent and not reason:
        raise Refusal("reason_needed")
    if percent and percent not in rules.EXTRA_PERCENT:
        raise Refusal("not_possible")
    if actor.person_id is None:
        raise Refusal("not_possible")
    row = extra_time_of(session, enrolment.id)
    if (row.version if row else 0) != seen_version:
        raise Stale
    if row is None:
        row = ExtraTime(enrolment=enrolment, enrolment_id=enrolment.id, version=0)
        session.add(row)
    before = row.percent or 0
    row.percent = percent
    row.reason = reason if percent else ""
    row.version += 1
    row.given_by_id = actor.person_id
    row.given_at = now
    session.flush()
    # the trail says how much, never why
    details = {"before": before, "percent": percent}
    audit.record(
        session,
        actor,
        "extratime.give" if percent else "extratime.end",
        row,
        now=now,
        details=details,
    )
    _lengthen(session, enrolment, percent)
    return row


def _lengthen(session: AnySession, enrolment: Enrolment, percent: int) -> None:
    """Attempts under way end later; time that is taken back shortens none of them."""
    under_way = select(QuizAttempt).where(
        QuizAttempt.enrolment_id == enrolment.id,
        QuizAttempt.minutes > 0,
        QuizAttempt.state.in_(rules.OPEN),
    )
    for attempt in session.scalars(under_way.with_for_update(of=QuizAttempt)):
        due = rules.due_at(attempt.started_at, attempt.minutes, percent)
        attempt.due_at = max(attempt.due_at, due)
    session.flush()
