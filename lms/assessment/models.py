"""The case: dossier, assignments, scores, deliberation, award."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.assessment.rules import AwardKind, CaseRole, DossierState, Outcome, Profile
from lms.cohorts.models import Enrolment
from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.people.models import Person


class Dossier(Keyed, Base):
    """A trainee's request to be certified, with what counted at the moment it was handed in."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted"),
        CheckConstraint("state <> 'notified' OR released_at IS NOT NULL", name="released"),
        CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name="signed"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    state: Mapped[DossierState] = mapped_column(default=DossierState.OPEN)
    profile: Mapped[Profile]
    statement: Mapped[str] = mapped_column(Text, default="")
    """The trainee's own words to the assessors."""
    report_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    ledger: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Frozen ledger, as `assessment.ledger` writes it."""
    ledger_hash: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    outcome_reasons: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None]
    """When the chair (or the assessor, in `light`) signed the outcome."""
    signed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)
    report_file: Mapped[StoredFile | None] = relationship(lazy="joined")
    assignments: Mapped[list["Assignment"]] = relationship(
        back_populates="dossier", lazy="selectin", order_by="Assignment.id"
    )
    deliberation: Mapped["Deliberation | None"] = relationship(back_populates="dossier")

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

    @property
    def audit_label(self) -> str:
        """Whose."""
        return self.enrolment.audit_label

    @property
    def assessor_ids(self) -> frozenset[UUID]:
        """Assessors of the case who have not stood down."""
        roles = {CaseRole.ASSESSOR, CaseRole.THIRD_ASSESSOR}
        return frozenset(a.person_id for a in self.assignments if a.role in roles and a.is_active)

    @property
    def juror_ids(self) -> frozenset[UUID]:
        """Jurors of the case, the chair among them."""
        roles = {CaseRole.JUROR, CaseRole.CHAIR}
        return frozenset(a.person_id for a in self.assignments if a.role in roles and a.is_active)

    @property
    def chair_id(self) -> UUID | None:
        """Who leads the jury."""
        chairs = [a for a in self.assignments if a.role is CaseRole.CHAIR and a.is_active]
        return chairs[0].person_id if chairs else None


class Assignment(Keyed, Base):
    """A person given to a case, with their declaration about conflicts of interest."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("dossier_id", "person_id"),)

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[CaseRole]
    assigned_at: Mapped[datetime]
    assigned_by_id: Mapped[UUID]
    declared_at: Mapped[datetime | None]
    """When the person declared to have no conflict of interest in this case."""
    stood_down_at: Mapped[datetime | None]
    stood_down_reason: Mapped[str] = mapped_column(Text, default="")
    dossier: Mapped[Dossier] = relationship(back_populates="assignments")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_active(self) -> bool:
        """Whether the person still works on the case."""
        return self.stood_down_at is None


class ScoreSheet(Keyed, Base):
    """One assessor's levels on the rubric; unseen by the other until both are handed in."""

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("dossier_id", "assessor_id"),)

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    levels: Mapped[dict[str, int]] = mapped_column(default=dict)
    """Criterion id → level 0–4."""
    comments: Mapped[dict[str, str]] = mapped_column(default=dict)
    recommendation: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    assessor: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Deliberation(Keyed, Base):
    """The jury's meeting on one dossier: who was there, votes, reasons; minutes by the chair."""

    __tablename__ = "deliberation"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), unique=True)
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    present: Mapped[list[str]]
    """Keys of the jurors present."""
    votes: Mapped[dict[str, str]]
    """Juror's key → outcome voted for, or `abstain`."""
    minutes: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    dossier: Mapped[Dossier] = relationship(back_populates="deliberation")


class Award(Keyed, Base):
    """A title conferred on a person; a certificate documents it."""

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("(kind = 'assessed') = (dossier_id IS NOT NULL)", name="source"),
        Index("ix_award_person", "person_id", "programme"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    programme: Mapped[str]
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    kind: Mapped[AwardKind] = mapped_column(default=AwardKind.ASSESSED)
    awarded_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"), unique=True)
    legacy_source: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Printed figures: `{"minutes": 9120, "activities": {"workshop": 4}, "observations": 2}`."""
    signatories: Mapped[list[Any]] = mapped_column(default=list)
    """Who signed, as printed: `[{"role": "chair", "name": "…"}]`."""
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    dossier: Mapped[Dossier | None] = relationship()

    @property
    def case_id(self) -> UUID | None:
        """The enrolment behind it, if it was assessed here."""
        return self.dossier.enrolment_id if self.dossier else None

    @property
    def audit_label(self) -> str:
        """Who, what."""
        return f"{self.person.name}, {self.programme}"
