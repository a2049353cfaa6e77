"""Immutable content releases, and the index by which they are searched."""

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base
from lms.curriculum.corrections.models import Correction
from lms.curriculum.search.models import SearchText

__all__ = ["ContentMedia", "ContentRelease", "Correction", "SearchText"]


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
    sources: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """All files that it was made from; without them it can be taught, not corrected."""

    @property
    def audit_label(self) -> str:
        """First characters of the id."""
        return self.id[:12]


class ContentMedia(Base):
    """A picture or handout of any release, under the name that its bytes give it."""

    __tablename__ = "content_media"

    name: Mapped[str] = mapped_column(primary_key=True)
    """`<sha256>.<extension>`."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
