"""Training found for pages: who sees which, what clashes, who came."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload

from lms.cohorts.models import (
    Attendance,
    Cohort,
    Enrolment,
    TrainingMaterial,
    TrainingScan,
    TrainingSession,
    TrainingTrainer,
)
from lms.cohorts.timetable import meetings
from lms.cohorts.timetable.people import enrolled
from lms.cohorts.timetable.rules import Clash, Slot
from lms.cohorts.training.rules import MOST_MINUTES, THERE, Attended, TrainingState
from lms.core.db import AnySession
from lms.policy.actor import Actor, Role

COMING_DAYS = 14
"""How far ahead the first page looks."""
SHOWN = 5


def _teaches(person_id: UUID | None) -> ColumnElement[bool]:
    if person_id is None:
        return false()
    return TrainingSession.id.in_(
        select(TrainingTrainer.session_id).where(TrainingTrainer.person_id == person_id)
    )


def sessions_visible_to(actor: Actor) -> Select[TrainingSession]:
    """Sessions that the actor may look at: the same answer as the table's, as a query."""
    query = select(TrainingSession)
    if actor.sees_everything:
        return query
    mine = actor.own_cohorts
    here = select(Cohort.id).where(
        or_(Cohort.country_code.in_(actor.countries), Cohort.id.in_(mine))
    )
    return query.where(TrainingSession.cohort_id.in_(here))


def own(actor: Actor) -> Select[TrainingSession]:
    """Sessions that the actor teaches, or is taught in."""
    taught = TrainingSession.cohort_id.in_(actor.cohorts(Role.TRAINEE))
    teaches = and_(
        _teaches(actor.person_id), TrainingSession.cohort_id.in_(actor.cohorts(Role.TRAINER))
    )
    return select(TrainingSession).where(or_(taught, teaches))


class Coming(NamedTuple):
    """A session on somebody's first page."""

    meeting: TrainingSession
    mark: Attended | None
    """What is noted of them so far."""

    @property
    def is_there(self) -> bool:
        """Whether they need not say any more that they came."""
        return self.mark in THERE


def next_ones(session: AnySession, actor: Actor, now: datetime) -> list[Coming]:
    """What a trainer has yet to close, then one's own training of the next days."""
    if not actor.has(Role.TRAINER) and not actor.has(Role.TRAINEE):
        return []
    mark = (
        select(Attendance.mark)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Attendance.session_id == TrainingSession.id, Enrolment.person_id == actor.person_id)
        .order_by(Attendance.id.desc())
        .limit(1)
        .correlate(TrainingSession)
        .scalar_subquery()
    )
    found = session.execute(
        own(actor)
        .add_columns(mark)
        .where(
            TrainingSession.state == TrainingState.PLANNED,
            TrainingSession.starts_at < now + timedelta(days=COMING_DAYS),
            or_(TrainingSession.starts_at >= now - timedelta(hours=12), _teaches(actor.person_id)),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(SHOWN)
        .options(joinedload(TrainingSession.led_by))
    )
    return [Coming(*row) for row in found.unique()]


# --- one session ---


@dataclass(frozen=True)
class Line:
    """One trainee on a session's list."""

    enrolment: Enrolment
    attendance: Attendance | None


def attendances(session: AnySession, meeting: TrainingSession) -> dict[UUID, Attendance]:
    """What is noted of each trainee, by enrolment."""
    query = select(Attendance).where(Attendance.session_id == meeting.id)
    return {one.enrolment_id: one for one in session.scalars(query).unique()}


def lines(session: AnySession, meeting: TrainingSession) -> list[Line]:
    """Everybody on the list, by name: who is enrolled, and of whom something is noted already.

    Once the list is closed, only those of whom something is noted.
    """
    noted = attendances(session, meeting)
    people = {one.enrolment_id: one.enrolment for one in noted.values()}
    if meeting.state is TrainingState.PLANNED:
        people |= {one.id: one for one in enrolled(session, meeting.cohort_id)}
    found = sorted(people.values(), key=lambda one: (one.sort_name, one.id))
    return [Line(one, noted.get(one.id)) for one in found]


def materials(session: AnySession, meeting: TrainingSession) -> list[TrainingMaterial]:
    """What is handed out, in the order in which it was added."""
    query = select(TrainingMaterial).where(TrainingMaterial.session_id == meeting.id)
    return list(session.scalars(query.order_by(TrainingMaterial.id)).unique())


def scans(session: AnySession, meeting: TrainingSession) -> list[TrainingScan]:
    """Photos of its signed sheet."""
    query = select(TrainingScan).where(TrainingScan.session_id == meeting.id)
    return list(session.scalars(query.order_by(TrainingScan.id)).unique())


# --- one trainee ---


def of_trainee(session: AnySession, enrolment_ids: Iterable[UUID]) -> list[Attendance]:
    """What was noted of one trainee in sessions that were held, the earliest first."""
    query = (
        select(Attendance)
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(
            Attendance.enrolment_id.in_(list(enrolment_ids)),
            TrainingSession.state == TrainingState.HELD,
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    return list(session.scalars(query).unique())


# --- clashes ---


def clashing(
    session: AnySession,
    cohort: Cohort,
    trainer_ids: Collection[UUID],
    slots: Sequence[Slot],
    but: UUID | None = None,
) -> list[Clash]:
    """Training of the cohort, or of a trainer, that overlaps; `but` the one being changed."""
    taken = select(TrainingSession).where(
        TrainingSession.state != TrainingState.CANCELLED,
        or_(
            TrainingSession.cohort_id == cohort.id,
            TrainingSession.id.in_(
                select(TrainingTrainer.session_id).where(TrainingTrainer.person_id.in_(trainer_ids))
            ),
        ),
    )
    found = []
    for other in meetings.overlapping(session, taken, slots, MOST_MINUTES, but):
        busy = [one.name for one in other.trainers if one.id in trainer_ids]
        if other.cohort_id == cohort.id:
            busy.insert(0, cohort.name)
        found += [Clash(name, meetings.slot_of(other)) for name in busy]
    return found
