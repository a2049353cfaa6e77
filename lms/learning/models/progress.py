"""What a trainee has read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class LessonCompletion(Base):
    """A lesson read to its end, once for each enrolment, wherever the lesson is shared."""

    __tablename__ = "lesson_completion"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    module: Mapped[str] = mapped_column(primary_key=True)
    """Slug of the module that owns the lesson."""
    lesson: Mapped[str] = mapped_column(primary_key=True)
    completed_at: Mapped[datetime]
