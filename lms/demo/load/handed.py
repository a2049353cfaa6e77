"""One exercise written, handed in and marked, as pages do it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.core.files import FileStore
from lms.curriculum.release import Release
from lms.curriculum.rules import Exercise
from lms.learning.exercises import service
from lms.learning.exercises.rules import Marking, WorkEvent
from lms.learning.models import ExerciseWork
from lms.people.models import Person
from lms.policy.actor import Role

PROJECT = (
    "Demande : la coopérative veut rouvrir le marché du samedi sans perdre ses membres.\n\n"
    "Acteurs : onze productrices, deux transporteurs, l’élue au commerce, le gardien du marché. "
    "Deux n’ont pas été entendus : les vendeurs ambulants et l’école.\n\n"
    "Démarche : quatre entretiens, une réunion de restitution, un plan en trois lignes avec un "
    "responsable et une date pour chacune.\n\n"
    "Ce qui montrera que cela a servi : le nombre de membres présents au troisième marché."
)
"""What somebody hands in who has thought of most things (fictional)."""
PRAISE = "Le fil est clair, et vous dites qui manque. Ajoutez comment vous les entendrez."


def trainer_of(session: AnySession, cohort: Cohort) -> Person:
    """Whoever trains the cohort."""
    return cohorts.team(session, cohort.id)[Role.TRAINER][0]


def write(
    session: AnySession,
    files: FileStore,
    enrolment: Enrolment,
    exercise: Exercise,
    text: str,
    at: datetime,
) -> ExerciseWork:
    """Keep a draft, or change it."""
    known = service.work_of(session, enrolment.id, exercise.id)
    seen, actor = known.revision if known else 0, enrolment.person.actor
    return service.save(session, actor, enrolment, exercise, seen, text, (), (), files, at)


def hand_in(
    session: AnySession,
    files: FileStore,
    enrolment: Enrolment,
    exercise: Exercise,
    text: str,
    at: datetime,
) -> ExerciseWork:
    """Write it and hand it in."""
    work = write(session, files, enrolment, exercise, text, at)
    later = at + timedelta(minutes=5)
    service.hand_in(session, enrolment.person.actor, work, exercise, later)
    return work


def mark(
    session: AnySession,
    trainer: Person,
    work: ExerciseWork,
    exercise: Exercise,
    event: WorkEvent,
    levels: Mapping[str, int],
    feedback: str,
    at: datetime,
    comments: Mapping[str, str] | None = None,
) -> None:
    """A trainer reads it and decides."""
    actor, marking = trainer.actor, Marking(levels, comments or {}, feedback)
    service.look(session, actor, work, at)
    later = at + timedelta(minutes=20)
    service.decide(session, actor, work, exercise, work.revision, event, marking, later)


def accepted(
    session: AnySession,
    files: FileStore,
    release: Release,
    enrolment: Enrolment,
    key: str,
    at: datetime,
) -> None:
    """A required exercise on the way to completing a module."""
    exercise = release.content.exercises[key]
    work = hand_in(session, files, enrolment, exercise, PROJECT, at)
    levels = dict.fromkeys(exercise.criteria, 3)
    when = at + timedelta(days=1)
    trainer = trainer_of(session, enrolment.cohort)
    mark(session, trainer, work, exercise, WorkEvent.ACCEPT, levels, PRAISE, when)
