"""What this room keeps: printed logbooks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.fieldwork.models import OfCase


class PrintedLogbook(OfCase, Keyed, Base):
    """The latest print of a logbook in one language; made anew when something has changed."""

    __tablename__ = "printed_logbook"
    __table_args__ = (UniqueConstraint("enrolment_id", "language"),)

    language: Mapped[str]
    fingerprint: Mapped[str]
    """SHA-256 of what it says, without the day of printing."""
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    printed_at: Mapped[datetime]
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Whose, in which language."""
        return f"{self.enrolment.person.name} ({self.language})"
