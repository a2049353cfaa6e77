"""Rules of supervised practice: lifecycles, and what of it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class PlacementState(StrEnum):
    """Where a placement stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class PlacementEvent(StrEnum):
    """What happens to a placement."""

    AGREE = "agree"
    START = "start"
    END = "end"
    CANCEL = "cancel"


PLACEMENT_TRANSITIONS: dict[tuple[PlacementState, PlacementEvent], PlacementState] = {
    (PlacementState.PROPOSED, PlacementEvent.AGREE): PlacementState.AGREED,
    (PlacementState.PROPOSED, PlacementEvent.CANCEL): PlacementState.CANCELLED,
    (PlacementState.AGREED, PlacementEvent.START): PlacementState.RUNNING,
    (PlacementState.AGREED, PlacementEvent.CANCEL): PlacementState.CANCELLED,
    (PlacementState.RUNNING, PlacementEvent.END): PlacementState.ENDED,
}


class EntryState(StrEnum):
    """Where a practicum entry stands (domain, section 3)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    AMENDED = "amended"
    REVOKED = "revoked"
    LOCKED = "locked"
    DELETED = "deleted"


class EntryEvent(StrEnum):
    """What happens to an entry."""

    SUBMIT = "submit"
    ASK = "ask"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    AMEND = "amend"
    REVOKE = "revoke"
    LOCK = "lock"
    UNLOCK = "unlock"
    UNDO = "undo"
    DELETE = "delete"


_S, _E = EntryState, EntryEvent
ENTRY_TRANSITIONS: dict[tuple[EntryState, EntryEvent], EntryState] = {
    (_S.DRAFT, _E.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _E.DELETE): _S.DELETED,
    (_S.SUBMITTED, _E.ASK): _S.NEEDS_INFO,
    (_S.SUBMITTED, _E.APPROVE): _S.APPROVED,
    (_S.SUBMITTED, _E.REJECT): _S.REJECTED,
    (_S.SUBMITTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.NEEDS_INFO, _E.SUBMIT): _S.SUBMITTED,
    (_S.APPROVED, _E.AMEND): _S.AMENDED,
    (_S.AMENDED, _E.SUBMIT): _S.SUBMITTED,
    (_S.APPROVED, _E.REVOKE): _S.REVOKED,
    (_S.APPROVED, _E.UNDO): _S.SUBMITTED,
    (_S.APPROVED, _E.LOCK): _S.LOCKED,
    (_S.LOCKED, _E.UNLOCK): _S.APPROVED,
}


class ConsentBasis(StrEnum):
    """Why the entry may speak of the people coached."""

    CONSENT = "consent"
    ORGANISATION_LETTER = "organisation_letter"
    PUBLIC_EVENT = "public_event"


class ObservationState(StrEnum):
    """Where an observation stands."""

    DRAFT = "draft"
    SHARED = "shared"
    COUNTERSIGNED = "countersigned"
    COMMENTED = "commented"


class ObservationEvent(StrEnum):
    """What happens to an observation."""

    SHARE = "share"
    COUNTERSIGN = "countersign"
    COMMENT = "comment"


OBSERVATION_TRANSITIONS: dict[tuple[ObservationState, ObservationEvent], ObservationState] = {
    (ObservationState.DRAFT, ObservationEvent.SHARE): ObservationState.SHARED,
    (ObservationState.SHARED, ObservationEvent.COUNTERSIGN): ObservationState.COUNTERSIGNED,
    (ObservationState.SHARED, ObservationEvent.COMMENT): ObservationState.COMMENTED,
    (ObservationState.COMMENTED, ObservationEvent.SHARE): ObservationState.SHARED,
    (ObservationState.COMMENTED, ObservationEvent.COUNTERSIGN): ObservationState.COUNTERSIGNED,
}


class Means(StrEnum):
    """How a signature was given."""

    ACCOUNT = "account"
    QR = "qr"
    LINK = "link"
    PAPER = "paper_countersigned"


class Party(StrEnum):
    """As what somebody signs."""

    TRAINEE = "trainee"
    HOST = "host"
    CENTRE = "centre"


class LinkPurpose(StrEnum):
    """What a link given to somebody without an account is for."""

    ENTRY = "entry"
    AGREEMENT = "agreement"
    FEEDBACK = "feedback"


class EvidenceAccess(StrEnum):
    """Who may open a piece of evidence besides its author and the named supervisor."""

    SUPERVISOR = "supervisor"
    TEAM = "team"
    CASE = "case"


class SyncKind(StrEnum):
    """What a device may send later."""

    ENTRY = "entry"
    OBSERVATION = "observation"


class SyncStatus(StrEnum):
    """What became of something that a device sent."""

    STORED = "stored"
    CONFLICT = "conflict"


class SupervisionKind(StrEnum):
    """With one trainee or several."""

    INDIVIDUAL = "individual"
    GROUP = "group"


class SupervisionState(StrEnum):
    """Where a supervision session stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class SupervisionEvent(StrEnum):
    """What happens to a supervision session."""

    HOLD = "hold"
    REOPEN = "reopen"
    CANCEL = "cancel"


SUPERVISION_TRANSITIONS: dict[tuple[SupervisionState, SupervisionEvent], SupervisionState] = {
    (SupervisionState.PLANNED, SupervisionEvent.HOLD): SupervisionState.HELD,
    (SupervisionState.PLANNED, SupervisionEvent.CANCEL): SupervisionState.CANCELLED,
    (SupervisionState.HELD, SupervisionEvent.REOPEN): SupervisionState.PLANNED,
}


class PresenceState(StrEnum):
    """Whether a trainee came."""

    EXPECTED = "expected"
    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


COUNTS = frozenset({EntryState.APPROVED, EntryState.LOCKED})
"""States in which an entry's minutes count; in no other."""


@dataclass(frozen=True)
class CountedEntry:
    """What the ledger needs of an entry that counts."""

    id: UUID
    enrolment_id: UUID
    type: str
    form: str
    role: str
    held_on: date
    minutes_direct: int
    minutes_indirect: int
    minutes_preparation: int
    own_institution: bool
    state: EntryState
    version: int
    content_hash: str

    @property
    def minutes_total(self) -> int:
        """All its minutes."""
        return self.minutes_direct + self.minutes_indirect + self.minutes_preparation


@dataclass(frozen=True)
class CountedObservation:
    """What the ledger needs of a countersigned observation."""

    id: UUID
    enrolment_id: UUID
    observed_on: date
    setting: str
    trainer_id: UUID
    scores: Mapping[str, int]


@dataclass(frozen=True)
class CountedAttestation:
    """What the ledger needs of an attestation that stands."""

    id: UUID
    enrolment_id: UUID
    requirement: str
    amount: int
    attested_at: datetime
    reason: str


@dataclass(frozen=True)
class CountedSupervision:
    """What the ledger needs of a supervision session that was held, for one trainee present."""

    id: UUID
    enrolment_id: UUID
    kind: SupervisionKind
    starts_at: datetime
    minutes: int


@dataclass(frozen=True)
class CountedHostFeedback:
    """What the ledger needs of a host's feedback."""

    id: UUID
    enrolment_id: UUID
    placement_id: UUID
    given_at: datetime
