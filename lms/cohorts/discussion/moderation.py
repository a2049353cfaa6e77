"""Hiding, pinning, closing; and posts that somebody reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from lms.cohorts.discussion.rules import (
    CHARTER,
    MOST_PINNED,
    POST_TRANSITIONS,
    PostEvent,
    PostState,
)
from lms.cohorts.models import (
    CharterAcceptance,
    Cohort,
    DiscussionPost,
    DiscussionThread,
    PostReport,
)
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.transitions import advance
from lms.people.models import RoleGrant
from lms.policy.actor import Actor, Role, Scope


def find_report(session: AnySession, report_id: UUID) -> PostReport | None:
    """A report by key, with its post."""
    return session.get(PostReport, report_id)


# --- posts and discussions ---


def hide(
    session: AnySession, actor: Actor, post: DiscussionPost, reason: str, now: datetime
) -> None:
    """Keep a post from all but moderators, with the reason. A repeat changes nothing."""
    if not reason:
        raise Refusal("reason_needed")
    if post.state is PostState.HIDDEN:
        return
    _advance(session, actor, post, PostEvent.HIDE, reason, now)
    post.hidden_reason = reason
    post.thread.title_hidden = post.thread.title_hidden or post.opening
    session.flush()


def show(session: AnySession, actor: Actor, post: DiscussionPost, now: datetime) -> None:
    """Show it again. A repeat changes nothing."""
    if post.state is not PostState.HIDDEN:
        return
    _advance(session, actor, post, PostEvent.SHOW, "", now)
    post.hidden_reason = ""
    if post.opening:
        post.thread.title_hidden = False
    session.flush()


def _advance(
    session: AnySession,
    actor: Actor,
    post: DiscussionPost,
    event: PostEvent,
    reason: str,
    now: datetime,
) -> None:
    advance(session, actor, post, event, POST_TRANSITIONS, now=now, reason=reason)
    post.version += 1


def pin(
    session: AnySession, actor: Actor, thread: DiscussionThread, now: datetime, *, on: bool
) -> None:
    """Keep a discussion on top of the list, or no longer."""
    if (thread.pinned_at is not None) == on:
        return
    pinned = select(func.count()).where(
        DiscussionThread.cohort_id == thread.cohort_id, DiscussionThread.pinned_at.is_not(None)
    )
    if on and (session.scalar(pinned) or 0) >= MOST_PINNED:
        raise Refusal("too_many_pinned", limit=MOST_PINNED)
    thread.pinned_at = now if on else None
    session.flush()
    audit.record(session, actor, "thread.pin" if on else "thread.unpin", thread, now=now)


def lock(
    session: AnySession, actor: Actor, thread: DiscussionThread, now: datetime, *, on: bool
) -> None:
    """Take no more replies, or take them again."""
    if (thread.locked_at is not None) == on:
        return
    thread.locked_at = now if on else None
    session.flush()
    audit.record(session, actor, "thread.lock" if on else "thread.unlock", thread, now=now)


# --- reports ---


def report(
    session: AnySession,
    actor: Actor,
    post: DiscussionPost,
    reason: str,
    now: datetime,
    *,
    to_office: bool,
) -> PostReport:
    """Hand a post to those who moderate. About what a trainer wrote, always to the office too.

    Everybody reports a post once; a repeat changes nothing.
    """
    if actor.person_id is None or post.state is PostState.DELETED:
        raise Refusal("not_possible")
    known = session.scalar(
        select(PostReport).where(
            PostReport.post_id == post.id, PostReport.reporter_id == actor.person_id
        )
    )
    if known is not None:
        return known
    if not reason:
        raise Refusal("reason_needed")
    made = PostReport(
        post=post,
        reporter_id=actor.person_id,
        reason=reason,
        text=post.text,
        to_office=to_office or _trains(session, post),
        created_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "report.make", made, now=now)
    return made


def _trains(session: AnySession, post: DiscussionPost) -> bool:
    held = exists().where(
        RoleGrant.person_id == post.author_id,
        RoleGrant.role == Role.TRAINER,
        RoleGrant.scope == Scope.COHORT,
        RoleGrant.scope_id == str(post.cohort_id),
        RoleGrant.ended_at.is_(None),
    )
    return bool(session.scalar(select(held)))


def settle(
    session: AnySession, actor: Actor, found: PostReport, reason: str, now: datetime, *, hides: bool
) -> None:
    """Close a report: the post is hidden, with a reason, or may stay. A repeat changes nothing."""
    if found.settled_at is not None:
        return
    if hides and found.post.state is PostState.VISIBLE:
        hide(session, actor, found.post, reason, now)
    found.settled_at, found.settled_by_id = now, actor.person_id
    session.flush()
    after = "hidden" if hides else "left"
    audit.record(session, actor, "report.settle", found, now=now, after=after, reason=reason)


def reports_visible_to(actor: Actor) -> Select[PostReport]:
    """Reports that the actor may settle: the same answer as the table's, as a query."""
    query = select(PostReport)
    if actor.person_id is None:
        return query.where(false())
    theirs = select(DiscussionPost.id).join(
        DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id
    )
    trained: ColumnElement[bool] = PostReport.post_id.in_(
        theirs.where(
            DiscussionThread.cohort_id.in_(actor.cohorts(Role.TRAINER)),
            accepted_by(actor),
        )
    )
    administered = and_(
        PostReport.to_office,
        PostReport.post_id.in_(
            theirs.join(Cohort, Cohort.id == DiscussionThread.cohort_id).where(
                Cohort.country_code.in_(actor.countries)
            )
        ),
    )
    mine = PostReport.post_id.in_(
        select(DiscussionPost.id).where(DiscussionPost.author_id == actor.person_id)
    )
    return query.where(or_(trained, administered), ~mine)


def accepted_by(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor has accepted the charter of a discussion's cohort."""
    return exists().where(
        CharterAcceptance.cohort_id == DiscussionThread.cohort_id,
        CharterAcceptance.person_id == actor.person_id,
        CharterAcceptance.withdrawn_at.is_(None),
        CharterAcceptance.charter == CHARTER,
    )


def open_reports(session: AnySession, actor: Actor) -> int:
    """How many wait for the actor."""
    if not actor.has(Role.TRAINER) and not actor.has(Role.COUNTRY_ADMIN):
        return 0
    waiting = reports_visible_to(actor).where(PostReport.settled_at.is_(None))
    keys = waiting.with_only_columns(PostReport.id).subquery()
    return session.scalar(select(func.count()).select_from(keys)) or 0
