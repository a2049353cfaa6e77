"""What the demonstration offers, for people and for programs."""

from typing import Any

from sqlalchemy import select

from lms.assessment.models import Award, Dossier
from lms.assessment.rules import AwardKind
from lms.cohorts.models import (
    Cohort,
    DiscussionThread,
    Enrolment,
    PostReport,
    TrainingSession,
)
from lms.core import clock
from lms.core.db import AnySession
from lms.core.settings import Settings
from lms.credentials.codes import show_code
from lms.credentials.models import Certificate
from lms.credentials.rules import verdict
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionState
from lms.demo.personas import BY_KEY, PERSONAS
from lms.fieldwork.models import (
    Observation,
    Placement,
    PracticumEntry,
    Sheet,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import EntryState, ObservationState
from lms.learning.exercises.rules import WorkState
from lms.learning.models import ExerciseWork, LessonQuestion, QuizAttempt
from lms.people.models import Person


def show(session: AnySession, settings: Settings) -> dict[str, Any]:
    """`lms demo show --json`: addresses, people, certificates, cohorts, dossiers, pages."""
    return {
        "base_url": settings.base_url,
        "password": settings.demo_password,
        "people": {persona.key: persona.email for persona in PERSONAS},
        "certificates": _certificates(session),
        "cohorts": _cohorts(session),
        "initiatives": [],
        "dossiers": _dossiers(session),
        "pages": _pages(session),
    }


def _certificates(session: AnySession) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    now = clock.now()
    rows = session.execute(
        select(Certificate, Award.kind)
        .join(Award, Award.id == Certificate.award_id)
        .order_by(Certificate.register_number)
    )
    for certificate, kind in rows:
        said = {
            "token": certificate.token,
            "code": show_code(certificate.code),
            "name": certificate.latin_name,
        }
        word = verdict(certificate, now).value
        if kind is AwardKind.LEGACY and word == "valid":
            word = "legacy"
        found.setdefault(word, said)
    return found


def _cohorts(session: AnySession) -> dict[str, str]:
    """The cohort that was founded first in each country, by code."""
    rows = session.scalars(select(Cohort).order_by(Cohort.id))
    found: dict[str, str] = {}
    for cohort in rows:
        found.setdefault(cohort.country_code, str(cohort.id))
    return found


def _dossiers(session: AnySession) -> dict[str, str]:
    found: dict[str, str] = {}
    for dossier in session.scalars(select(Dossier).order_by(Dossier.id)):
        found.setdefault(dossier.state.value, str(dossier.id))
    return found


def _pages(session: AnySession) -> dict[str, list[str]]:
    """Addresses worth a look that only a program can guess, by persona."""
    mine = {
        person.email.partition("@")[0]: enrolment
        for person, enrolment in session.execute(
            select(Person, Enrolment)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(Person.email.in_([p.email for p in PERSONAS]))
        )
        if person.email
    }
    salma, newcomer, awa = mine["trainee"], mine["trainee.new"], mine["facilitator"]
    entries = dict(
        session.execute(
            select(PracticumEntry.state, PracticumEntry.id)
            .where(
                PracticumEntry.enrolment_id == salma.id,
                PracticumEntry.state != EntryState.DELETED,
            )
            .order_by(PracticumEntry.id)
        ).all()
    )
    waiting = session.scalars(
        select(PracticumEntry.id)
        .join(Person, Person.id == PracticumEntry.supervisor_id)
        .where(
            PracticumEntry.state == EntryState.SUBMITTED,
            Person.email == BY_KEY["supervisor"].email,
        )
        .order_by(PracticumEntry.submitted_at)
    ).first()
    observation = session.scalars(
        select(Observation.id)
        .where(Observation.enrolment_id == salma.id, Observation.state != ObservationState.DRAFT)
        .order_by(Observation.id.desc())
    ).first()
    sheet = session.scalars(select(Sheet.id).where(Sheet.enrolment_id == salma.id)).first()
    placement = session.scalars(
        select(Placement.id).where(Placement.enrolment_id == salma.id).order_by(Placement.id)
    ).first()
    meetings = session.scalars(
        select(SupervisionSession.id)
        .join(SupervisionPresence, SupervisionPresence.session_id == SupervisionSession.id)
        .where(SupervisionPresence.enrolment_id == salma.id)
        .order_by(SupervisionSession.starts_at)
    ).all()
    supervisor = session.scalars(
        select(Person.id).where(Person.email == BY_KEY["supervisor"].email)
    ).one()
    supervised = [f"/practice/supervision/{key}" for key in meetings[1:4]]
    talk = session.scalars(
        select(DiscussionThread.id)
        .where(DiscussionThread.cohort_id == salma.cohort_id)
        .order_by(DiscussionThread.replies.desc(), DiscussionThread.created_at)
    ).first()
    taught = {
        one.state.value: f"/training/{one.id}"
        for one in session.scalars(
            select(TrainingSession)
            .where(TrainingSession.cohort_id == salma.cohort_id)
            .order_by(TrainingSession.starts_at.desc())
        ).unique()
    }
    to_mark = session.scalars(
        select(QuizAttempt.id).where(QuizAttempt.to_mark > 0).order_by(QuizAttempt.id).limit(1)
    ).all()
    learn, practice = f"/learn/{salma.id}", f"/practice/{salma.id}"
    asked = _asked(session, salma)
    return {
        "trainee": [
            learn,
            f"/cohorts/discussion/{talk}",
            f"{learn}/c7-competencies/04-active-listening/questions",
            f"{learn}/c7-competencies",
            f"{learn}/c7-competencies/03-communication",
            f"{learn}/c6-method/02-objectives",
            f"{learn}/c4-tools-sociogram-swot/02-reading-a-sociogram",
            f"{learn}/c4-tools-sociogram-swot/print",
            f"{learn}/search?q=acteurs",
            "/learn/notes",
            f"{learn}/c7-competencies/quiz",
            f"{learn}/exam",
            f"{learn}/c6-method/exercises/c6-x1",
            practice,
            f"{practice}?view=calendar",
            f"{practice}/entries/new",
            f"{practice}/templates",
            f"{practice}/people",
            *(f"/practice/entries/{key}" for key in entries.values()),
            f"/practice/observations/{observation}",
            "/practice/timetable",
            *taught.values(),
            "/attend",
            f"/training/of/{salma.id}",
            f"{practice}/supervision",
            *supervised,
            f"{practice}/supervision/evaluate/{supervisor}",
            f"/practice/entries/{next(iter(entries.values()))}/host",
            f"{practice}/sheets",
            f"/practice/sheets/{sheet}",
            f"/practice/placements/{placement}",
            f"/practice/placements/{placement}/agreement",
            f"/assessment/ledger/{salma.id}",
        ],
        "trainee.new": [f"/learn/{newcomer.id}", f"/assessment/ledger/{newcomer.id}"],
        "facilitator": [f"/assessment/ledger/{awa.id}"],
        "trainer": [
            f"/practice/{salma.id}/observations/new",
            f"/people/{salma.person_id}",
            "/learn/marking",
            *(f"/learn/attempts/{key}/{page}" for key in to_mark for page in ("mark", "result")),
            f"{learn}/extra-time",
            *asked,
            f"/cohorts/{salma.cohort_id}/training",
            f"/cohorts/{salma.cohort_id}/training/new",
            *taught.values(),
            *(f"{taught['planned']}/{page}" for page in ("list", "code", "sheet", "edit")),
        ],
        "supervisor": [
            *supervised,
            "/practice/timetable",
            f"/practice/supervisors/{supervisor}/evaluation",
            f"/practice/entries/{waiting}",
        ],
        "programme": [
            f"/admin/corrections/{key}"
            for key in session.scalars(
                select(Correction.id).where(Correction.state == CorrectionState.PROPOSED)
            )
        ],
        "auditor": [f"/admin/cases/{awa.id}"],
    }


def _asked(session: AnySession, salma: Enrolment) -> list[str]:
    """What waits for the trainer of her cohort: work, a question, a reported post."""
    work = (
        select(ExerciseWork.id)
        .join(Enrolment, Enrolment.id == ExerciseWork.enrolment_id)
        .where(Enrolment.cohort_id == salma.cohort_id, ExerciseWork.state == WorkState.HANDED_IN)
        .order_by(ExerciseWork.id)
    )
    question = (
        select(LessonQuestion.id)
        .where(LessonQuestion.cohort_id == salma.cohort_id)
        .order_by(LessonQuestion.replies.desc(), LessonQuestion.id)
    )
    report = select(PostReport.id).where(PostReport.settled_at.is_(None)).order_by(PostReport.id)
    places = (("/learn/work", work), ("/learn/questions", question), ("/cohorts/reports", report))
    return [f"{place}/{key}" for place, query in places if (key := session.scalar(query.limit(1)))]
