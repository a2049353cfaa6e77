"""Corrections as they are kept: what was typed, on which release, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.core.files import StoredFile
from lms.curriculum.corrections.rules import CorrectionKind, CorrectionState
from lms.people.models import Person


class Correction(Keyed, Base):
    """A lesson, a question or a handout as somebody wants it to be."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint(
            "(state = 'published') = (published_id IS NOT NULL)", name="published_in_a_release"
        ),
    )

    kind: Mapped[CorrectionKind]
    subject: Mapped[str] = mapped_column(index=True)
    """Id of the lesson, of the question, or the file name of the handout."""
    lesson: Mapped[str] = mapped_column(index=True)
    """Id of the lesson that it belongs to."""
    title: Mapped[dict[str, str]]
    """What is corrected, in the languages of the content, as it was called when begun."""
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    """The release that its author had before them."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.DRAFT, index=True)
    content: Mapped[dict[str, Any]]
    """The whole lesson, question or description of a handout, in all languages."""
    why: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    """What the proposer was told with the decision."""
    published_id: Mapped[str | None] = mapped_column(ForeignKey("content_release.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined")
    file: Mapped[StoredFile | None] = relationship(lazy="joined")

    @property
    def handed_in(self) -> bool:
        """Whether others than its author may see it."""
        return self.decided_at is not None or self.state not in HIDDEN

    @property
    def by_one_alone(self) -> bool:
        """Whether its author decided on it: an administrator may."""
        return self.decided_at is not None and self.decided_by == self.person.name[:200]

    @property
    def module(self) -> str:
        """Slug of the module whose files it changes."""
        return self.lesson.partition("/")[0]

    @property
    def audit_label(self) -> str:
        """What is corrected."""
        return f"{self.kind.value} {self.subject}"[:200]


HIDDEN = (CorrectionState.DRAFT, CorrectionState.WITHDRAWN)
"""What nobody but its author has seen, unless it was decided before."""
