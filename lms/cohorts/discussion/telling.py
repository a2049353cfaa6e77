"""Mail about replies: a notice with a link, never the words, which stay under the charter."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from lms.cohorts.discussion.rules import CHARTER, PostState
from lms.cohorts.discussion.switch import token_of
from lms.cohorts.models import CharterAcceptance, DiscussionPost, DiscussionThread, ThreadMark
from lms.core import mail
from lms.core.db import AnySession
from lms.people.models import Person, RoleGrant
from lms.people.service import recipient
from lms.policy.actor import Scope

AT_ONCE = 25
"""Messages in one transaction: others want to write too."""


def tell_some(session: AnySession, post: DiscussionPost, secret: str, now: datetime) -> bool:
    """Write to the next few who take part; whether there may be more.

    Each gets one message until they look in again, however many replies there are; nobody is
    told of what was hidden or deleted in the meantime.
    """
    thread = post.thread
    if post.state is not PostState.VISIBLE or thread.title_hidden or not thread.title:
        return False
    people = _waiting(session, post)
    for person, mark in people:
        context = {"thread": thread, "token": token_of(secret, person.id, thread.id)}
        mail.send(session, recipient(person), "discussion_reply", context, now)
        mark.told_at = now
    session.flush()
    return len(people) == AT_ONCE


def _waiting(session: AnySession, post: DiscussionPost) -> Sequence[tuple[Person, ThreadMark]]:
    """Those who have written here, are of the cohort, want mail, and know of nothing new yet."""
    thread: DiscussionThread = post.thread
    wrote = exists().where(
        DiscussionPost.thread_id == thread.id,
        DiscussionPost.author_id == Person.id,
        DiscussionPost.state != PostState.DELETED,
    )
    belongs = exists().where(
        RoleGrant.person_id == Person.id,
        RoleGrant.scope == Scope.COHORT,
        RoleGrant.scope_id == str(thread.cohort_id),
        RoleGrant.ended_at.is_(None),
    )
    found = session.execute(
        select(Person, ThreadMark)
        .join(
            ThreadMark,
            and_(ThreadMark.person_id == Person.id, ThreadMark.thread_id == thread.id),
        )
        .join(
            CharterAcceptance,
            and_(
                CharterAcceptance.person_id == Person.id,
                CharterAcceptance.cohort_id == thread.cohort_id,
            ),
        )
        .where(
            wrote,
            belongs,
            Person.id != post.author_id,
            Person.left_at.is_(None),
            CharterAcceptance.withdrawn_at.is_(None),
            CharterAcceptance.charter == CHARTER,
            CharterAcceptance.mails,
            ThreadMark.mails,
            or_(ThreadMark.told_at.is_(None), ThreadMark.seen_at > ThreadMark.told_at),
        )
        .order_by(Person.id)
        .limit(AT_ONCE)
    )
    return [(person, mark) for person, mark in found]
