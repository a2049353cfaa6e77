"""Training days: sessions of a cohort, who came, what was handed out and handed in."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.models.cohort import Enrolment, OfEnrolment
from lms.cohorts.models.meeting import Meeting
from lms.cohorts.training.rules import (
    TRAINING_TRANSITIONS,
    Attended,
    Noting,
    TrainingState,
    Worth,
)
from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.people.models import Person


class TrainingSession(Meeting, Base):
    """A day, or half a day, that a cohort is taught together. Its days count once held."""

    __tablename__ = "training_session"
    __table_args__ = (
        Index("ix_training_session_time", "cohort_id", "starts_at"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("halves BETWEEN 0 AND 2", name="halves"),
        CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name="held"),
    )

    lifecycle = TRAINING_TRANSITIONS
    state: Mapped[TrainingState] = mapped_column(default=TrainingState.PLANNED)
    halves: Mapped[int]
    """What it counts, in half days."""
    title: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    modules: Mapped[list[str]] = mapped_column(default=list)
    """Slugs of the modules it covers, in the cohort's release."""
    sheet_token: Mapped[str] = mapped_column(unique=True)
    """What the code on its printed sheet says; it gives no right."""
    code_secret: Mapped[str] = mapped_column(default="", deferred=True)
    """What the codes on the trainer's screen are made of; empty while none are shown."""
    led_by: Mapped[list["TrainingTrainer"]] = relationship(
        back_populates="session", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def worth(self) -> Worth:
        """What it counts as."""
        return Worth.of(self.halves)

    @property
    def trainers(self) -> list[Person]:
        """Who teaches, by name."""
        return sorted((one.person for one in self.led_by), key=lambda each: each.sort_name)

    @property
    def trainer_ids(self) -> Collection[UUID]:
        """Who teaches."""
        return [one.person_id for one in self.led_by]

    @property
    def audit_label(self) -> str:
        """What, when."""
        return f"{self.title}, {self.starts_at.date().isoformat()}"


class TrainingTrainer(Keyed, Base):
    """Somebody who teaches in a session."""

    __tablename__ = "training_trainer"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    session: Mapped[TrainingSession] = relationship(back_populates="led_by")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Attendance(OfEnrolment, Keyed, Base):
    """Whether one trainee came to one session."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("training_session.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    mark: Mapped[Attended] = mapped_column(default=Attended.EXPECTED)
    """A fact that is noted, and noted anew in a correction: no lifecycle."""
    noted_by: Mapped[Noting | None]
    noted_at: Mapped[datetime | None]
    batch_id: Mapped[UUID | None]
    """The act that noted several at once, so that it can be undone."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Confidential: a trainer's words on an absence, for the team's trainers, the country's
    administration and the trainee."""
    announcement: Mapped[str] = mapped_column(Text, default="")
    """Confidential: the reason that the trainee gave beforehand, for the same."""
    announced_at: Mapped[datetime | None]
    halves: Mapped[int] = mapped_column(default=0)
    """What it counts, in half days; nothing before the list is closed."""
    locked_at: Mapped[datetime | None]
    """Since when the trainee's dossier holds it fast."""
    session: Mapped[TrainingSession] = relationship(lazy="joined", innerjoin=True)
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Who, on which day."""
        day = self.session.starts_at.date().isoformat()
        return f"{self.enrolment.person.name}, {day}"


class HasTraining(Protocol):
    """Belongs to one session."""

    @property
    def session(self) -> TrainingSession:
        """The session."""


class OfTraining:
    """Part of a session: cohort and country are those of the session."""

    @property
    def cohort_id(self: HasTraining) -> UUID:
        """The cohort."""
        return self.session.cohort_id

    @property
    def country_code(self: HasTraining) -> str:
        """Country of the cohort."""
        return self.session.country_code


class TrainingMaterial(OfTraining, Keyed, Base):
    """Something to read or to bring along: a file, or an address."""

    __tablename__ = "training_material"
    __table_args__ = (CheckConstraint("(file_id IS NULL) = (url <> '')", name="either"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("training_session.id"), index=True)
    title: Mapped[str]
    url: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    session: Mapped[TrainingSession] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile | None] = relationship(lazy="joined")


class TrainingScan(OfTraining, Keyed, Base):
    """A photo or scan of a session's signed sheet: evidence beside the list."""

    __tablename__ = "training_scan"
    __table_args__ = (UniqueConstraint("session_id", "sha256"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("training_session.id"))
    sha256: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    filed_at: Mapped[datetime]
    session: Mapped[TrainingSession] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class TrainingSheet(OfTraining, Keyed, Base):
    """The latest print of a session's sheet in one language, as a PDF."""

    __tablename__ = "training_sheet"
    __table_args__ = (UniqueConstraint("session_id", "language"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("training_session.id"))
    language: Mapped[str]
    fingerprint: Mapped[str]
    """SHA-256 of what it says, without the day of printing."""
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    printed_at: Mapped[datetime]
    session: Mapped[TrainingSession] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
