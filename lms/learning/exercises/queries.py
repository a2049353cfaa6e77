"""Work that somebody may see, and what waits for a trainer, the oldest first."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.curriculum.release import Release
from lms.curriculum.rules import Exercise
from lms.curriculum.service import release as load_release
from lms.learning.exercises.rules import WAITING, WorkState
from lms.learning.models import ExerciseVersion, ExerciseWork
from lms.policy.actor import Actor, Role

_SHOWN = (
    contains_eager(ExerciseWork.enrolment).contains_eager(Enrolment.person),
    contains_eager(ExerciseWork.enrolment).contains_eager(Enrolment.cohort),
    joinedload(ExerciseWork.looked_by),
)


def _joined() -> Select[ExerciseWork]:
    return (
        select(ExerciseWork)
        .join(ExerciseWork.enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.person)
        .options(*_SHOWN)
    )


def visible_to(actor: Actor) -> Select[ExerciseWork]:
    """Work that the actor may look at: the same answer as the table's, as a query."""
    query, handed_in = _joined(), ExerciseWork.state != WorkState.DRAFT
    own = Enrolment.person_id == actor.person_id
    if actor.sees_everything:
        return query.where(or_(own, handed_in))
    near = or_(
        Enrolment.cohort_id.in_(actor.cohorts(Role.TRAINER)),
        Cohort.country_code.in_(actor.countries),
    )
    return query.where(or_(own, and_(near, handed_in)))


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Work, joined with its enrolment, that waits for the actor to mark it."""
    return and_(
        ExerciseWork.state.in_(WAITING),
        Enrolment.cohort_id.in_(actor.cohorts(Role.TRAINER)),
        Enrolment.person_id != actor.person_id,
    )


def waiting(actor: Actor) -> Select[ExerciseWork]:
    """What waits for the actor, to be ordered by `handed_in_at`."""
    return _joined().where(_mine(actor))


def oldest(session: AnySession, actor: Actor, number: int) -> list[ExerciseWork]:
    """What has waited longest for the actor."""
    order = (ExerciseWork.handed_in_at, ExerciseWork.id)
    return list(session.scalars(waiting(actor).order_by(*order).limit(number)))


def number_waiting(session: AnySession, actor: Actor) -> int:
    """How much waits for the actor."""
    query = (select(func.count()).select_from(ExerciseWork).join(ExerciseWork.enrolment)).where(
        _mine(actor)
    )
    return session.scalar(query) or 0


def exercise_of(session: AnySession, work: ExerciseWork) -> Exercise:
    """The exercise as its release has it."""
    return release_of(session, work).content.exercises[work.exercise]


def release_of(session: AnySession, work: ExerciseWork) -> Release:
    """The release that the work points at."""
    return load_release(session, work.release_id)


def exercises_of(session: AnySession, works: Iterable[ExerciseWork]) -> dict[UUID, Exercise]:
    """The exercise of each; releases are loaded once a process."""
    return {work.id: exercise_of(session, work) for work in works}


def versions_of(session: AnySession, work: ExerciseWork) -> Sequence[ExerciseVersion]:
    """All versions, the latest first, with who decided."""
    return session.scalars(
        select(ExerciseVersion)
        .where(ExerciseVersion.work_id == work.id)
        .order_by(ExerciseVersion.number.desc())
        .options(joinedload(ExerciseVersion.decided_by))
    ).all()


def returned(session: AnySession, enrolment_id: UUID) -> Sequence[ExerciseWork]:
    """What came back to a trainee, the latest first."""
    query = select(ExerciseWork).where(
        ExerciseWork.enrolment_id == enrolment_id, ExerciseWork.state == WorkState.RETURNED
    )
    return session.scalars(query.order_by(ExerciseWork.decided_at.desc())).all()
