"""The training days that count, and those that will once they have been held."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, case, or_, select
from sqlalchemy.orm import lazyload

from lms.cohorts import service as cohorts
from lms.cohorts.models import Attendance, Enrolment, TrainingSession
from lms.cohorts.rules import EnrolmentState
from lms.cohorts.training.rules import THERE, Attended, TrainingState
from lms.core.db import AnySession


class Day(NamedTuple):
    """A session that counts for a trainee, or that is planned for them."""

    id: UUID
    halves: int
    """What it counts; of one that is planned, what it may come to."""
    starts_at: datetime
    title: str
    held: bool
    """Whether it counts: its list is closed."""


def _days() -> Select[Any]:
    """Held with the trainee there; or planned for an active trainee who has not said no."""
    held = TrainingSession.state == TrainingState.HELD
    may_come = or_(
        Attendance.id.is_(None),
        and_(
            Attendance.announced_at.is_(None),
            Attendance.mark.in_([Attended.EXPECTED, *sorted(THERE)]),
        ),
    )
    planned = and_(
        TrainingSession.state == TrainingState.PLANNED,
        TrainingSession.halves > 0,
        Enrolment.state == EnrolmentState.ENROLLED,
        may_come,
    )
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            TrainingSession.id.label("session_id"),
            case((held, Attendance.halves), else_=TrainingSession.halves).label("halves"),
            TrainingSession.starts_at,
            TrainingSession.title,
            held.label("held"),
        )
        .join(TrainingSession, TrainingSession.cohort_id == Enrolment.cohort_id)
        .outerjoin(
            Attendance,
            and_(
                Attendance.session_id == TrainingSession.id,
                Attendance.enrolment_id == Enrolment.id,
            ),
        )
        .where(
            Enrolment.id.in_(bindparam("ids", expanding=True)),
            or_(and_(held, Attendance.halves > 0), planned),
        )
    )


DAYS = _days()
"""One row a trainee and session, for `ids`. Made once: that takes longer than running it."""
_IN_ORDER = DAYS.order_by(TrainingSession.starts_at, TrainingSession.id)


def training_days(
    session: AnySession,
    enrolment_ids: Collection[UUID],
    whole: Mapping[UUID, UUID] | None = None,
) -> dict[UUID, list[Day]]:
    """Sessions held with the trainee there, and those planned; transfers are followed."""
    keys = list(enrolment_ids)
    found: dict[UUID, list[Day]] = {key: [] for key in keys}
    if not keys:
        return found
    whole = cohorts.lineage(session, keys) if whole is None else whole
    for enrolment_id, *day in session.execute(_IN_ORDER, {"ids": list(whole)}):
        found[whole[enrolment_id]].append(Day(*day))
    return found


def day_about(
    session: AnySession, cohort_id: UUID, module: str, now: datetime
) -> TrainingSession | None:
    """The next session of a cohort about a module; else the last whose list is still open."""
    query = (
        select(TrainingSession)
        .where(
            TrainingSession.cohort_id == cohort_id,
            TrainingSession.state == TrainingState.PLANNED,
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .options(lazyload(TrainingSession.led_by))
    )
    about = [one for one in session.scalars(query) if module in one.modules]
    coming = [one for one in about if one.ends_at > now]
    return next(iter(coming or about[-1:]), None)
