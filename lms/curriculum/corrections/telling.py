"""Mail to whoever proposed a correction."""

from datetime import datetime

from lms.core import mail
from lms.core.db import AnySession
from lms.curriculum.corrections.models import Correction
from lms.people.service import recipient


def decided(session: AnySession, correction: Correction, now: datetime) -> None:
    """It was accepted or declined, with the reason given."""
    if correction.person.left_at is None:
        to = recipient(correction.person)
        title = correction.title.get(to.language) or next(iter(correction.title.values()), "")
        context = {"correction": correction, "title": title}
        mail.send(session, to, "correction_decided", context, now)
