"""What the clock does for learning."""

from datetime import datetime, timedelta
from typing import Any

from lms.core import jobs
from lms.core.db import AnySession, write
from lms.learning import service
from lms.policy.actor import SYSTEM


@jobs.handler("learning.expire", every=timedelta(hours=6))
def expire(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """Mark the attempts whose time for answers is over."""
    with write(session):
        service.expire_attempts(session, SYSTEM, now)
