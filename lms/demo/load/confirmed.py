"""What stands behind a complete case besides practice: a supervision session, a host's word.

Written as rows: as services they would tell everybody by mail, a year late.
"""

from datetime import timedelta
from uuid import uuid5

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.demo.load.practice import NAMESPACE
from lms.demo.load.stage import Stage
from lms.fieldwork.feedback.rules import Question
from lms.fieldwork.models import (
    HostFeedback,
    Placement,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import PresenceState, SupervisionKind, SupervisionState
from lms.people.models import Person

COMMENT = "Toujours préparée, elle a su faire parler ceux qui ne disent rien en réunion."


def confirm(stage: Stage, enrolment: Enrolment, supervisor: Person) -> None:
    """One session held with the trainee, and one feedback of the host."""
    at = stage.ago(27)
    meeting = SupervisionSession(
        id=uuid5(NAMESPACE, f"confirmed:{enrolment.person.email}:{enrolment.cohort_id}"),
        cohort_id=enrolment.cohort_id,
        supervisor_id=supervisor.id,
        kind=SupervisionKind.INDIVIDUAL,
        state=SupervisionState.HELD,
        starts_at=at,
        minutes=60,
        topic="Bilan de la pratique",
        created_at=at - timedelta(days=6),
        held_at=at + timedelta(hours=3),
    )
    stage.session.add(meeting)
    stage.session.flush()
    stage.session.add(
        SupervisionPresence(
            session_id=meeting.id, enrolment_id=enrolment.id, state=PresenceState.PRESENT
        )
    )
    placed = stage.session.scalars(
        select(Placement).where(Placement.enrolment_id == enrolment.id).order_by(Placement.id)
    ).first()
    if placed is not None:
        stage.session.add(
            HostFeedback(
                enrolment=enrolment,
                placement_id=placed.id,
                giver_name="Aïcha Benomar",
                giver_role="Secrétaire générale",
                answers={question.value: 3 for question in Question},
                comment=COMMENT,
                language="fr",
                given_at=stage.ago(25),
            )
        )
    stage.session.flush()
