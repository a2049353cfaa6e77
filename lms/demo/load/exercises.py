"""Exercises that wait, came back and were accepted; what a team has worked out together."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core.db import AnySession
from lms.curriculum.rules import Exercise, TeamActivity
from lms.demo.load import handed
from lms.demo.load.stage import Stage
from lms.learning.activities import contribution, values
from lms.learning.activities import service as activities
from lms.learning.activities.rules import Circle, Side
from lms.learning.exercises import service
from lms.learning.exercises.rules import WorkEvent, is_marked
from lms.learning.models import ExerciseWork

FIRST = (
    "Acteurs : la commune, la coopérative des femmes, l’usine, les jeunes sans emploi.\n"
    "Liens forts : commune et usine. Lien rompu : usine et jeunes."
)
SECOND = (
    "Acteurs : la commune, la coopérative des femmes, l’usine, les jeunes sans emploi, "
    "l’association des parents d’élèves.\n"
    "Liens forts : commune et usine. Lien rompu : usine et jeunes, depuis la fermeture de "
    "l’atelier.\n"
    "Pont possible : la coopérative, qui vend à l’usine et forme des jeunes."
)
ASKED = (
    "La carte est juste mais il manque une preuve pour le lien rompu, et personne ne fait le "
    "pont. Qui parle aux deux ?"
)
BRUSSELS = (
    "Les dix-neuf communes ne partagent pas un problème mais une question : qui décide de "
    "l’espace entre deux communes ? Je réunirais d’abord les trois qui partagent le canal."
)
VALUES = (
    ("Écoute", "Respect", "Équité", "Courage", "Transparence"),
    ("l’écoute", "Respect", "Patience", "Neutralité", "Transparence"),
    ("Écoute", "Bienveillance", "équité", "Patience", "Engagement"),
    ("الإنصات", "الاحترام", "Équité", "Neutralité", "Courage"),
)
CHARTER = (
    "Nous écoutons avant de proposer, et chacun a la parole.\n"
    "Nous restons neutres entre les acteurs et justes envers les absents.\n"
    "Ce qui nous est confié reste entre nous."
)
LINES = (
    (Side.ADDED, Circle.TEAM, "Un temps de retour après chaque réunion de terrain"),
    (Side.ADDED, Circle.TERRITORY, "Des habitants invités avant que le plan soit écrit"),
    (Side.PRODUCED, Circle.TERRITORY, "Une carte des acteurs par commune, à jour"),
    (
        Side.PRODUCED,
        Circle.OTHERS,
        "Une fiche « premier entretien » à reprendre ailleurs",
    ),
)


def load(stage: Stage) -> None:
    """Something to do for the trainer and the trainee of Oujda; a team that has finished."""
    now = _cohort(stage.session, "Coachs, Oujda 2026")
    _individual(stage, now)
    _together(stage, now)
    _charter(stage, _cohort(stage.session, "Coachs, Oujda 2025"))


def _cohort(session: AnySession, name: str) -> Cohort:
    return session.scalars(select(Cohort).where(Cohort.name == name)).one()


def _enrolled(session: AnySession, cohort: Cohort) -> Sequence[Enrolment]:
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
        .order_by(Enrolment.id)
    ).all()


def _individual(stage: Stage, cohort: Cohort) -> None:
    """Salma has work to rework and work accepted; two others wait, one a second time."""
    session, files, trainer = stage.session, stage.files, stage.cast["trainer"]
    exercises = stage.release.content.exercises
    brussels, salt = exercises["c3-x1"], exercises["c4-x1"]
    salma, second, third, fourth = _enrolled(session, cohort)[:4]
    work = handed.hand_in(session, files, salma, brussels, BRUSSELS, stage.ago(40))
    levels = {"diagnosis": 3, "collaboration": 2}
    good = "Une vraie question commune. Dites aussi qui pourrait refuser."
    handed.mark(session, trainer, work, brussels, WorkEvent.ACCEPT, levels, good, stage.ago(38))
    work = handed.hand_in(session, files, salma, salt, FIRST, stage.ago(6))
    _return(stage, work, salt, 4)
    work = handed.hand_in(session, files, second, salt, FIRST, stage.ago(20))
    _return(stage, work, salt, 18)
    handed.hand_in(session, files, second, salt, SECOND, stage.ago(9))
    handed.hand_in(session, files, third, brussels, BRUSSELS, stage.ago(3))
    work = handed.hand_in(session, files, fourth, salt, SECOND, stage.ago(2))
    service.look(session, trainer.actor, work, stage.ago(1))


def _return(stage: Stage, work: ExerciseWork, exercise: Exercise, days: int) -> None:
    levels, comments = {"diagnosis": 1}, {"diagnosis": "Un lien sans preuve, aucun pont."}
    handed.mark(
        stage.session, stage.cast["trainer"], work, exercise, WorkEvent.RETURN, levels, ASKED,
        stage.ago(days), comments,
    )  # fmt: skip


def _team(stage: Stage, activity: TeamActivity) -> Exercise:
    found = stage.release.content.exercises.values()
    return next(one for one in found if not is_marked(one) and one.activity is activity)


def _together(stage: Stage, cohort: Cohort) -> None:
    """Four have written their values, Salma has not; a sheet with some lines."""
    session, people = stage.session, _enrolled(stage.session, cohort)
    charter, sheet = (_team(stage, one) for one in TeamActivity)
    for one, words in zip(people[1:], VALUES, strict=False):
        values.write_list(session, one.person.actor, cohort, charter, words, stage.ago(5))
    for turn, (side, circle, text) in enumerate(LINES):
        actor = people[turn].person.actor
        key = uuid5(NAMESPACE_URL, f"demo contribution {turn}")
        contribution.add_line(session, actor, cohort, sheet, key, side, circle, text, stage.ago(5))


def _charter(stage: Stage, cohort: Cohort) -> None:
    """A charter that everybody has agreed to."""
    session, people = stage.session, _enrolled(stage.session, cohort)
    trainer = handed.trainer_of(session, cohort)
    exercise, at = _team(stage, TeamActivity.VALUES), stage.ago(90)
    for one, words in zip(people, VALUES, strict=False):
        values.write_list(session, one.person.actor, cohort, exercise, words, at)
    found = activities.round_of(session, cohort.id, exercise.id)
    if found is None:
        raise LookupError("nobody has written values")
    at += timedelta(days=1)
    values.close(session, trainer.actor, found, found.revision, at)
    values.merge(session, trainer.actor, found, found.revision, "انصات", "ecoute", at)
    values.propose(session, trainer.actor, found, found.revision, CHARTER, at)
    for one in people:
        values.agree(session, one.person.actor, found, found.edition, at + timedelta(days=1))
    values.settle(session, trainer.actor, found, found.revision, "", at + timedelta(days=2))
