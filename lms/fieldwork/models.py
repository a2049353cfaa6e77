"""Records of supervised practice. Each belongs to an enrolment, the case."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lms.cohorts.models import Enrolment
from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.fieldwork.rules import ConsentBasis, EntryState, ObservationState, PlacementState
from lms.people.models import Person


class OfCase:
    """Part of a case: person, cohort and country are those of the enrolment."""

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)

    @declared_attr
    def enrolment(cls) -> Mapped[Enrolment]:  # noqa: N805 - SQLAlchemy calls it on the class
        """The case."""
        return relationship(lazy="joined", innerjoin=True)

    @property
    def person_id(self) -> UUID:
        """The trainee."""
        return self.enrolment.person_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.enrolment.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.enrolment.country_code

    @property
    def case_id(self) -> UUID:
        """The enrolment."""
        return self.enrolment_id


class Placement(OfCase, Keyed, Base):
    """Where a trainee practises: host, territory, supervisor, dates."""

    __tablename__ = "placement"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates"),)

    host: Mapped[str]
    host_contact: Mapped[str] = mapped_column(default="")
    territory: Mapped[str]
    supervisor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    own_institution: Mapped[bool] = mapped_column(default=False)
    """Practice at the trainee's own employer: declared, capped by rule."""
    consent_note: Mapped[str] = mapped_column(Text, default="")
    """What was agreed with the host: letter, convention, conditions."""
    state: Mapped[PlacementState] = mapped_column(default=PlacementState.PROPOSED)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    supervisor: Mapped[Person | None] = relationship(foreign_keys=[supervisor_id], lazy="joined")

    @property
    def audit_label(self) -> str:
        """Who, where."""
        return f"{self.enrolment.person.name}, {self.host}"


class PracticumEntry(OfCase, Keyed, Base):
    """One piece of practice (fiche de pratique). Its minutes count only when approved."""

    __tablename__ = "practicum_entry"
    __table_args__ = (
        Index("ix_practicum_entry_queue", "supervisor_id", "state", "submitted_at"),
        CheckConstraint(
            "minutes_direct >= 0 AND minutes_indirect >= 0 AND minutes_preparation >= 0",
            name="minutes",
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'rejected', 'needs_info', 'locked')"
            " OR (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted"),
        CheckConstraint(
            "state IN ('draft', 'deleted')"
            " OR (placement_id IS NOT NULL AND consent_basis IS NOT NULL)",
            name="complete",
        ),
    )

    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"))
    """A draft may wait for one."""
    supervisor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who decides: the placement's supervisor when it was submitted."""
    type: Mapped[str] = mapped_column(default="")
    form: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date]
    """Local date of the cohort's zone."""
    minutes_direct: Mapped[int] = mapped_column(default=0)
    minutes_indirect: Mapped[int] = mapped_column(default=0)
    minutes_preparation: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(default="")
    participants: Mapped[dict[str, int]] = mapped_column(default=dict)
    """Number by actor category."""
    stakes: Mapped[list[str]] = mapped_column(default=list)
    limits: Mapped[list[str]] = mapped_column(default=list)
    purposes: Mapped[list[str]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(Text, default="")
    """What was done; no names of people coached."""
    consent_basis: Mapped[ConsentBasis | None]
    reflection: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """Confidential: read by its author and the named supervisor only. Kept as long as the entry."""
    state: Mapped[EntryState] = mapped_column(default=EntryState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    """Number of the version handed in last, or being written for the first time."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts every change: what a form was opened on."""
    content_hash: Mapped[str] = mapped_column(default="")
    """SHA-256 of the content as handed in last, without the reflection."""
    claimed_at: Mapped[datetime]
    """When the device says it was written."""
    received_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decision_comment: Mapped[str] = mapped_column(Text, default="")
    placement: Mapped[Placement | None] = relationship()
    supervisor: Mapped[Person | None] = relationship(foreign_keys=[supervisor_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    evidence: Mapped[list["Evidence"]] = relationship(
        order_by="Evidence.id",
        primaryjoin="and_(Evidence.entry_id == PracticumEntry.id, Evidence.removed_at.is_(None))",
        back_populates="entry",
    )

    @property
    def handed_in(self) -> bool:
        """Whether anybody but its author may see it."""
        return self.state not in {EntryState.DRAFT, EntryState.DELETED}

    @property
    def minutes_total(self) -> int:
        """All minutes of the entry."""
        return self.minutes_direct + self.minutes_indirect + self.minutes_preparation

    @property
    def audit_label(self) -> str:
        """Who, what, when."""
        return f"{self.enrolment.person.name}, {self.type}, {self.held_on.isoformat()}"


class EntryVersion(Base):
    """The content of an entry as it was submitted, version by version (no reflection)."""

    __tablename__ = "entry_version"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("practicum_entry.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    submitted_at: Mapped[datetime]
    decision: Mapped[EntryState | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    voided_at: Mapped[datetime | None]
    """Since when the decision on this version no longer stands: amended or revoked."""


class Evidence(Keyed, Base):
    """A file that shows what an entry says."""

    __tablename__ = "evidence"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("practicum_entry.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    caption: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    entry: Mapped[PracticumEntry] = relationship(
        primaryjoin="Evidence.entry_id == PracticumEntry.id", back_populates="evidence"
    )

    @property
    def person_id(self) -> UUID:
        """The trainee."""
        return self.entry.person_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.entry.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.entry.country_code

    @property
    def supervisor_id(self) -> UUID | None:
        """Who decides on the entry."""
        return self.entry.supervisor_id

    @property
    def handed_in(self) -> bool:
        """Whether anybody but its author may see it."""
        return self.entry.handed_in

    @property
    def case_id(self) -> UUID:
        """The enrolment."""
        return self.entry.enrolment_id

    @property
    def audit_label(self) -> str:
        """Name of the file."""
        return self.file.name


class Observation(OfCase, Keyed, Base):
    """What a trainer saw, scored on the indicators of D17, countersigned by the trainee."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR shared_at IS NOT NULL", name="shared"),
        CheckConstraint(
            "(state = 'countersigned') = (countersigned_at IS NOT NULL)", name="countersigned"
        ),
    )

    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("practicum_entry.id"))
    observed_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    setting: Mapped[str]
    """Practicum type observed."""
    rubric: Mapped[str]
    scores: Mapped[dict[str, int]] = mapped_column(default=dict)
    """Indicator id → level 0–4; indicators not seen are left out."""
    setting_note: Mapped[str] = mapped_column(Text, default="")
    """Who was there, what was being done."""
    feedback: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ObservationState] = mapped_column(default=ObservationState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    """Counts every change: what a form was opened on, and what was countersigned."""
    claimed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]
    countersigned_at: Mapped[datetime | None]
    trainee_comment: Mapped[str] = mapped_column(Text, default="")
    trainer: Mapped[Person] = relationship(foreign_keys=[trainer_id], lazy="joined", innerjoin=True)

    @property
    def handed_in(self) -> bool:
        """Whether anybody but its author may see it."""
        return self.state is not ObservationState.DRAFT

    @property
    def audit_label(self) -> str:
        """Who, when."""
        return f"{self.enrolment.person.name}, {self.observed_on.isoformat()}"


class Attestation(OfCase, Keyed, Base):
    """A requirement met on paper or by means that have no tool yet; shown as such."""

    __tablename__ = "attestation"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
    )

    requirement: Mapped[str]
    """Id of the requirement in the programme."""
    amount: Mapped[int]
    """In the requirement's unit: minutes, days or a count."""
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    reason: Mapped[str] = mapped_column(Text)
    attested_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    attested_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[UUID | None]
    revoke_reason: Mapped[str] = mapped_column(Text, default="")
    attested_by: Mapped[Person] = relationship(foreign_keys=[attested_by_id], lazy="joined")
    file: Mapped[StoredFile | None] = relationship(lazy="joined")

    @property
    def audit_label(self) -> str:
        """Who, what."""
        return f"{self.enrolment.person.name}, {self.requirement}"
