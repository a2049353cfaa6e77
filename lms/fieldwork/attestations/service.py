"""Attestations: given by a country admin with a paper behind them, and taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.files import FileStore, Upload, store
from lms.curriculum.rules import Programme, Requirement, RequirementKind
from lms.fieldwork.models import Attestation
from lms.policy.actor import Actor

MAX_AMOUNT = 100_000


def attestable(programme: Programme) -> list[Requirement]:
    """Requirements that an attestation can count towards: all but the modules' own quizzes."""
    return [each for each in programme.requirements if each.kind is not RequirementKind.MODULES]


def attest(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    attestation_id: UUID,
    requirement: Requirement,
    amount: int,
    reason: str,
    upload: Upload | None,
    files: FileStore | None,
    now: datetime,
) -> Attestation:
    """Attest an amount, in the requirement's unit. The same key attests it once."""
    known = session.get(Attestation, attestation_id)
    if known is not None:
        return known
    if requirement.kind is RequirementKind.MODULES:
        raise Refusal("requirement_not_attestable")
    if not 0 < amount <= MAX_AMOUNT:
        raise Refusal("amount_out_of_range", limit=MAX_AMOUNT)
    if not reason:
        raise Refusal("reason_needed")
    if actor.person_id is None or actor.person_id == enrolment.person_id:
        raise Refusal("attestation_of_oneself")
    file = None
    if upload is not None and files is not None:
        file = store(session, files, upload, actor.person_id, now)
    attestation = Attestation(
        id=attestation_id,
        enrolment=enrolment,
        requirement=requirement.id,
        amount=amount,
        file=file,
        reason=reason,
        attested_by_id=actor.person_id,
        attested_at=now,
    )
    session.add(attestation)
    session.flush()
    audit.record(
        session,
        actor,
        "attestation.create",
        attestation,
        now=now,
        reason=reason,
        details={
            "requirement": requirement.id,
            "amount": amount,
            "unit": requirement.unit.value,
            "file": file.sha256 if file else None,
        },
    )
    return attestation


def revoke(
    session: AnySession, actor: Actor, attestation: Attestation, reason: str, now: datetime
) -> None:
    """Take an attestation back; it no longer counts. Repeating it is refused."""
    if not reason:
        raise Refusal("reason_needed")
    if attestation.revoked_at is not None:
        raise Refusal("attestation_revoked_before")
    attestation.revoked_at, attestation.revoked_by_id = now, actor.person_id
    attestation.revoke_reason = reason
    session.flush()
    audit.record(session, actor, "attestation.revoke", attestation, now=now, reason=reason)


def of_enrolment(session: AnySession, enrolment: Enrolment) -> list[Attestation]:
    """All attestations of a case, those taken back too, the newest first."""
    return list(
        session.scalars(
            select(Attestation)
            .where(Attestation.enrolment_id == enrolment.id)
            .order_by(Attestation.attested_at.desc(), Attestation.id)
        )
    )
