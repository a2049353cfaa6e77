"""What is late and who is at risk, among those whom a person accompanies or administers."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import contains_eager

from lms.assessment.models import Dossier
from lms.assessment.rules.turns import Party
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core.db import AnySession
from lms.fieldwork import service as fieldwork
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.rules import EntryState
from lms.learning.models import LessonCompletion, QuizAttempt
from lms.people.models import Person
from lms.policy.actor import Actor

LATE_DAYS = 10
"""An entry that waits longer for its supervisor is late."""
QUIET_DAYS = 30
"""Who has neither read nor practised for so long is at risk of giving up."""


def late(actor: Actor, now: datetime) -> Select[PracticumEntry]:
    """Entries that have waited too long for their supervisor, not the person's own."""
    return (
        fieldwork.entries_visible_to(actor)
        .where(
            PracticumEntry.state == EntryState.SUBMITTED,
            PracticumEntry.submitted_at < now - timedelta(days=LATE_DAYS),
            PracticumEntry.enrolment_id.not_in(_own(actor)),
        )
        .order_by(PracticumEntry.submitted_at, PracticumEntry.id)
    )


def quiet(actor: Actor, now: datetime) -> Select[Enrolment]:
    """Trainees of running cohorts who have done nothing for long, though it is their turn."""
    since = now - timedelta(days=QUIET_DAYS)
    read = exists().where(
        LessonCompletion.enrolment_id == Enrolment.id, LessonCompletion.completed_at >= since
    )
    answered = exists().where(
        QuizAttempt.enrolment_id == Enrolment.id, QuizAttempt.saved_at >= since
    )
    practised = exists().where(
        PracticumEntry.enrolment_id == Enrolment.id, PracticumEntry.received_at >= since
    )
    waits = exists().where(Dossier.enrolment_id == Enrolment.id, Dossier.turn != Party.CANDIDATE)
    return (
        cohorts.enrolments_visible_to(actor)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .options(contains_eager(Enrolment.cohort), contains_eager(Enrolment.person))
        .where(
            Enrolment.state == EnrolmentState.ENROLLED,
            Enrolment.enrolled_at < since,
            Enrolment.id.not_in(_own(actor)),
            Cohort.state == CohortState.RUNNING,
            ~read,
            ~answered,
            ~practised,
            ~waits,
        )
    )


def _own(actor: Actor) -> Select[UUID]:
    return select(Enrolment.id).where(Enrolment.person_id == actor.person_id)


def number(session: AnySession, query: Select[PracticumEntry] | Select[Enrolment]) -> int:
    """How many rows a list has."""
    keys = query.order_by(None).with_only_columns(query.selected_columns.id).subquery()
    return session.scalar(select(func.count()).select_from(keys)) or 0
