"""What a training day and a supervision session have in common."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lms.cohorts.models.cohort import Cohort
from lms.core.db import Keyed
from lms.core.transitions import Transitions


class Meeting(Keyed):
    """Something that a cohort, or some of it, meets for; it counts once held."""

    lifecycle: ClassVar[Transitions[Any, Any]]
    """Each kind has its own, with words of its own."""
    state: Any
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    """As planned; supervision, once held, as it was."""
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(Text, default="")
    """Where it is held online."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts every change: what a form was opened on, and what calendars go by."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime | None]
    """When something changed that a calendar shows."""
    held_at: Mapped[datetime | None]
    """When its list was closed, or it was written down."""
    cancel_reason: Mapped[str] = mapped_column(Text, default="")

    @declared_attr
    @classmethod
    def cohort(cls) -> Mapped[Cohort]:
        """Whose dates and clocks are meant."""
        return relationship(lazy="joined", innerjoin=True)

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code

    @property
    def audit_label(self) -> str:
        """Short name for the trail."""
        raise NotImplementedError
