"""Opening a discussion, replying, changing and deleting one's own words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.discussion import listing
from lms.cohorts.discussion.rules import (
    LIMITS,
    POST_TRANSITIONS,
    PostEvent,
    PostState,
    may_still_edit,
    minutes_to_wait,
)
from lms.cohorts.models import Cohort, DiscussionPost, DiscussionThread
from lms.core import jobs
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.search import fold
from lms.core.transitions import advance
from lms.policy.actor import Actor

TELL = "cohorts.tell_reply"


def find_thread(session: AnySession, thread_id: UUID) -> DiscussionThread | None:
    """A discussion by key."""
    return session.get(DiscussionThread, thread_id)


def find_post(session: AnySession, post_id: UUID) -> DiscussionPost | None:
    """A post by key, with its discussion."""
    return session.get(DiscussionPost, post_id)


def open_thread(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    thread_id: UUID,
    title: str,
    text: str,
    now: datetime,
) -> DiscussionThread:
    """Begin a discussion with its first post. The same key begins it once."""
    known = session.get(DiscussionThread, thread_id)
    if known is not None and (known.cohort_id, known.author_id) == (cohort.id, actor.person_id):
        return known
    author = _author(session, actor, now, taken=known is not None)
    thread = DiscussionThread(
        id=thread_id,
        cohort=cohort,
        author_id=author,
        title=title,
        created_at=now,
        last_post_at=now,
        title_hidden=False,
        replies=0,
    )
    session.add(thread)
    session.flush()
    opening = DiscussionPost(
        thread=thread,
        author_id=author,
        opening=True,
        text=text,
        state=PostState.VISIBLE,
        version=1,
        search_text=fold(f"{title} {text}"),
        created_at=now,
    )
    session.add(opening)
    session.flush()
    listing.see(session, actor, thread, now)
    return thread


def reply(
    session: AnySession,
    actor: Actor,
    thread: DiscussionThread,
    post_id: UUID,
    text: str,
    now: datetime,
) -> DiscussionPost:
    """Say something in a discussion; those who take part are told. The same key says it once.

    Raises Refusal: the discussion is closed, or the person writes too fast.
    """
    known = session.get(DiscussionPost, post_id)
    if known is not None and (known.thread_id, known.author_id) == (thread.id, actor.person_id):
        return known
    if thread.locked_at is not None:
        raise Refusal("thread_locked")
    author = _author(session, actor, now, taken=known is not None)
    made = DiscussionPost(
        id=post_id,
        thread=thread,
        author_id=author,
        opening=False,
        text=text,
        state=PostState.VISIBLE,
        version=1,
        search_text=fold(text),
        created_at=now,
    )
    session.add(made)
    thread.replies += 1
    thread.last_post_at = now
    session.flush()
    listing.see(session, actor, thread, now)
    jobs.enqueue(session, TELL, str(made.id), {"post": str(made.id)}, now)
    return made


def edit(
    session: AnySession,
    post: DiscussionPost,
    seen: int,
    title: str,
    text: str,
    now: datetime,
) -> None:
    """Say it otherwise, within half an hour; marked. `title` counts on an opening post.

    Raises Stale where it was changed elsewhere since.
    """
    if seen != post.version:
        raise Stale
    thread = post.thread
    if not may_still_edit(post.state, post.created_at, now, locked=thread.locked_at is not None):
        raise Refusal("post_edit_over")
    title = title if post.opening else thread.title
    if (post.text, thread.title) == (text, title):
        return
    post.text, thread.title = text, title
    post.search_text = fold(f"{title} {text}" if post.opening else text)
    post.edited_at = now
    post.version += 1
    session.flush()


def delete(session: AnySession, actor: Actor, post: DiscussionPost, now: datetime) -> None:
    """Take one's own words away; a mark stays in their place. A repeat changes nothing."""
    if post.state is PostState.DELETED:
        return
    with session.no_autoflush:
        advance(session, actor, post, PostEvent.DELETE, POST_TRANSITIONS, now=now)
        post.text, post.search_text, post.hidden_reason = "", "", ""
        post.version += 1
        if post.opening:
            post.thread.title, post.thread.title_hidden = "", False
    session.flush()


def _author(session: AnySession, actor: Actor, now: datetime, *, taken: bool) -> UUID:
    """Who writes. Raises Refusal for a key that is taken, and for whoever writes too fast."""
    if actor.person_id is None or taken:
        raise Refusal("not_possible")
    since = now - max(window for _, window in LIMITS)
    most = max(number for number, _ in LIMITS)
    written = session.scalars(
        select(DiscussionPost.created_at)
        .where(DiscussionPost.author_id == actor.person_id, DiscussionPost.created_at > since)
        .order_by(DiscussionPost.created_at.desc())
        .limit(most)
    ).all()
    wait = minutes_to_wait(written, now)
    if wait:
        raise Refusal("posts_too_fast", minutes=wait)
    return actor.person_id
