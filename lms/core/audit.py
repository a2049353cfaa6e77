"""The trail: who did what to which record, when and why. Rows are added, never changed."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import AnySession, Base, Keyed


class Author(Protocol):
    """Whoever acts: a person signed in, or the system."""

    @property
    def person_id(self) -> UUID | None:
        """Key of the person; None for the system and the public."""

    @property
    def display_name(self) -> str:
        """Name as it stood when the act was done."""


class Subject(Protocol):
    """A record that can be spoken of in the trail."""

    id: Any

    @property
    def audit_label(self) -> str:
        """Short name of the record, readable without opening it."""


class AuditEntry(Keyed, Base):
    """One act. Keeps plain ids and labels, so that it outlives what it speaks of."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entry_case", "case_id"),
        Index("ix_audit_entry_at", "at", "id"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_label: Mapped[str]
    action: Mapped[str]
    """What was done, e.g. `entry.approve`."""
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    subject_label: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID | None]
    """The enrolment that the act belongs to, so that one case reads as one story."""
    country_code: Mapped[str | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(
    session: AnySession,
    actor: Author,
    action: str,
    subject: Subject,
    *,
    now: datetime,
    before: str | None = None,
    after: str | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add one row to the trail, in the caller's transaction."""
    entry = AuditEntry(
        at=now,
        actor_id=actor.person_id,
        actor_label=actor.display_name[:200],
        action=action,
        subject_kind=type(subject).__name__.lower(),
        subject_id=str(subject.id),
        subject_label=subject.audit_label,
        case_id=getattr(subject, "case_id", None),
        country_code=getattr(subject, "country_code", None),
        before=before,
        after=after,
        reason=reason,
        details=details or {},
    )
    session.add(entry)
    return entry
