"""Work of cohorts outside requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app

from lms.cohorts.roster.service import send_invitations
from lms.core import jobs
from lms.core.db import AnySession, write
from lms.core.settings import Settings

AT_ONCE = 20
"""Invitations in one transaction: others want to write too."""


@jobs.handler("cohorts.send_invitations")
def send(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Mail the links of a roster's new people. Done again, it mails those who were left out."""
    settings: Settings = current_app.config["SETTINGS"]
    inviter = UUID(payload["inviter"]) if payload["inviter"] else None
    keys = [UUID(key) for key in payload["people"]]
    for start in range(0, len(keys), AT_ONCE):
        with write(session):
            send_invitations(session, inviter, keys[start : start + AT_ONCE], now, settings)
