"""What others confirm: signatures on the spot, by link or on paper, and what hosts think of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.fieldwork.models.case import OfCase
from lms.fieldwork.models.entry import PracticumEntry
from lms.fieldwork.models.placement import Placement
from lms.fieldwork.rules import LinkPurpose, Means, Party


class Signature(OfCase, Keyed, Base):
    """Somebody stands by what a placement's agreement or an entry's facts say.

    It is bound to a fingerprint: once what was signed reads otherwise, the signature is void.
    """

    __tablename__ = "signature"
    __table_args__ = (
        CheckConstraint("(placement_id IS NULL) <> (entry_id IS NULL)", name="subject"),
        CheckConstraint("means <> 'paper_countersigned' OR file_id IS NOT NULL", name="paper"),
        CheckConstraint("means <> 'account' OR signer_id IS NOT NULL", name="account"),
        CheckConstraint("NOT objects OR comment <> ''", name="objection"),
    )

    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"), index=True)
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("practicum_entry.id"), index=True)
    party: Mapped[Party]
    means: Mapped[Means]
    fingerprint: Mapped[str]
    """SHA-256 of the canonical JSON (RFC 8785) of what was signed."""
    signer_name: Mapped[str]
    """As typed by whoever signs; personal data, kept as long as the entry."""
    signer_role: Mapped[str] = mapped_column(default="")
    signer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Only if signed with an account."""
    language: Mapped[str] = mapped_column(default="")
    objects: Mapped[bool] = mapped_column(default=False)
    """They say that it is not right; their comment says what."""
    comment: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    """The scan of what was signed on paper."""
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("confirmation_link.id"))
    signed_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    file: Mapped[StoredFile | None] = relationship()

    @property
    def audit_label(self) -> str:
        """Who signed, as which party."""
        return f"{self.signer_name} ({self.party.value})"


class ConfirmationLink(OfCase, Keyed, Base):
    """A way for somebody without an account to confirm, once. A GET consumes nothing."""

    __tablename__ = "confirmation_link"

    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of a token of 128 bits."""
    purpose: Mapped[LinkPurpose]
    means: Mapped[Means]
    """Shown as a QR code on the spot, or sent."""
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("practicum_entry.id"), index=True)
    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"), index=True)
    created_by_id: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    entry: Mapped[PracticumEntry | None] = relationship()
    placement: Mapped[Placement | None] = relationship()

    @property
    def audit_label(self) -> str:
        """For what."""
        return f"{self.enrolment.person.name}: {self.purpose.value}"


class Sheet(OfCase, Keyed, Base):
    """A printed weekly sheet; its QR code lets a photo or scan find its way back."""

    __tablename__ = "sheet"

    token: Mapped[str] = mapped_column(unique=True)
    """In the QR code: names the sheet, gives no right."""
    week: Mapped[date]
    """Its Monday."""
    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"))
    printed_at: Mapped[datetime]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    """The scan, once it has come back."""
    filed_at: Mapped[datetime | None]
    file: Mapped[StoredFile | None] = relationship()
    lines: Mapped[list["SheetEntry"]] = relationship(
        order_by="SheetEntry.position", back_populates="sheet"
    )

    @property
    def audit_label(self) -> str:
        """Whose, which week."""
        return f"{self.enrolment.person.name}, {self.week.isoformat()}"


class SheetEntry(Base):
    """One line of a printed sheet: which entry, as it read when it was printed."""

    __tablename__ = "sheet_entry"
    __table_args__ = (UniqueConstraint("sheet_id", "entry_id"),)

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("sheet.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("practicum_entry.id"), index=True)
    fingerprint: Mapped[str]
    sheet: Mapped[Sheet] = relationship(back_populates="lines")
    entry: Mapped[PracticumEntry] = relationship()


class HostFeedback(OfCase, Keyed, Base):
    """What a host thinks of the trainee's work."""

    __tablename__ = "host_feedback"
    __table_args__ = (Index("ix_host_feedback_case", "enrolment_id", "given_at"),)

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placement.id"))
    giver_name: Mapped[str]
    """Personal data, kept as long as the dossier."""
    giver_role: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, int]]
    """Question id → 0–4."""
    comment: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(default="")
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("confirmation_link.id"), unique=True)
    given_at: Mapped[datetime]
    placement: Mapped[Placement] = relationship()

    @property
    def audit_label(self) -> str:
        """Of whom, by whom."""
        return f"{self.enrolment.person.name}, {self.giver_name}"
