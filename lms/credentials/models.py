"""The register: certificates, their printed documents, status lists, doubts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.assessment.models import Award
from lms.core.db import Base, Keyed
from lms.credentials.facts import CertificateFacts
from lms.credentials.rules import CertificateKind, CertificateState, RevocationCategory


class RegisterCounter(Base):
    """How many numbers of a year are given out: one row a year, changed with the certificate."""

    __tablename__ = "register_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class Certificate(Keyed, Base):
    """The document of an award. Its texts are frozen: what was signed is never changed."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("award_id", "version"),
        UniqueConstraint("status_list", "status_index"),
        CheckConstraint("(state = 'reserved') = (payload IS NULL)", name="stored"),
        CheckConstraint("(state IN ('reserved', 'stored')) = (credential IS NULL)", name="signed"),
        CheckConstraint("(payload IS NULL) = (kid IS NULL)", name="key"),
        CheckConstraint("(state = 'revoked') = (revocation_category IS NOT NULL)", name="revoked"),
        CheckConstraint("state <> 'superseded' OR superseded_by_id IS NOT NULL", name="superseded"),
        Index("ix_certificate_country", "country_code", "id"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    """1 for the first document of the award, then one more for each replacement."""
    register_number: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    """128 random bits: the certificate's public address."""
    code: Mapped[str] = mapped_column(unique=True)
    """What a person types from the paper, without separators."""
    state: Mapped[CertificateState] = mapped_column(default=CertificateState.RESERVED)
    state_since: Mapped[datetime]
    created_at: Mapped[datetime]

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    programme: Mapped[str]
    programme_version: Mapped[str]
    kind: Mapped[CertificateKind]
    latin_name: Mapped[str]
    """Personal data, frozen as printed. Kept for ever: a register forgets nobody."""
    arabic_name: Mapped[str] = mapped_column(default="")
    """Personal data, as above."""
    search_text: Mapped[str] = mapped_column(Text)
    """Names and number, folded by `core.search.fold`."""
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    """First instant at which it is no longer in force; None: no expiry."""

    status_list: Mapped[int] = mapped_column(default=1)
    status_index: Mapped[int]
    """Place of its bit in the status lists, drawn at random."""
    facts: Mapped[dict[str, Any]]
    """All that is printed, in every language (`facts.CertificateFacts`)."""
    kid: Mapped[str | None]
    """Name of the key that signs it."""
    payload: Mapped[str | None] = mapped_column(Text)
    """What is signed, as canonical JSON, with the time of signing; written before signing."""
    credential: Mapped[str | None] = mapped_column(Text)
    """The signed credential, as it is served."""

    revocation_category: Mapped[RevocationCategory | None]
    """The reason that the public is told."""
    superseded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))

    award: Mapped[Award] = relationship(lazy="select")
    superseded_by: Mapped["Certificate | None"] = relationship(
        remote_side="Certificate.id", foreign_keys=[superseded_by_id], lazy="select"
    )
    replaces: Mapped["Certificate | None"] = relationship(
        remote_side="Certificate.id", foreign_keys=[replaces_id], lazy="select"
    )
    documents: Mapped[list["CertificateDocument"]] = relationship(
        order_by="CertificateDocument.language", lazy="select"
    )

    @property
    def audit_label(self) -> str:
        """Number and holder."""
        return f"{self.register_number}, {self.latin_name}"

    @property
    def case_id(self) -> UUID | None:
        """The enrolment behind the award."""
        return self.award.case_id

    @property
    def said(self) -> CertificateFacts:
        """What it says, as values."""
        return CertificateFacts.from_json(self.facts)

    @property
    def is_prepared(self) -> bool:
        """Whether it is out of preparation: issued, or whatever came after."""
        return self.state not in {
            CertificateState.RESERVED,
            CertificateState.STORED,
            CertificateState.SIGNED,
        }


class CertificateDocument(Keyed, Base):
    """A printed certificate in one language; the bytes lie in the file store."""

    __tablename__ = "certificate_document"
    __table_args__ = (UniqueConstraint("certificate_id", "language"),)

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    language: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    created_at: Mapped[datetime]


class StatusList(Keyed, Base):
    """A status list as it was last signed and is served."""

    __tablename__ = "status_list"
    __table_args__ = (UniqueConstraint("purpose", "number"),)

    purpose: Mapped[str]
    number: Mapped[int]
    credential: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]
    valid_until: Mapped[datetime]


class DoubtReport(Keyed, Base):
    """Somebody holds a certificate that they doubt, and says so."""

    __tablename__ = "doubt_report"
    __table_args__ = (
        CheckConstraint("(handled_at IS NULL) = (handled_by_id IS NULL)", name="handled"),
        Index("ix_doubt_report_open", "handled_at", "id"),
    )

    certificate_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))
    shown: Mapped[str] = mapped_column(default="")
    """Number or code on the doubtful paper, as typed."""
    message: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(default="")
    """Personal data: how to answer, if the reporter wishes. Emptied when handled."""
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    certificate: Mapped[Certificate | None] = relationship(lazy="joined")

    @property
    def audit_label(self) -> str:
        """What it is about."""
        return self.certificate.register_number if self.certificate else self.shown or "–"
