"""Immutable content releases."""

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class ContentRelease(Base):
    """Everything taught and asked, as published at one moment, in all languages."""

    __tablename__ = "content_release"

    id: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the canonical JSON, in hex."""
    published_at: Mapped[datetime]
    author: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Compressed canonical JSON."""

    @property
    def audit_label(self) -> str:
        """First characters of the id."""
        return self.id[:12]
