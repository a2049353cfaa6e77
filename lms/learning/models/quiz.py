"""What a trainee has answered, how it was marked, and how much more time they have."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.models import Enrolment, OfEnrolment
from lms.core.db import Base, Keyed
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.people.models import Person


class QuizAttempt(OfEnrolment, Keyed, Base):
    """One try at a quiz or exam: questions drawn, shuffled and frozen when it starts."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "module", "number"),
        CheckConstraint("(state = 'finished') = (finished_at IS NOT NULL)", name="finished"),
        CheckConstraint(
            "(score IS NOT NULL) = (state = 'finished' AND to_mark = 0)", name="scored"
        ),
        CheckConstraint("NOT passed OR score IS NOT NULL", name="passed"),
        Index(
            "ix_quiz_attempt_to_mark",
            "finished_at",
            sqlite_where=sql("to_mark > 0"),
            postgresql_where=sql("to_mark > 0"),
        ),
        Index("ix_quiz_attempt_open", "state", "due_at"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    module: Mapped[str]
    """Slug of the module, or `@exam`."""
    number: Mapped[int]
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    state: Mapped[AttemptState] = mapped_column(default=AttemptState.IN_PROGRESS)
    questions: Mapped[list[Any]]
    """Drawn questions in order, each with what it offers as shown (see `Drawn`)."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Given so far, by question id (see `Given`)."""
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Until when answers may change, a person's extra time included."""
    minutes: Mapped[int] = mapped_column(default=0)
    """The time limit, extra time left out; 0 for none."""
    saved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    to_mark: Mapped[int] = mapped_column(default=0)
    """Open answers handed in that no trainer has marked yet."""
    score: Mapped[int | None]
    """Points; none as long as answers wait to be marked."""
    out_of: Mapped[int]
    passed: Mapped[bool] = mapped_column(default=False)
    superseded: Mapped[bool] = mapped_column(default=False)
    """Counts no more, since the last attempt counts and there is a later one."""
    locked_at: Mapped[datetime | None]
    """Since when the trainee's dossier holds its marks fast."""
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Who, which module, which try."""
        return f"{self.enrolment.person.name}, {self.module}, {self.number}"


class OpenMark(Keyed, Base):
    """What a trainer gave one open answer; a correction is a new version beside the old one.

    Read by the trainee, the trainers and the office.
    """

    __tablename__ = "open_mark"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question", "number"),
        CheckConstraint("(number = 1) = (reason = '')", name="reason"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_attempt.id"), index=True)
    question: Mapped[str]
    """Id of the question."""
    number: Mapped[int] = mapped_column(default=1)
    """Counts the versions; the last one holds."""
    levels: Mapped[dict[str, Any]]
    """Criterion id → level, 0 to 4."""
    comment: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was corrected."""
    marked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]
    marked_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ExtraTime(OfEnrolment, Keyed, Base):
    """More time for one person in every timed quiz of their programme."""

    __tablename__ = "extra_time"
    __table_args__ = (
        UniqueConstraint("enrolment_id"),
        CheckConstraint("percent IN (0, 25, 50, 100)", name="percent"),
        CheckConstraint("percent > 0 OR reason = ''", name="reason"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    percent: Mapped[int]
    """0 once it was taken back."""
    reason: Mapped[str] = mapped_column(Text)
    """Health data: read only by who may give extra time here, and emptied when it is taken back."""
    version: Mapped[int] = mapped_column(default=1)
    given_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Whose."""
        return self.enrolment.person.name
