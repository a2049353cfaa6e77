"""The life of a certificate, and the one word that the world is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class CertificateState(StrEnum):
    """Where a certificate stands in the register."""

    RESERVED = "reserved"
    """A register number is taken."""
    STORED = "stored"
    """What will be signed is written down, to the byte."""
    SIGNED = "signed"
    ISSUED = "issued"
    """Its documents are there for holder and public."""
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class CertificateEvent(StrEnum):
    """What may happen to a certificate."""

    STORE = "store"
    SIGN = "sign"
    ISSUE = "issue"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    SUPERSEDE = "supersede"


State, Event = CertificateState, CertificateEvent

TRANSITIONS: Mapping[tuple[CertificateState, CertificateEvent], CertificateState] = {
    (State.RESERVED, Event.STORE): State.STORED,
    (State.STORED, Event.SIGN): State.SIGNED,
    (State.SIGNED, Event.ISSUE): State.ISSUED,
    (State.ISSUED, Event.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Event.REINSTATE): State.ISSUED,
    (State.ISSUED, Event.REVOKE): State.REVOKED,
    (State.SUSPENDED, Event.REVOKE): State.REVOKED,
    (State.SUPERSEDED, Event.REVOKE): State.REVOKED,
    (State.ISSUED, Event.SUPERSEDE): State.SUPERSEDED,
    (State.SUSPENDED, Event.SUPERSEDE): State.SUPERSEDED,
}
"""Revocation is final (Bitstring Status List 1.0, purpose `revocation`: not reversible)."""


class Verdict(StrEnum):
    """The word shown to the world, the same everywhere."""

    PENDING = "pending"
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


_DECIDED: Mapping[CertificateState, Verdict] = {
    State.RESERVED: Verdict.PENDING,
    State.STORED: Verdict.PENDING,
    State.SIGNED: Verdict.PENDING,
    State.REVOKED: Verdict.REVOKED,
    State.SUPERSEDED: Verdict.SUPERSEDED,
}


class RevocationCategory(StrEnum):
    """Why a certificate was revoked, as far as the public is told."""

    ERROR = "error"
    MISCONDUCT = "misconduct"
    REPLACED = "replaced"
    WITHDRAWN_BY_HOLDER = "withdrawn_by_holder"
    OTHER = "other"


class CertificateKind(StrEnum):
    """How the programme came to vouch for the award."""

    ASSESSED = "assessed"
    """Assessed and decided here."""
    LEGACY = "legacy"
    """Awarded before this register existed: recorded, not assessed here."""


class Registered(Protocol):
    """What the register must know of a certificate to say its verdict. Instants are aware."""

    @property
    def state(self) -> CertificateState:
        """Where it stands in the register."""

    @property
    def state_since(self) -> datetime:
        """When it came to that state."""

    @property
    def valid_from(self) -> datetime:
        """First instant at which it is in force."""

    @property
    def valid_until(self) -> datetime | None:
        """First instant at which it no longer is; None: no expiry."""


@dataclass(frozen=True)
class Standing:
    """A verdict and the instant since which it holds."""

    verdict: Verdict
    since: datetime

    @property
    def in_force(self) -> bool:
        """Whether one may rely on the certificate now."""
        return self.verdict is Verdict.VALID


def standing(certificate: Registered, now: datetime) -> Standing:
    """What the world is told of the certificate at `now`.

    What was decided outranks what time did, the irrevocable first: revoked, superseded, then
    expired, then suspended. A certificate still in preparation is pending: not valid yet.
    """
    if decided := _DECIDED.get(certificate.state):
        return Standing(decided, certificate.state_since)
    end = certificate.valid_until
    if end is not None and end <= now:
        return Standing(Verdict.EXPIRED, end)
    if certificate.state is State.SUSPENDED:
        return Standing(Verdict.SUSPENDED, certificate.state_since)
    in_force = certificate.valid_from <= now
    return Standing(Verdict.VALID if in_force else Verdict.PENDING, certificate.valid_from)


def verdict(certificate: Registered, now: datetime) -> Verdict:
    """The word alone."""
    return standing(certificate, now).verdict
