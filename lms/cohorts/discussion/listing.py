"""Discussions found for pages: what one may read, what is new, where a post stands."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, false, func, select

from lms.cohorts.discussion.moderation import accepted_by
from lms.cohorts.discussion.rules import CHARTER, PostState
from lms.cohorts.models import (
    CharterAcceptance,
    DiscussionPost,
    DiscussionThread,
    ThreadMark,
)
from lms.core.db import AnySession
from lms.core.search import matches
from lms.policy.actor import Actor


def threads_visible_to(actor: Actor) -> Select[DiscussionThread]:
    """Discussions that the actor may read: the same answer as the table's, as a query."""
    mine = actor.own_cohorts
    if not mine:
        return select(DiscussionThread).where(false())
    return select(DiscussionThread).where(DiscussionThread.cohort_id.in_(mine), accepted_by(actor))


def of_cohort(actor: Actor, cohort_id: UUID, words: str = "") -> Select[DiscussionThread]:
    """Those of one cohort; with `words`, those in which a post that is shown holds them all."""
    query = threads_visible_to(actor).where(DiscussionThread.cohort_id == cohort_id)
    if words:
        query = query.where(
            DiscussionThread.id.in_(
                select(DiscussionPost.thread_id).where(
                    DiscussionPost.state == PostState.VISIBLE,
                    matches(DiscussionPost.search_text, words),
                )
            )
        )
    return query


def pinned(session: AnySession, actor: Actor, cohort_id: UUID) -> Sequence[DiscussionThread]:
    """Those kept on top."""
    query = of_cohort(actor, cohort_id).where(DiscussionThread.pinned_at.is_not(None))
    return session.scalars(query.order_by(DiscussionThread.pinned_at.desc())).all()


def posts_of(thread: DiscussionThread) -> Select[DiscussionPost]:
    """The posts of a discussion."""
    return select(DiscussionPost).where(DiscussionPost.thread_id == thread.id)


def page_before(session: AnySession, thread: DiscussionThread, size: int) -> DiscussionPost | None:
    """The post after which the last page begins; None where one page holds all."""
    newest = (DiscussionPost.created_at.desc(), DiscussionPost.id.desc())
    last = session.scalars(posts_of(thread).order_by(*newest).limit(size + 1)).all()
    return last[size] if len(last) > size else None


# --- how far one has read ---


def marks(
    session: AnySession, actor: Actor, threads: Collection[DiscussionThread]
) -> dict[UUID, ThreadMark]:
    """The person's own marks."""
    found = session.scalars(
        select(ThreadMark).where(
            ThreadMark.person_id == actor.person_id,
            ThreadMark.thread_id.in_([thread.id for thread in threads]),
        )
    )
    return {mark.thread_id: mark for mark in found}


def mark_of(session: AnySession, person_id: UUID, thread_id: UUID) -> ThreadMark:
    """Somebody's mark in a discussion, made where there is none yet."""
    key = {"thread_id": thread_id, "person_id": person_id}
    found = session.get(ThreadMark, key)
    if found is None:
        found = ThreadMark(**key, mails=True)
        session.add(found)
    return found


def see(session: AnySession, actor: Actor, thread: DiscussionThread, now: datetime) -> None:
    """Note that the person has read the discussion up to now."""
    if actor.person_id is None:
        return
    mark = mark_of(session, actor.person_id, thread.id)
    mark.seen_at = max(filter(None, (mark.seen_at, now)))
    session.flush()


def unread(actor: Actor) -> Select[UUID, int]:
    """Discussions with something new since one looked in, by cohort where there are any."""
    mine = actor.own_cohorts
    return (
        select(DiscussionThread.cohort_id, func.count().label("number"))
        .join(
            CharterAcceptance,
            and_(
                CharterAcceptance.cohort_id == DiscussionThread.cohort_id,
                CharterAcceptance.person_id == actor.person_id,
                CharterAcceptance.withdrawn_at.is_(None),
                CharterAcceptance.charter == CHARTER,
            ),
        )
        .outerjoin(
            ThreadMark,
            and_(
                ThreadMark.thread_id == DiscussionThread.id,
                ThreadMark.person_id == actor.person_id,
            ),
        )
        .where(
            DiscussionThread.cohort_id.in_(mine),
            DiscussionThread.last_post_at
            > func.coalesce(ThreadMark.seen_at, CharterAcceptance.accepted_at),
        )
        .group_by(DiscussionThread.cohort_id)
    )
