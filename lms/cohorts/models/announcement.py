"""Announcements of a cohort, what they said before, and who has looked at them up to when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.announcements.rules import AnnouncementState
from lms.cohorts.models.cohort import Cohort
from lms.core.db import Base, Keyed
from lms.people.models import Person


class Announcement(Keyed, Base):
    """Something told to everybody in a cohort."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published"),
        CheckConstraint("edited_at IS NULL OR version > 1", name="edited"),
        Index("ix_announcement_list", "cohort_id", "publish_at", "id"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    """As written, in the small Markdown of `cohorts.written`."""
    state: Mapped[AnnouncementState] = mapped_column(default=AnnouncementState.PLANNED)
    publish_at: Mapped[datetime]
    """When it appears, or appeared."""
    published_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When all mail was written: it is written once."""
    told_to: Mapped[UUID | None]
    """The last person written to, in the order of their keys, until all are."""
    edited_at: Mapped[datetime | None]
    """When it was changed after it had appeared."""
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Title and text, folded by `core.search.fold`."""
    created_at: Mapped[datetime]
    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def published(self) -> bool:
        """Whether everybody in the cohort may read it."""
        return self.state is AnnouncementState.PUBLISHED

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code

    @property
    def audit_label(self) -> str:
        """Its title, its cohort."""
        return f"{self.title}, {self.cohort.name}"[:200]


class AnnouncementWording(Keyed, Base):
    """What an announcement said until it was changed, once it had appeared."""

    __tablename__ = "announcement_wording"

    announcement_id: Mapped[UUID] = mapped_column(ForeignKey("announcement.id"), index=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[str]
    """Name of whoever changed it, as it was then."""


class AnnouncementVisit(Base):
    """Up to when somebody has looked at a cohort's announcements."""

    __tablename__ = "announcement_visit"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    seen_at: Mapped[datetime]
