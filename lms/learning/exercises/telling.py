"""Mail about exercises: to trainers when work comes in, to the trainee when it is marked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.core import mail
from lms.core.db import AnySession
from lms.curriculum.rules import Exercise
from lms.learning.exercises.rules import WorkState
from lms.learning.models import ExerciseWork
from lms.people.service import recipient
from lms.policy.actor import Role


def somebody_waits(session: AnySession, cohort_id: UUID) -> bool:
    """Whether work of the cohort waits that nobody has begun to mark."""
    query = (
        select(ExerciseWork.id)
        .join(Enrolment, Enrolment.id == ExerciseWork.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, ExerciseWork.state == WorkState.HANDED_IN)
    )
    return session.scalar(query.limit(1)) is not None


def trainers(session: AnySession, work: ExerciseWork, exercise: Exercise, now: datetime) -> None:
    """The cohort's trainers are told that work waits: once, until the queue was empty again."""
    context = {"work": work, "exercise": exercise}
    for person in cohorts.team(session, work.cohort_id)[Role.TRAINER]:
        if person.left_at is None:
            mail.send(session, recipient(person), "exercise_waits", context, now)


def trainee(
    session: AnySession, work: ExerciseWork, exercise: Exercise, words: str, now: datetime
) -> None:
    """The trainee is told where it stands, with the trainer's words."""
    person = work.enrolment.person
    if person.left_at is None:
        context = {"work": work, "exercise": exercise, "words": words}
        mail.send(session, recipient(person), "exercise_marked", context, now)
