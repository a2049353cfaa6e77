"""What a logbook says: approved practice with everything that stands behind it.

The confidential reflection is never loaded, nor any private note.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.assessment import service as assessment
from lms.assessment.rules import Ledger
from lms.assessment.rules.freezing import freeze
from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme
from lms.fieldwork.models import (
    Attestation,
    HostFeedback,
    Observation,
    PracticumEntry,
    Signature,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import COUNTS, ObservationState, PresenceState, SupervisionState


@dataclass(frozen=True)
class Minutes:
    """Time by sort."""

    direct: int = 0
    indirect: int = 0
    preparation: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.direct + self.indirect + self.preparation


@dataclass(frozen=True)
class Logbook:
    """One trainee's logbook."""

    enrolment: Enrolment
    release: Release
    programme: Programme
    ledger: Ledger
    entries: Sequence[PracticumEntry]
    signatures: Mapping[UUID, Sequence[Signature]]
    """What hosts have signed, by key of the entry; what is void is left out."""
    observations: Sequence[Observation]
    supervision: Sequence[SupervisionSession]
    feedback: Sequence[HostFeedback]
    attestations: Sequence[Attestation]

    @cached_property
    def minutes(self) -> Minutes:
        """The entries' time, added up."""
        return Minutes(
            sum(entry.minutes_direct for entry in self.entries),
            sum(entry.minutes_indirect for entry in self.entries),
            sum(entry.minutes_preparation for entry in self.entries),
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON (RFC 8785) of what it says."""
        return hashlib.sha256(rfc8785.dumps(self._plain())).hexdigest()

    def _plain(self) -> dict[str, Any]:
        person, cohort = self.enrolment.person, self.enrolment.cohort
        return {
            "person": [person.name, person.name_ar],
            "cohort": [cohort.name, cohort.starts_on.isoformat(), cohort.ends_on.isoformat()],
            "release": self.release.id,
            "ledger": freeze(self.ledger),
            "entries": [
                [str(entry.id), entry.content_hash, _said(entry.decided_at), _by(entry)]
                for entry in self.entries
            ],
            "signatures": [
                [str(one.id), one.means.value, one.fingerprint, one.signer_name, one.objects]
                for key in sorted(self.signatures, key=str)
                for one in self.signatures[key]
            ],
            "observations": [[str(one.id), one.version] for one in self.observations],
            "supervision": [
                [str(one.id), one.minutes, _said(one.starts_at)] for one in self.supervision
            ],
            "feedback": [str(one.id) for one in self.feedback],
            "attestations": [str(one.id) for one in self.attestations],
        }


def _said(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def _by(entry: PracticumEntry) -> str:
    return entry.decided_by.name if entry.decided_by else ""


def collect(session: AnySession, enrolment: Enrolment) -> Logbook:
    """All that the logbook says now; a constant number of queries."""
    release, programme = assessment.programme_at(session, enrolment.cohort)
    whole = list(cohorts.lineage(session, [enrolment.id]))
    entries = session.scalars(
        select(PracticumEntry)
        .where(PracticumEntry.enrolment_id.in_(whole), PracticumEntry.state.in_(COUNTS))
        .options(
            joinedload(PracticumEntry.placement),
            joinedload(PracticumEntry.decided_by),
            joinedload(PracticumEntry.supervisor),
        )
        .order_by(PracticumEntry.held_on, PracticumEntry.id)
    ).all()
    signatures: dict[UUID, list[Signature]] = defaultdict(list)
    signed = select(Signature).where(
        Signature.enrolment_id.in_(whole),
        Signature.entry_id.is_not(None),
        Signature.voided_at.is_(None),
    )
    for one in session.scalars(signed.order_by(Signature.signed_at, Signature.id)):
        if one.entry_id is not None:
            signatures[one.entry_id].append(one)
    return Logbook(
        enrolment=enrolment,
        release=release,
        programme=programme,
        ledger=assessment.ledger(session, enrolment, release),
        entries=entries,
        signatures={entry.id: signatures[entry.id] for entry in entries if entry.id in signatures},
        observations=session.scalars(
            select(Observation)
            .where(
                Observation.enrolment_id.in_(whole),
                Observation.state == ObservationState.COUNTERSIGNED,
            )
            .options(joinedload(Observation.trainer))
            .order_by(Observation.observed_on, Observation.id)
        ).all(),
        supervision=session.scalars(
            select(SupervisionSession)
            .join(SupervisionPresence, SupervisionPresence.session_id == SupervisionSession.id)
            .where(
                SupervisionPresence.enrolment_id.in_(whole),
                SupervisionPresence.state == PresenceState.PRESENT,
                SupervisionSession.state == SupervisionState.HELD,
            )
            .order_by(SupervisionSession.starts_at, SupervisionSession.id)
        )
        .unique()
        .all(),
        feedback=session.scalars(
            select(HostFeedback)
            .where(HostFeedback.enrolment_id.in_(whole))
            .options(joinedload(HostFeedback.placement))
            .order_by(HostFeedback.given_at, HostFeedback.id)
        ).all(),
        attestations=session.scalars(
            select(Attestation)
            .where(Attestation.enrolment_id.in_(whole), Attestation.revoked_at.is_(None))
            .order_by(Attestation.attested_at, Attestation.id)
        ).all(),
    )
