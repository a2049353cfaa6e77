"""A trainee's work on an exercise, its versions and its files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.models import Enrolment, OfEnrolment
from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.learning.exercises.rules import WorkState
from lms.people.models import Person


class ExerciseWork(OfEnrolment, Keyed, Base):
    """What one trainee does on one exercise: the text being written, and where it stands."""

    __tablename__ = "exercise_work"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "exercise"),
        Index("ix_exercise_work_queue", "state", "handed_in_at", "id"),
        CheckConstraint(
            "(state IN ('returned', 'accepted')) = (decided_at IS NOT NULL)", name="decided"
        ),
        CheckConstraint("(state = 'looked_at') = (looked_by_id IS NOT NULL)", name="looked_at"),
        CheckConstraint("(state = 'draft') = (number = 0)", name="number"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    exercise: Mapped[str]
    """Id of the exercise in the release."""
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    """Where the exercise is read as the trainee last saw it."""
    state: Mapped[WorkState] = mapped_column(default=WorkState.DRAFT)
    text: Mapped[str] = mapped_column(Text, default="")
    """As it is being written: only its author reads it; others read versions."""
    number: Mapped[int] = mapped_column(default=0)
    """Of the version handed in last."""
    revision: Mapped[int] = mapped_column(default=0)
    """Counts every change: what a form was opened on."""
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who is marking it."""
    decided_at: Mapped[datetime | None]
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)
    looked_by: Mapped[Person | None] = relationship(foreign_keys=[looked_by_id])
    files: Mapped[list["ExerciseFile"]] = relationship(
        order_by="ExerciseFile.id", back_populates="work"
    )
    versions: Mapped[list["ExerciseVersion"]] = relationship(
        order_by="ExerciseVersion.number.desc()", back_populates="work"
    )
    """The latest first."""

    @property
    def handed_in(self) -> bool:
        """Whether anybody but its author may see it."""
        return self.state is not WorkState.DRAFT

    @property
    def kept_files(self) -> list["ExerciseFile"]:
        """Files of the text being written."""
        return [file for file in self.files if file.removed_at is None]

    @property
    def is_gone_on_with(self) -> bool:
        """Whether its author has written since it was returned."""
        if self.state is not WorkState.RETURNED:
            return False
        latest = self.versions[0]
        return (self.text, [str(file.id) for file in self.kept_files]) != (
            latest.text,
            list(latest.files),
        )

    @property
    def audit_label(self) -> str:
        """Who, which exercise."""
        return f"{self.enrolment.person.name}, {self.exercise}"


class ExerciseVersion(Keyed, Base):
    """Work as it was handed in, and what a trainer said to it."""

    __tablename__ = "exercise_version"
    __table_args__ = (
        UniqueConstraint("work_id", "number"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    work_id: Mapped[UUID] = mapped_column(ForeignKey("exercise_work.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]]
    """Keys of its files."""
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    handed_in_at: Mapped[datetime]
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Criterion → level; shown to the trainee once it is decided."""
    comments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    feedback: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[WorkState | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    work: Mapped[ExerciseWork] = relationship(back_populates="versions")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class ExerciseFile(Keyed, Base):
    """A file added to the work on an exercise."""

    __tablename__ = "exercise_file"

    work_id: Mapped[UUID] = mapped_column(ForeignKey("exercise_work.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    handed_in_number: Mapped[int | None]
    """The first version that holds it; until then it is its author's alone."""
    removed_at: Mapped[datetime | None]
    """Taken out of the text being written; versions keep it."""
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    work: Mapped[ExerciseWork] = relationship(lazy="joined", innerjoin=True, back_populates="files")

    @property
    def person_id(self) -> UUID:
        """The trainee."""
        return self.work.person_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.work.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.work.country_code

    @property
    def case_id(self) -> UUID:
        """The enrolment."""
        return self.work.enrolment_id

    @property
    def handed_in(self) -> bool:
        """Whether anybody but its author may open it."""
        return self.handed_in_number is not None

    @property
    def audit_label(self) -> str:
        """Name of the file."""
        return self.file.name
