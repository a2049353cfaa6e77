"""Where a trainee practises, and with whom that is agreed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.fieldwork.models.case import OfCase
from lms.fieldwork.rules import PlacementState
from lms.people.models import Person


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
    interests_declared: Mapped[bool] = mapped_column(default=False)
    """Whether the trainee has said what ties them to the host (kinship, hierarchy, money)."""
    interests: Mapped[str] = mapped_column(Text, default="")
    """What ties them, or '' for nothing."""
    state: Mapped[PlacementState] = mapped_column(default=PlacementState.PROPOSED)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    supervisor: Mapped[Person | None] = relationship(foreign_keys=[supervisor_id], lazy="joined")

    @property
    def audit_label(self) -> str:
        """Who, where."""
        return f"{self.enrolment.person.name}, {self.host}"
