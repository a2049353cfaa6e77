"""What a trainee keeps at a lesson for themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, Keyed


class LessonMark(Keyed, Base):
    """A bookmark and a note of one's own at one lesson, wherever the lesson is shared.

    Personal data, read by nobody but the person: kept until they erase it.
    """

    __tablename__ = "lesson_mark"
    __table_args__ = (
        UniqueConstraint("person_id", "module", "lesson"),
        CheckConstraint("(note <> '') = (noted_at IS NOT NULL)", name="noted"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    module: Mapped[str]
    """Slug of the module that owns the lesson."""
    lesson: Mapped[str]
    title: Mapped[str]
    """The lesson's, as it was when marked: it may be gone from later releases."""
    bookmarked_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    noted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    """Counts what was written to the note."""

    @property
    def lesson_id(self) -> str:
        """`<module>/<lesson>`."""
        return f"{self.module}/{self.lesson}"
