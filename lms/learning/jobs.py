"""What the clock does for learning."""

from datetime import datetime, timedelta
from typing import Any

from lms.core import jobs
from lms.core.db import AnySession, write
from lms.learning.quizzes import service


@jobs.handler("learning.expire", every=timedelta(minutes=5))
def expire(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """End the attempts whose time is over: what was saved is handed in, or they are given up."""
    with write(session):
        service.end_attempts(session, now)
