"""Announcements at their hour, and the mail about them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from lms.cohorts.announcements import service, telling
from lms.core import jobs
from lms.core.db import AnySession, write
from lms.policy.actor import SYSTEM


@jobs.handler(service.PUBLISH)
def publish(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Publish one, unless it was moved or withdrawn in the meantime."""
    with write(session):
        found = service.find_announcement(session, UUID(payload["announcement"]))
        if found is not None:
            service.publish_due(session, SYSTEM, found, now)


@jobs.handler(service.TELL)
def tell(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Write to those who are enrolled, some at a time, once."""
    more = True
    while more:
        with write(session):
            found = service.find_announcement(session, UUID(payload["announcement"]))
            more = found is not None and telling.tell_some(session, found, now)
