"""The training days that count."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from lms.cohorts import service as cohorts
from lms.cohorts.models import Attendance, TrainingSession
from lms.cohorts.training.rules import TrainingState
from lms.core.db import AnySession


class CountedTraining(NamedTuple):
    """A session that counts for a trainee."""

    id: UUID
    halves: int
    starts_at: datetime
    title: str


_COUNTED = (
    select(
        Attendance.enrolment_id,
        TrainingSession.id,
        Attendance.halves,
        TrainingSession.starts_at,
        TrainingSession.title,
    )
    .join(TrainingSession, TrainingSession.id == Attendance.session_id)
    .where(
        Attendance.enrolment_id.in_(bindparam("ids", expanding=True)),
        Attendance.halves > 0,
        TrainingSession.state == TrainingState.HELD,
    )
    .order_by(TrainingSession.starts_at, TrainingSession.id)
)


def counted_training(
    session: AnySession,
    enrolment_ids: Collection[UUID],
    whole: Mapping[UUID, UUID] | None = None,
) -> dict[UUID, list[CountedTraining]]:
    """Sessions held with the trainee there, by enrolment; transfers are followed."""
    keys = list(enrolment_ids)
    found: dict[UUID, list[CountedTraining]] = {key: [] for key in keys}
    if not keys:
        return found
    whole = cohorts.lineage(session, keys) if whole is None else whole
    for row in session.execute(_COUNTED, {"ids": list(whole)}):
        counted = CountedTraining(row.id, row.halves, row.starts_at, row.title)
        found[whole[row.enrolment_id]].append(counted)
    return found
