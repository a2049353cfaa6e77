"""Links in messages that stop them without signing in: signed, and good for nothing else."""

from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from lms.cohorts.discussion import listing
from lms.cohorts.discussion.charter import standing
from lms.cohorts.models import DiscussionThread
from lms.core.db import AnySession
from lms.policy.actor import Actor


@dataclass(frozen=True)
class Switch:
    """Whose messages, about which discussion."""

    person_id: UUID
    thread_id: UUID


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="cohorts.discussion.mail")


def token_of(secret: str, person_id: UUID, thread_id: UUID) -> str:
    """The end of the link's address."""
    return _signer(secret).dumps([person_id.hex, thread_id.hex])


def read(secret: str, token: str) -> Switch | None:
    """What a link is about; None for one that we have not made."""
    try:
        person, thread = _signer(secret).loads(token)
        return Switch(UUID(person), UUID(thread))
    except (BadData, ValueError, TypeError, AttributeError):
        return None


def stop(session: AnySession, switch: Switch, *, everywhere: bool) -> None:
    """No more messages about this discussion, or about any in its cohort. May be repeated."""
    thread = session.get(DiscussionThread, switch.thread_id)
    if thread is None:
        return
    if everywhere:
        set_all(session, switch.person_id, thread.cohort_id, on=False)
    else:
        listing.mark_of(session, switch.person_id, thread.id).mails = False
    session.flush()


def set_one(session: AnySession, actor: Actor, thread: DiscussionThread, *, on: bool) -> None:
    """Messages about one discussion, or none."""
    if actor.person_id is not None:
        listing.mark_of(session, actor.person_id, thread.id).mails = on
        session.flush()


def set_all(session: AnySession, person_id: UUID | None, cohort_id: UUID, *, on: bool) -> None:
    """Messages about the discussions of a cohort, or none at all."""
    accepted = standing(session, cohort_id, person_id)
    if accepted is not None:
        accepted.mails = on
        session.flush()


def wanted(session: AnySession, actor: Actor, cohort_id: UUID) -> bool:
    """Whether the person wants messages about a cohort's discussions."""
    accepted = standing(session, cohort_id, actor.person_id)
    return accepted is not None and accepted.mails
