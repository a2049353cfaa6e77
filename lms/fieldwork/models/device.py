"""What devices sent after having been without network."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, Keyed
from lms.fieldwork.rules import SyncKind, SyncStatus


class SyncedItem(Keyed, Base):
    """One thing as a device sent it, with its receipt. Sent again, it gets the same receipt.

    A changed repeat is kept beside what came first, until its author has chosen.
    """

    __tablename__ = "synced_item"
    __table_args__ = (
        UniqueConstraint("device_id", "content_hash"),
        Index("ix_synced_item_person", "person_id", "status"),
    )

    device_id: Mapped[UUID]
    """Made on the device: the key of the entry or observation."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Who was signed in when it arrived; never taken from what was sent."""
    kind: Mapped[SyncKind]
    content: Mapped[dict[str, Any]]
    """As it was sent: no confidential reflection is ever in it."""
    content_hash: Mapped[str]
    status: Mapped[SyncStatus]
    receipt: Mapped[str]
    claimed_at: Mapped[datetime]
    """What the device's clock said: shown, never used for a deadline."""
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When its author chose between two versions."""
