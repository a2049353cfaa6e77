"""Mail to trainees about sessions that are still to come."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from lms.cohorts.models import Enrolment
from lms.core import mail
from lms.core.db import AnySession
from lms.fieldwork.models import SupervisionSession
from lms.people.service import recipient


def planned(
    session: AnySession,
    meetings: Sequence[SupervisionSession],
    trainees: Iterable[Enrolment],
    now: datetime,
) -> None:
    """They are invited: one message, whatever the number of dates."""
    coming = [meeting for meeting in meetings if meeting.starts_at > now]
    if coming:
        _send(session, "planned", coming, trainees, now)


def changed(
    session: AnySession,
    meeting: SupervisionSession,
    trainees: Iterable[Enrolment],
    before: datetime,
    now: datetime,
) -> None:
    """Another time or place."""
    if max(meeting.starts_at, before) > now:
        _send(session, "changed", [meeting], trainees, now, before=before)


def cancelled(
    session: AnySession, meeting: SupervisionSession, trainees: Iterable[Enrolment], now: datetime
) -> None:
    """It does not take place, or not with them."""
    if meeting.starts_at > now:
        _send(session, "cancelled", [meeting], trainees, now)


def _send(
    session: AnySession,
    what: str,
    meetings: Sequence[SupervisionSession],
    trainees: Iterable[Enrolment],
    now: datetime,
    **more: Any,
) -> None:
    context = {"what": what, "meetings": meetings, "one": meetings[0], "before": None} | more
    for enrolment in trainees:
        person = enrolment.person
        if person.left_at is None:
            mail.send(session, recipient(person), "supervision_session", context, now)
