"""A host's feedback: given once a link, kept as it was given."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.fieldwork.feedback.rules import is_complete
from lms.fieldwork.models import ConfirmationLink, HostFeedback, Placement
from lms.fieldwork.signing import links
from lms.fieldwork.signing.service import Answer


def find_feedback(session: AnySession, feedback_id: UUID) -> HostFeedback | None:
    """A host's feedback by key."""
    return session.get(HostFeedback, feedback_id)


def give(
    session: AnySession,
    link: ConfirmationLink,
    answers: Mapping[str, int],
    given: Answer,
    now: datetime,
) -> HostFeedback:
    """Keep what the host says. Uses the link. Raises Refusal."""
    if link.placement is None:
        raise Refusal("link_unknown")
    if not is_complete(answers):
        raise Refusal("feedback_incomplete")
    links.use(session, link, now)
    feedback = HostFeedback(
        enrolment=link.enrolment,
        placement=link.placement,
        giver_name=given.name,
        giver_role=given.role,
        answers=dict(answers),
        comment=given.comment,
        language=given.language,
        link_id=link.id,
        given_at=now,
    )
    session.add(feedback)
    session.flush()
    details = {"means": link.means.value}
    audit.record(session, given.author, "feedback.give", feedback, now=now, details=details)
    return feedback


def of_placement(session: AnySession, placement: Placement) -> list[HostFeedback]:
    """What the hosts of a placement have said, the latest first."""
    return list(
        session.scalars(
            select(HostFeedback)
            .where(HostFeedback.placement_id == placement.id)
            .order_by(HostFeedback.given_at.desc(), HostFeedback.id.desc())
        )
    )
