"""Mail about replies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app

from lms.cohorts.discussion import service, telling
from lms.core import jobs
from lms.core.db import AnySession, write
from lms.core.settings import Settings


@jobs.handler(service.TELL)
def tell(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Tell those who take part that somebody has replied. Done again, it tells nobody twice."""
    settings: Settings = current_app.config["SETTINGS"]
    more = True
    while more:
        with write(session):
            post = service.find_post(session, UUID(payload["post"]))
            more = post is not None and telling.tell_some(session, post, settings.secret_key, now)
