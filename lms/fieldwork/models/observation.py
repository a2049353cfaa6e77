"""What a trainer saw, and what was attested on paper."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.fieldwork.models.case import OfCase
from lms.fieldwork.rules import ObservationState
from lms.people.models import Person


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
    notes: Mapped[dict[str, str]] = mapped_column(default=dict)
    """Indicator id → a short note on what was seen."""
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    """A photo, as evidence."""
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
    file: Mapped[StoredFile | None] = relationship()

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
