"""Work of cohorts outside requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app

from lms.cohorts.announcements import jobs as announcements
from lms.cohorts.discussion import jobs as discussion
from lms.cohorts.roster.service import send_invitations
from lms.cohorts.training import printing, telling
from lms.core import jobs
from lms.core.db import AnySession, write
from lms.core.settings import Settings

__all__ = ["announcements", "discussion", "send"]

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


@jobs.handler(telling.JOB)
def tell_training(session: AnySession, payload: dict[str, Any], _now: datetime) -> None:
    """Write to a cohort about its training. Done again, it writes to those who were left out."""
    settings: Settings = current_app.config["SETTINGS"]
    more = True
    while more:
        with write(session):
            more = telling.send(session, payload, settings)


@jobs.handler(printing.JOB)
def print_training_sheet(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Set a session's sheet in type, and keep it."""
    printing.make(session, payload, current_app.extensions["files"], now)
