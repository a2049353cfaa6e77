"""The records behind a dossier's frozen ledger, each found only through the dossier."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from lms.assessment.models import Dossier
from lms.assessment.rules.freezing import thaw
from lms.assessment.rules.ledger import RowKind
from lms.assessment.rules.states import IN_HAND
from lms.assessment.service.cases import find_dossier
from lms.cohorts import service as cohorts
from lms.cohorts.models import Attendance, Enrolment, OfEnrolment, TrainingSession
from lms.cohorts.training.rules import TrainingState
from lms.core.db import AnySession
from lms.core.files import StoredFile
from lms.fieldwork.models import (
    Attestation,
    Evidence,
    HostFeedback,
    Observation,
    PracticumEntry,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import PresenceState, SupervisionState


@dataclass(frozen=True)
class _OfDossier:
    """Whoever may see the dossier may see what it rests on: the policy asks about the dossier."""

    dossier: Dossier

    @property
    def person_id(self) -> UUID:
        """The trainee."""
        return self.dossier.person_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.dossier.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.dossier.country_code

    @property
    def assessor_ids(self) -> frozenset[UUID]:
        """Assessors of the case."""
        return self.dossier.assessor_ids

    @property
    def juror_ids(self) -> frozenset[UUID]:
        """Jurors of the case."""
        return self.dossier.juror_ids

    @property
    def chair_id(self) -> UUID | None:
        """Chair of the jury."""
        return self.dossier.chair_id


@dataclass(frozen=True)
class CaseEntry(_OfDossier):
    """A counted entry. Its reflection is never loaded for it."""

    entry: PracticumEntry

    @property
    def evidence(self) -> list[Evidence]:
        """The files that its author has opened to those who decide."""
        return [each for each in self.entry.evidence if each.open_to_case]


@dataclass(frozen=True)
class CaseObservation(_OfDossier):
    """A counted observation."""

    observation: Observation


@dataclass(frozen=True)
class CaseSupervision(_OfDossier):
    """A counted supervision session. Its private notes are never loaded for it."""

    supervision: SupervisionSession


@dataclass(frozen=True)
class CaseTraining(_OfDossier):
    """A counted training session: why others were absent is never loaded for it."""

    attendance: Attendance


@dataclass(frozen=True)
class CaseFeedback(_OfDossier):
    """A counted feedback of a host."""

    feedback: HostFeedback


@dataclass(frozen=True)
class CaseAttestation(_OfDossier):
    """A counted attestation."""

    attestation: Attestation


@dataclass(frozen=True)
class CaseFile(_OfDossier):
    """A file of the case."""

    file: StoredFile


Record = TypeVar(
    "Record",
    PracticumEntry,
    Observation,
    TrainingSession,
    SupervisionSession,
    HostFeedback,
    Attestation,
)


def _counted(
    session: AnySession, dossier_id: UUID, kind: RowKind, model: type[Record], key: UUID
) -> tuple[Dossier, Record] | None:
    """A record that the dossier's frozen ledger counts; nothing else is reached this way."""
    dossier = find_dossier(session, dossier_id)
    if dossier is None or dossier.state in IN_HAND:
        return None
    if str(key) not in thaw(dossier.ledger).row_ids(kind):
        return None
    record = session.get(model, key)
    return None if record is None else (dossier, record)


def find_entry(session: AnySession, dossier_id: UUID, entry_id: UUID) -> CaseEntry | None:
    """An entry that the dossier counts."""
    found = _counted(session, dossier_id, RowKind.ENTRY, PracticumEntry, entry_id)
    return CaseEntry(*found) if found else None


def find_observation(
    session: AnySession, dossier_id: UUID, observation_id: UUID
) -> CaseObservation | None:
    """An observation that the dossier counts."""
    found = _counted(session, dossier_id, RowKind.OBSERVATION, Observation, observation_id)
    return CaseObservation(*found) if found else None


def find_supervision(
    session: AnySession, dossier_id: UUID, session_id: UUID
) -> CaseSupervision | None:
    """A supervision session that the dossier counts."""
    found = _counted(session, dossier_id, RowKind.SUPERVISION, SupervisionSession, session_id)
    return CaseSupervision(*found) if found else None


def find_training(session: AnySession, dossier_id: UUID, session_id: UUID) -> CaseTraining | None:
    """A training session that the dossier counts."""
    found = _counted(session, dossier_id, RowKind.TRAINING, TrainingSession, session_id)
    attended = _attended(session, found[0].enrolment_id, session_id) if found else None
    return CaseTraining(found[0], attended) if found and attended else None


def _attended(session: AnySession, enrolment_id: UUID, session_id: UUID) -> Attendance | None:
    """What one trainee has of a session that was held."""
    return session.scalars(
        select(Attendance)
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(
            TrainingSession.id == session_id,
            TrainingSession.state == TrainingState.HELD,
            Attendance.enrolment_id.in_(cohorts.lineage(session, [enrolment_id])),
            Attendance.halves > 0,
        )
    ).first()


def find_feedback(session: AnySession, dossier_id: UUID, feedback_id: UUID) -> CaseFeedback | None:
    """A host's feedback that the dossier counts."""
    found = _counted(session, dossier_id, RowKind.HOST_FEEDBACK, HostFeedback, feedback_id)
    return CaseFeedback(*found) if found else None


def find_evidence(session: AnySession, dossier_id: UUID, evidence_id: UUID) -> CaseFile | None:
    """A file of an entry that the dossier counts, if its author has opened it to the case."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None or evidence.removed_at is not None or not evidence.open_to_case:
        return None
    found = find_entry(session, dossier_id, evidence.entry_id)
    return CaseFile(found.dossier, evidence.file) if found else None


def find_attestation(
    session: AnySession, dossier_id: UUID, attestation_id: UUID
) -> CaseAttestation | None:
    """An attestation that the dossier counts."""
    found = _counted(session, dossier_id, RowKind.ATTESTATION, Attestation, attestation_id)
    return CaseAttestation(*found) if found else None


def find_attestation_file(
    session: AnySession, dossier_id: UUID, attestation_id: UUID
) -> CaseFile | None:
    """The paper of an attestation that the dossier counts."""
    found = find_attestation(session, dossier_id, attestation_id)
    if found is None or found.attestation.file is None:
        return None
    return CaseFile(found.dossier, found.attestation.file)


def find_report(session: AnySession, dossier_id: UUID) -> CaseFile | None:
    """The trainee's report."""
    dossier = find_dossier(session, dossier_id)
    if dossier is None or dossier.report_file is None:
        return None
    return CaseFile(dossier, dossier.report_file)


# Rows of the ledger as it stands, before any dossier --------------------------------------------


@dataclass(frozen=True)
class _OfCase(OfEnrolment):
    """Whoever may see the ledger may see what it counts: the policy asks about the enrolment."""

    enrolment: Enrolment


@dataclass(frozen=True)
class LedgerSupervision(_OfCase):
    """A supervision session that a ledger counts."""

    supervision: SupervisionSession


@dataclass(frozen=True)
class LedgerTraining(_OfCase):
    """A training session that a ledger counts."""

    attendance: Attendance


@dataclass(frozen=True)
class LedgerFeedback(_OfCase):
    """A host's feedback that a ledger counts."""

    feedback: HostFeedback


def find_ledger_supervision(
    session: AnySession, enrolment_id: UUID, session_id: UUID
) -> LedgerSupervision | None:
    """A session that was held with the trainee there."""
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None:
        return None
    held = session.scalar(
        select(SupervisionSession)
        .join(SupervisionPresence, SupervisionPresence.session_id == SupervisionSession.id)
        .where(
            SupervisionSession.id == session_id,
            SupervisionSession.state == SupervisionState.HELD,
            SupervisionPresence.enrolment_id.in_(cohorts.lineage(session, [enrolment_id])),
            SupervisionPresence.state == PresenceState.PRESENT,
        )
    )
    return None if held is None else LedgerSupervision(enrolment, held)


def find_ledger_training(
    session: AnySession, enrolment_id: UUID, session_id: UUID
) -> LedgerTraining | None:
    """A training session that was held with the trainee there."""
    enrolment = session.get(Enrolment, enrolment_id)
    attended = _attended(session, enrolment_id, session_id) if enrolment else None
    return LedgerTraining(enrolment, attended) if enrolment and attended else None


def find_ledger_feedback(
    session: AnySession, enrolment_id: UUID, feedback_id: UUID
) -> LedgerFeedback | None:
    """What a host said of the trainee."""
    enrolment, feedback = (
        session.get(Enrolment, enrolment_id),
        session.get(HostFeedback, feedback_id),
    )
    if enrolment is None or feedback is None:
        return None
    if feedback.enrolment_id not in cohorts.lineage(session, [enrolment_id]):
        return None
    return LedgerFeedback(enrolment, feedback)
