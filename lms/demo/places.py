"""Where the demonstration has something ready, found when it is asked for."""

from flask import url_for
from sqlalchemy import select

from lms.assessment.models import Assignment, Dossier
from lms.assessment.rules import DossierState, Profile
from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.credentials.models import Certificate
from lms.credentials.rules import CertificateState
from lms.demo.personas import BY_KEY
from lms.people.models import Person


def _enrolment(session: AnySession) -> Enrolment | None:
    return session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.email == BY_KEY["trainee"].email)
    ).first()


def lesson(session: AnySession) -> str:
    """The trainee's programme page, whose first button is the next lesson."""
    found = _enrolment(session)
    return url_for("learning.programme", enrolment_id=found.id) if found else "/home"


def quiz(session: AnySession) -> str:
    """The quiz of the module that the trainee is in."""
    found = _enrolment(session)
    if found is None:
        return "/home"
    return url_for("learning.quiz", enrolment_id=found.id, module="c7-competencies")


def logbook(session: AnySession) -> str:
    """The trainee's logbook."""
    found = _enrolment(session)
    return url_for("fieldwork.logbook", enrolment_id=found.id) if found else "/home"


def ledger(session: AnySession) -> str:
    """What remains for the trainee."""
    found = _enrolment(session)
    return url_for("assessment.ledger", enrolment_id=found.id) if found else "/home"


def case_to_score(session: AnySession) -> str:
    """A light case that waits for the first assessor; else the list of cases."""
    found = session.scalars(
        select(Dossier.id)
        .join(Assignment, Assignment.dossier_id == Dossier.id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Person.email == BY_KEY["assessor1"].email,
            Dossier.profile == Profile.LIGHT,
            Dossier.state.in_([DossierState.ASSIGNED, DossierState.ASSESSING]),
        )
        .order_by(Dossier.id)
    ).first()
    return url_for("assessment.dossier", dossier_id=found) if found else url_for("assessment.index")


def case_to_release(session: AnySession) -> str:
    """A signed decision that waits to be released; else the list of cases."""
    found = session.scalars(
        select(Dossier.id).where(Dossier.state == DossierState.CERTIFIED).order_by(Dossier.id)
    ).first()
    return url_for("assessment.dossier", dossier_id=found) if found else url_for("assessment.index")


def certificate(session: AnySession) -> Certificate | None:
    """A valid certificate: the last issued."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.state == CertificateState.ISSUED)
        .order_by(Certificate.id.desc())
    ).first()
