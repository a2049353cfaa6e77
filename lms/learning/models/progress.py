"""What a trainee has read and answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.models import Enrolment, OfEnrolment
from lms.core.db import Base, Keyed
from lms.learning.rules import AttemptState


class LessonCompletion(Base):
    """A lesson read to its end, once for each enrolment, wherever the lesson is shared."""

    __tablename__ = "lesson_completion"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    module: Mapped[str] = mapped_column(primary_key=True)
    """Slug of the module that owns the lesson."""
    lesson: Mapped[str] = mapped_column(primary_key=True)
    completed_at: Mapped[datetime]


class QuizAttempt(OfEnrolment, Keyed, Base):
    """One try at a module's quiz: questions drawn, shuffled and frozen when it starts."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "module", "number"),
        CheckConstraint(
            "(state = 'finished') = (score IS NOT NULL AND finished_at IS NOT NULL)",
            name="finished",
        ),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    module: Mapped[str]
    number: Mapped[int]
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    state: Mapped[AttemptState] = mapped_column(default=AttemptState.IN_PROGRESS)
    questions: Mapped[list[Any]]
    """Drawn questions in order: `[{"id", "answers": [answer ids as shown]}]`."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Given so far: question id → answer id → 1, or for an ordering the position typed."""
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    score: Mapped[int | None]
    """Questions answered rightly."""
    out_of: Mapped[int]
    passed: Mapped[bool] = mapped_column(default=False)
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Who, which module, which try."""
        return f"{self.enrolment.person.name}, {self.module}, {self.number}"
