"""What helps supervisors with many waiting entries: stand-ins, words used again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.people.models import Person


class Absence(Keyed, Base):
    """A supervisor is away; somebody of the same team decides in their place."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("supervisor_id <> stand_in_id", name="somebody_else"),
    )

    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    stand_in_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it ended sooner than planned."""
    supervisor: Mapped[Person] = relationship(foreign_keys=[supervisor_id], lazy="joined")
    stand_in: Mapped[Person] = relationship(foreign_keys=[stand_in_id], lazy="joined")

    @property
    def person_id(self) -> UUID:
        """Whose absence it is."""
        return self.supervisor_id

    @property
    def country_code(self) -> str:
        """Country that administers who is away."""
        return self.supervisor.country_code

    @property
    def audit_label(self) -> str:
        """Who is away, who stands in."""
        return f"{self.supervisor.name} → {self.stand_in.name}"


class ReusableComment(Keyed, Base):
    """Words that a supervisor uses again, in one language."""

    __tablename__ = "reusable_comment"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    @property
    def audit_label(self) -> str:
        """Its beginning."""
        return self.text[:60]
