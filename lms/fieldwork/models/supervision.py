"""Supervision: sessions, who was there, what was agreed, and what trainees think of it."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from lms.cohorts.models import Enrolment, Meeting, OfEnrolment
from lms.core.db import Base, Keyed
from lms.fieldwork.rules import (
    SUPERVISION_TRANSITIONS,
    PresenceState,
    SupervisionKind,
    SupervisionState,
)
from lms.people.models import Person


class SupervisionSession(Meeting, Base):
    """A meeting of a supervisor with one trainee or several. Its minutes count once held."""

    __tablename__ = "supervision_session"
    __table_args__ = (
        Index("ix_supervision_session_time", "cohort_id", "starts_at"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name="held"),
    )

    lifecycle = SUPERVISION_TRANSITIONS
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[SupervisionKind]
    state: Mapped[SupervisionState] = mapped_column(default=SupervisionState.PLANNED)
    topic: Mapped[str] = mapped_column(default="")
    shared_notes: Mapped[str] = mapped_column(Text, default="")
    """Read by supervisor and trainees present."""
    private_notes: Mapped[str] = mapped_column(Text, default="", deferred=True)
    """Confidential: read by the supervisor who wrote them only."""
    supervisor: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    presences: Mapped[list["SupervisionPresence"]] = relationship(
        back_populates="session", order_by="SupervisionPresence.id", lazy="selectin"
    )

    def enrolment_of(self, person_id: UUID | None) -> UUID | None:
        """The enrolment with which this person is invited, if they are."""
        return next(
            (one.enrolment_id for one in self.presences if one.enrolment.person_id == person_id),
            None,
        )

    @property
    def invited_ids(self) -> Collection[UUID]:
        """The trainees it is, or was, for."""
        return [presence.enrolment.person_id for presence in self.presences]

    @property
    def present_ids(self) -> Collection[UUID]:
        """The trainees who were there."""
        return [
            presence.enrolment.person_id
            for presence in self.presences
            if presence.state is PresenceState.PRESENT
        ]

    @property
    def case_id(self) -> UUID | None:
        """The enrolment, when it is one trainee's."""
        alone = self.kind is SupervisionKind.INDIVIDUAL and len(self.presences) == 1
        return self.presences[0].enrolment_id if alone else None

    @property
    def audit_label(self) -> str:
        """Who, when."""
        return f"{self.supervisor.name}, {self.starts_at.date().isoformat()}"


class SupervisionPresence(Keyed, Base):
    """One trainee of a session."""

    __tablename__ = "supervision_presence"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_session.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    state: Mapped[PresenceState] = mapped_column(default=PresenceState.EXPECTED)
    reason: Mapped[str] = mapped_column(default="")
    """Why somebody was absent: read by the supervisor and by themselves."""
    locked_at: Mapped[datetime | None]
    """Since when the trainee's dossier holds it fast."""
    came: Mapped[PresenceState] = synonym("state")
    """A fact that is noted, and noted anew in a correction: no lifecycle."""
    session: Mapped[SupervisionSession] = relationship(back_populates="presences")
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)


class SupervisionAction(OfEnrolment, Keyed, Base):
    """What a trainee and their supervisor agreed that the trainee would do."""

    __tablename__ = "supervision_action"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_session.id"), index=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    """Confidential: read by the trainee and by the session's supervisor."""
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    session: Mapped[SupervisionSession] = relationship(lazy="joined", innerjoin=True)
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> UUID:
        """The cohort of the session, also after a transfer."""
        return self.session.cohort_id

    @property
    def supervisor_id(self) -> UUID:
        """With whom it was agreed."""
        return self.session.supervisor_id


class SupervisionFeedback(OfEnrolment, Keyed, Base):
    """A trainee's confidential answers about a supervisor: shown only added up with others'."""

    __tablename__ = "supervision_feedback"
    __table_args__ = (UniqueConstraint("enrolment_id", "supervisor_id", "period"),)

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    period: Mapped[str]
    """Quarter: `2026-Q4`."""
    answers: Mapped[dict[str, int]]
    """Question id → 0–4."""
    given_at: Mapped[datetime]
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """The quarter, and nothing more."""
        return self.period
