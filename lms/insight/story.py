"""One case from its first day to its certificate: what an auditor walks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.assessment import service as assessment
from lms.assessment.models import Award, Deliberation, Dossier, ScoreSheet
from lms.assessment.rules import Ledger
from lms.assessment.rules.scoring import Vote
from lms.cohorts.models import Enrolment
from lms.core.audit import AuditEntry
from lms.core.db import AnySession
from lms.credentials import service as credentials
from lms.credentials.models import Certificate
from lms.credentials.rules import Verdict, verdict
from lms.curriculum import service as curriculum
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme, Rubric
from lms.insight import service
from lms.people.models import Person
from lms.policy.actor import Actor


@dataclass(frozen=True)
class Story:
    """Everything behind one case. Confidential notes are no part of it."""

    enrolment: Enrolment
    release: Release
    programme: Programme
    rubric: Rubric | None
    ledger: Ledger
    """Frozen with the dossier; as of now while there is none."""
    frozen: bool
    dossier: Dossier | None
    sheets: Sequence[ScoreSheet]
    deliberation: Deliberation | None
    votes: Sequence[tuple[Person, Vote]]
    award: Award | None
    certificates: Sequence[tuple[Certificate, Verdict]]
    trail: Sequence[AuditEntry]


def tell(session: AnySession, actor: Actor, enrolment: Enrolment, now: datetime) -> Story:
    """Gather the story as the actor may read it.

    Sheets stay closed to those who may not read them yet. Raises Refusal("ledger_changed") if the
    frozen ledger was altered.
    """
    dossier = assessment.dossier_of(session, enrolment.id)
    release_id = dossier.release_id if dossier else enrolment.cohort.release_id
    release = curriculum.release(session, release_id)
    programme = release.programmes[enrolment.cohort.programme]
    frozen = dossier is not None and bool(dossier.ledger)
    award = assessment.award_of(session, dossier) if dossier else None
    held = credentials.held_by(session, enrolment.person_id) if award else []
    certificates = [c for c in held if award is not None and c.award_id == award.id]
    deliberation = assessment.deliberation_of(session, dossier) if dossier else None
    others = [str(c.id) for c in certificates]
    return Story(
        enrolment=enrolment,
        release=release,
        programme=programme,
        rubric=release.rubric(programme.rubric),
        ledger=assessment.frozen_ledger(dossier)
        if dossier is not None and frozen
        else assessment.ledger(session, enrolment, release),
        frozen=frozen,
        dossier=dossier,
        sheets=assessment.readable(session, actor, dossier) if dossier else [],
        deliberation=deliberation,
        votes=_votes(dossier, deliberation),
        award=award,
        certificates=[(one, verdict(one, now)) for one in certificates],
        trail=service.case_trail(session, enrolment.id, others),
    )


def _votes(dossier: Dossier | None, deliberation: Deliberation | None) -> list[tuple[Person, Vote]]:
    """Who voted how, in the order in which they were named."""
    if dossier is None or deliberation is None:
        return []
    people = {str(place.person_id): place.person for place in dossier.assignments}
    return [(people[key], Vote(vote)) for key, vote in deliberation.votes.items() if key in people]
