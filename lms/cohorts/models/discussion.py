"""Who has accepted a cohort's charter, and what they tell each other under it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, and_
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.discussion.rules import CHARTER, PostState
from lms.cohorts.models.cohort import Cohort
from lms.core.db import Base, Keyed
from lms.people.models import Person


class CharterAcceptance(Keyed, Base):
    """Somebody's word that they keep the charter in one cohort, until they take it back."""

    __tablename__ = "charter_acceptance"
    __table_args__ = (
        Index(
            "uq_charter_acceptance_standing",
            "cohort_id",
            "person_id",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    charter: Mapped[str]
    """Which text: `discussion.rules.CHARTER` of that day."""
    language: Mapped[str]
    """In which language it was read."""
    signed_name: Mapped[str]
    """As typed in place of a signature."""
    accepted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    mails: Mapped[bool] = mapped_column(default=True)
    """Whether messages about replies are wanted at all."""
    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code

    @property
    def audit_label(self) -> str:
        """Who, where."""
        return f"{self.person.name}, {self.cohort.name}"


class DiscussionThread(Keyed, Base):
    """One subject that a cohort talks about."""

    __tablename__ = "discussion_thread"
    __table_args__ = (Index("ix_discussion_thread_list", "cohort_id", "last_post_at", "id"),)

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    """Empty once its opening post is deleted."""
    title_hidden: Mapped[bool] = mapped_column(default=False)
    """Whether the opening post, and the title with it, is for moderators only."""
    replies: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_post_at: Mapped[datetime]
    pinned_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    acceptances: Mapped[list[CharterAcceptance]] = relationship(
        primaryjoin=lambda: and_(
            DiscussionThread.cohort_id == CharterAcceptance.cohort_id,
            CharterAcceptance.withdrawn_at.is_(None),
            CharterAcceptance.charter == CHARTER,
        ),
        foreign_keys=lambda: [CharterAcceptance.cohort_id],
        viewonly=True,
        lazy="select",
    )

    @property
    def charter_ids(self) -> Collection[UUID]:
        """Keys of those who have accepted the charter of its cohort."""
        return {one.person_id for one in self.acceptances}

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code

    @property
    def audit_label(self) -> str:
        """Whose, where; not what it is about, which is between them."""
        return f"{self.author.name}, {self.cohort.name}"


class DiscussionPost(Keyed, Base):
    """What somebody wrote: the first post of a discussion, or a reply."""

    __tablename__ = "discussion_post"
    __table_args__ = (
        CheckConstraint("state <> 'deleted' OR text = ''", name="deleted"),
        Index("ix_discussion_post_list", "thread_id", "created_at", "id"),
        Index("ix_discussion_post_author", "author_id", "created_at"),
    )

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("discussion_thread.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    opening: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    """Confidential: for those who have accepted the charter. Emptied when it is deleted."""
    state: Mapped[PostState] = mapped_column(default=PostState.VISIBLE)
    hidden_reason: Mapped[str] = mapped_column(Text, default="")
    """For its author and the moderators."""
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    thread: Mapped[DiscussionThread] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def person_id(self) -> UUID:
        """Its author."""
        return self.author_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.thread.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.thread.country_code

    @property
    def charter_ids(self) -> Collection[UUID]:
        """Keys of those who have accepted the charter of its cohort."""
        return self.thread.charter_ids

    @property
    def audit_label(self) -> str:
        """Whose, where; not what it says."""
        return f"{self.author.name}, {self.thread.cohort.name}"


class ThreadMark(Base):
    """How far somebody has read a discussion, and whether they want mail about it."""

    __tablename__ = "thread_mark"

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("discussion_thread.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When they were last written to: once, until they look in again."""
    mails: Mapped[bool] = mapped_column(default=True)


class PostReport(Keyed, Base):
    """Somebody of the cohort hands a post to those who moderate."""

    __tablename__ = "post_report"
    __table_args__ = (UniqueConstraint("post_id", "reporter_id"),)

    post_id: Mapped[UUID] = mapped_column(ForeignKey("discussion_post.id"), index=True)
    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    """What the post said then: it may be changed or deleted since."""
    to_office: Mapped[bool] = mapped_column(default=False)
    """Whether the country's administration sees it too: always about what a trainer wrote."""
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    post: Mapped[DiscussionPost] = relationship(lazy="joined", innerjoin=True)
    reporter: Mapped[Person] = relationship(
        foreign_keys=[reporter_id], lazy="joined", innerjoin=True
    )

    @property
    def person_id(self) -> UUID:
        """Whom it is about."""
        return self.post.author_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.post.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.post.country_code

    @property
    def charter_ids(self) -> Collection[UUID]:
        """Keys of those who have accepted the charter of its cohort."""
        return self.post.charter_ids

    @property
    def audit_label(self) -> str:
        """About whom, where."""
        return self.post.audit_label
