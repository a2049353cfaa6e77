"""Work of people outside requests: the mail with a reset link, and forgetting."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from lms.core import i18n, jobs, mail
from lms.core.db import AnySession, write
from lms.core.settings import Settings
from lms.people import service
from lms.people.access import service as access
from lms.people.models import Person
from lms.people.rules import TokenKind
from lms.policy.actor import SYSTEM


@jobs.handler("people.send_reset")
def send_reset(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Mail a link to whoever is meant; nothing if nobody is."""
    settings: Settings = current_app.config["SETTINGS"]
    with write(session):
        for person in access.meant_by(session, payload["who"]):
            if person.password_hash is None:
                token = access.make_link(session, SYSTEM, person, TokenKind.INVITATION, now)
                service.send_invitation(session, SYSTEM, person, token, now, settings)
            else:
                mail_reset(session, person, now, settings)


def mail_reset(session: AnySession, person: Person, now: datetime, settings: Settings) -> None:
    """Make a reset link and mail it."""
    token = access.make_link(session, SYSTEM, person, TokenKind.RESET, now)
    context = {
        "url": access.link_url(settings, TokenKind.RESET, token),
        "expires_at": access.expiry(TokenKind.RESET, now),
        "zone": person.time_zone,
        "site_name": i18n.site_name(settings.site_name),
        "help_email": settings.help_email,
    }
    mail.send(session, service.recipient(person), "reset", context, now)


@jobs.handler("people.forget_old", every=timedelta(days=1))
def forget_old(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Delete what is kept no longer."""
    with write(session):
        access.forget_old(session, now)
