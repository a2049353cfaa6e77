"""Records of the network."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from lms.core.db import Base, Keyed
from lms.network.rules import FigureSubject


class Country(Base):
    """A country with its own administration; the tenant of people and cohorts."""

    __tablename__ = "country"

    code: Mapped[str] = mapped_column(primary_key=True)
    """ISO 3166-1 alpha-2."""
    id: Mapped[str] = synonym("code")
    """The code, for the trail."""
    language: Mapped[str] = mapped_column(default="fr")
    """Language of people who chose none."""
    time_zone: Mapped[str] = mapped_column(default="Africa/Casablanca")
    needs_arabic_names: Mapped[bool] = mapped_column(default=False)
    """Whether certificates print names in Arabic script too, so that they are asked for."""
    version: Mapped[int] = mapped_column(default=1)

    @property
    def country_code(self) -> str:
        """Itself."""
        return self.code

    @property
    def audit_label(self) -> str:
        """Its code."""
        return self.code


class Centre(Keyed, Base):
    """A centre of excellence (D20): Oujda, Kaolack."""

    __tablename__ = "centre"

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    name: Mapped[str]
    city: Mapped[str]
    address: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
    """Last day of work; what happened there stays."""
    version: Mapped[int] = mapped_column(default=1)

    @property
    def audit_label(self) -> str:
        """Its name."""
        return self.name


class PartnerBody(Keyed, Base):
    """A body that takes part or verifies certificates (U1)."""

    __tablename__ = "partner_body"

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    """In words: regional council, university, association …"""
    website: Mapped[str] = mapped_column(default="")
    ended_on: Mapped[date | None]
    """Last day of taking part."""
    version: Mapped[int] = mapped_column(default=1)

    @property
    def audit_label(self) -> str:
        """Its name."""
        return self.name


class Convention(Keyed, Base):
    """An agreement between several parties (D20)."""

    __tablename__ = "convention"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= signed_on", name="ends_after_signing"),
    )

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    title: Mapped[str]
    signed_on: Mapped[date]
    ends_on: Mapped[date | None]
    purpose: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    parties: Mapped[list["ConventionParty"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def audit_label(self) -> str:
        """Its title."""
        return self.title


class ConventionParty(Base):
    """One party of a convention."""

    __tablename__ = "convention_party"

    convention_id: Mapped[UUID] = mapped_column(
        ForeignKey("convention.id", ondelete="CASCADE"), primary_key=True
    )
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner_body.id"), primary_key=True)
    partner: Mapped[PartnerBody] = relationship(lazy="joined")


class ReportedFigure(Keyed, Base):
    """A figure as a source reports it, kept apart from what the system counts (D21)."""

    __tablename__ = "reported_figure"

    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    subject: Mapped[FigureSubject]
    wording: Mapped[str] = mapped_column(Text)
    """The source's own words."""
    value: Mapped[int]
    source: Mapped[str]
    reported_on: Mapped[date | None]
    note: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Remark by language."""
