"""The case: dossier, assignments, scores, deliberation, award."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.assessment.rules.segregation import ASSESSORS, JURORS
from lms.assessment.rules.states import AwardKind, CaseRole, DossierState, Outcome, Profile
from lms.assessment.rules.turns import Party
from lms.cohorts.models import Enrolment, OfEnrolment
from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.people.models import Person


class Dossier(OfEnrolment, Keyed, Base):
    """A trainee's request to be certified, with what counted at the moment it was handed in."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint(
            "state = 'open' OR (submitted_at IS NOT NULL AND ledger_hash <> '')", name="submitted"
        ),
        CheckConstraint(
            "state NOT IN ('certified', 'conditional', 'deferred', 'refused', 'notified', 'final')"
            " OR (outcome IS NOT NULL AND signed_at IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("state <> 'notified' OR released_at IS NOT NULL", name="released"),
        CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name="signed"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released_by"),
        Index("ix_dossier_turn", "turn", "since", "id"),
        Index("ix_dossier_since", "since", "id"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    state: Mapped[DossierState] = mapped_column(default=DossierState.OPEN)
    since: Mapped[datetime]
    """When it reached this state, or was handed to whose turn it is."""
    turn: Mapped[Party] = mapped_column(default=Party.CANDIDATE)
    """Who acts next, as `rules.turns` says: kept here for lists."""
    profile: Mapped[Profile]
    """How it is decided: the programme's manner when it was handed in."""
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    """The content by which it is judged: the cohort's release when it was handed in."""
    statement: Mapped[str] = mapped_column(Text, default="")
    """The trainee's own words to the assessors."""
    report_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    ledger: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Frozen ledger, as `rules.ledger.freeze` writes it."""
    ledger_hash: Mapped[str] = mapped_column(default="")
    """SHA-256 of its canonical JSON."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts every change: what a form was opened on."""
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")
    """What the country admin asked for when the dossier was returned last."""
    outcome: Mapped[Outcome | None]
    outcome_reasons: Mapped[str] = mapped_column(Text, default="")
    """In words that the trainee receives."""
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
    def audit_label(self) -> str:
        """Whose."""
        return self.enrolment.audit_label

    @property
    def assessor_ids(self) -> frozenset[UUID]:
        """Assessors of the case who have not stood down."""
        return frozenset(a.person_id for a in self.active if a.role in ASSESSORS)

    @property
    def juror_ids(self) -> frozenset[UUID]:
        """Jurors of the case, the chair among them."""
        return frozenset(a.person_id for a in self.active if a.role in JURORS)

    @property
    def chair_id(self) -> UUID | None:
        """Who leads the jury."""
        return next((a.person_id for a in self.active if a.role is CaseRole.CHAIR), None)

    @property
    def active(self) -> list["Assignment"]:
        """People at work on the case: those who have not stood down."""
        return [assignment for assignment in self.assignments if assignment.is_active]

    def assignment_of(self, person_id: UUID | None) -> "Assignment | None":
        """The place that a person holds in the case."""
        return next((a for a in self.active if a.person_id == person_id), None)


class Assignment(Keyed, Base):
    """A person given to a case, with their declaration about conflicts of interest."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("dossier_id", "person_id"),
        CheckConstraint(
            "stood_down_at IS NULL OR stood_down_reason <> ''", name="reason_for_standing_down"
        ),
    )

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
    __table_args__ = (
        UniqueConstraint("dossier_id", "assessor_id"),
        CheckConstraint("submitted_at IS NULL OR recommendation IS NOT NULL", name="complete"),
    )

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    levels: Mapped[dict[str, int]] = mapped_column(default=dict)
    """Criterion id → level 0–4."""
    comments: Mapped[dict[str, str]] = mapped_column(default=dict)
    """Criterion id → why this level; needed at 0, 1 and 4."""
    recommendation: Mapped[Outcome | None]
    summary: Mapped[str] = mapped_column(Text, default="")
    """The assessor's view of the whole."""
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    """When it was handed in; it never changes afterwards."""
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
    """What was discussed; read by those who see the case, not by the trainee."""
    reasons: Mapped[str] = mapped_column(Text, default="")
    """Why so decided, in words that the trainee receives."""
    outcome: Mapped[Outcome]
    """What the votes carried."""
    version: Mapped[int] = mapped_column(default=1)
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
