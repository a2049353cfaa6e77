"""Questions under a lesson, and what was answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import Base, Keyed
from lms.learning.questions.rules import QuestionState
from lms.people.models import Person


class LessonQuestion(Keyed, Base):
    """A trainee asks the cohort something about a lesson."""

    __tablename__ = "lesson_question"
    __table_args__ = (
        CheckConstraint("state <> 'removed' OR text = ''", name="removed"),
        Index("ix_lesson_question_lesson", "cohort_id", "module", "lesson", "asked_at", "id"),
        Index("ix_lesson_question_waiting", "cohort_id", "state", "asked_at", "id"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    module: Mapped[str]
    """Slug of the module that owns the lesson."""
    lesson: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.OPEN)
    replies: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)
    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)

    @property
    def person_id(self) -> UUID:
        """Who asks."""
        return self.enrolment.person_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code

    @property
    def case_id(self) -> UUID:
        """The enrolment."""
        return self.enrolment_id

    @property
    def audit_label(self) -> str:
        """Who, under which lesson."""
        return f"{self.enrolment.person.name}, {self.module}/{self.lesson}"


class LessonReply(Keyed, Base):
    """What a trainer or a fellow trainee answers."""

    __tablename__ = "lesson_reply"
    __table_args__ = (Index("ix_lesson_reply_list", "question_id", "written_at", "id"),)

    question_id: Mapped[UUID] = mapped_column(ForeignKey("lesson_question.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by_trainer: Mapped[bool] = mapped_column(default=False)
    """Whether the author trained in the cohort when answering."""
    text: Mapped[str] = mapped_column(Text)
    """Empty once it was taken away."""
    version: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    question: Mapped[LessonQuestion] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def person_id(self) -> UUID:
        """Who answers."""
        return self.author_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.question.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.question.country_code

    @property
    def audit_label(self) -> str:
        """Who, under which lesson."""
        return f"{self.author.name}, {self.question.module}/{self.question.lesson}"
