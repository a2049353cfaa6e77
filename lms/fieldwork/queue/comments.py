"""Words that a supervisor uses again and again, kept by language."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select

from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.fieldwork.models import ReusableComment
from lms.policy.actor import Actor

MOST = 50
"""Comments that one person may keep."""


def find_comment(session: AnySession, comment_id: UUID) -> ReusableComment | None:
    """A comment by key."""
    return session.get(ReusableComment, comment_id)


def of_person(session: AnySession, actor: Actor, first: str = "") -> Sequence[ReusableComment]:
    """The actor's comments, those in the language `first` before the others."""
    query = select(ReusableComment).where(ReusableComment.person_id == actor.person_id)
    order = case((ReusableComment.language == first, 0), else_=1)
    return session.scalars(
        query.order_by(order, ReusableComment.language, ReusableComment.created_at)
    ).all()


def keep(
    session: AnySession,
    actor: Actor,
    comment_id: UUID,
    language: str,
    text: str,
    now: datetime,
) -> ReusableComment | None:
    """Keep words for another time, the same ones once. None for nobody, or no words.

    Raises Refusal("comments_too_many").
    """
    if actor.person_id is None or not text:
        return None
    mine = ReusableComment.person_id == actor.person_id
    same = (ReusableComment.language == language) & (ReusableComment.text == text)
    known = (
        session.get(ReusableComment, comment_id)
        or session.scalars(select(ReusableComment).where(mine, same)).first()
    )
    if known is not None and known.person_id == actor.person_id:
        return known
    if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST:
        raise Refusal("comments_too_many", limit=MOST)
    made = ReusableComment(
        id=comment_id, person_id=actor.person_id, language=language, text=text, created_at=now
    )
    session.add(made)
    session.flush()
    return made


def change(session: AnySession, comment: ReusableComment, language: str, text: str) -> None:
    """Say it otherwise."""
    comment.language, comment.text = language, text
    session.flush()


def forget(session: AnySession, comment: ReusableComment) -> None:
    """Throw it away."""
    session.delete(comment)
    session.flush()
