"""Host feedback as the ledger counts it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from lms.cohorts import service as cohorts
from lms.core.db import AnySession
from lms.core.search import fold
from lms.fieldwork.models import HostFeedback
from lms.fieldwork.rules import CountedHostFeedback

_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_FEEDBACKS = (
    select(
        HostFeedback.id,
        HostFeedback.enrolment_id,
        HostFeedback.placement_id,
        HostFeedback.given_at,
        HostFeedback.giver_name,
    )
    .where(HostFeedback.enrolment_id.in_(_IDS))
    .order_by(HostFeedback.given_at, HostFeedback.id)
)


def counted_host_feedbacks(
    session: AnySession, enrolment_ids: Collection[UUID], whole: Mapping[UUID, UUID] | None = None
) -> dict[UUID, list[CountedHostFeedback]]:
    """What hosts said, by enrolment: the first of each person at each placement counts."""
    whole = whole or cohorts.lineage(session, enrolment_ids)
    found: dict[UUID, list[CountedHostFeedback]] = {key: [] for key in enrolment_ids}
    heard: set[tuple[UUID, str]] = set()
    for row in session.execute(_FEEDBACKS, {"ids": list(whole)}):
        given, name = CountedHostFeedback(*row[:4]), fold(row.giver_name)
        if (given.placement_id, name) not in heard:
            heard.add((given.placement_id, name))
            found[whole[given.enrolment_id]].append(given)
    return found
