"""The practicum entry, its versions and its files."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.fieldwork.models.case import OfCase
from lms.fieldwork.models.placement import Placement
from lms.fieldwork.rules import ConsentBasis, EntryState, EvidenceAccess, Means
from lms.people.models import Person


class PracticumEntry(OfCase, Keyed, Base):
    """One piece of practice (fiche de pratique). Its minutes count only when approved."""

    __tablename__ = "practicum_entry"
    __table_args__ = (
        Index("ix_practicum_entry_queue", "supervisor_id", "state", "submitted_at", "id"),
        Index("ix_practicum_entry_decided", "supervisor_id", "decided_at"),
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
    coachees: Mapped[list[str]] = mapped_column(default=list)
    """Keys of the pseudonyms of people coached."""
    summary: Mapped[str] = mapped_column(Text, default="")
    """What was done; no names of people coached."""
    search_text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """Folded words of summary, host, territory and pseudonyms; never of the reflection."""
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
    host_means: Mapped[Means | None]
    """How the host has confirmed people and minutes as they read now: a parallel flag."""
    claimed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who has taken it from the queue to look at it."""
    claimed_until: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    """When the country admins were told that it waits too long."""
    placement: Mapped[Placement | None] = relationship()
    supervisor: Mapped[Person | None] = relationship(foreign_keys=[supervisor_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    claimed_by: Mapped[Person | None] = relationship(foreign_keys=[claimed_by_id])
    evidence: Mapped[list["Evidence"]] = relationship(
        order_by="Evidence.id",
        primaryjoin="and_(Evidence.entry_id == PracticumEntry.id, Evidence.removed_at.is_(None))",
        back_populates="entry",
    )
    signatures: Mapped[list[Any]] = relationship(
        "Signature", order_by="Signature.signed_at.desc(), Signature.id.desc()", viewonly=True
    )
    """What hosts have said of it, the latest first; what is void among it."""

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
    access: Mapped[EvidenceAccess] = mapped_column(default=EvidenceAccess.TEAM)
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
    def open_to_team(self) -> bool:
        """Whether the cohort's trainers and the administration may open it."""
        return self.access is not EvidenceAccess.SUPERVISOR

    @property
    def open_to_case(self) -> bool:
        """Whether those who decide on the certificate may open it, through the dossier."""
        return self.access is EvidenceAccess.CASE

    @property
    def audit_label(self) -> str:
        """Name of the file."""
        return self.file.name


class EntryTemplate(Keyed, Base):
    """Fields of an entry that a trainee fills in again and again."""

    __tablename__ = "entry_template"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    content: Mapped[dict[str, Any]]
    """Fields of the form, without date, summary and reflection."""
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship()

    @property
    def country_code(self) -> str:
        """Country of its owner."""
        return self.person.country_code

    @property
    def audit_label(self) -> str:
        """Its name."""
        return self.name


class Coachee(OfCase, Keyed, Base):
    """Somebody coached, under a pseudonym. Who it is stands nowhere in this system."""

    __tablename__ = "coachee"
    __table_args__ = (UniqueConstraint("enrolment_id", "pseudonym"),)

    pseudonym: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    """Actor category."""
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    @property
    def audit_label(self) -> str:
        """The pseudonym."""
        return self.pseudonym
