"""Mail about training, with the dates for a calendar: asked for in a request, written by a job."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import TrainingSession
from lms.cohorts.timetable.people import enrolled
from lms.cohorts.training.calendars import appointment
from lms.core import jobs, mail
from lms.core.calendar import Invited, Method, write
from lms.core.db import AnySession
from lms.core.mail import MailMessage
from lms.core.settings import Settings
from lms.people.models import Person
from lms.people.service import recipient

JOB = "cohorts.tell_training"
TEMPLATE = "training_session"
AT_ONCE = 20
"""Messages in one transaction: others want to write too."""


class What(StrEnum):
    """What is told."""

    PLANNED = "planned"
    CHANGED = "changed"
    CANCELLED = "cancelled"


def tell(
    session: AnySession,
    what: What,
    meetings: Sequence[TrainingSession],
    now: datetime,
    *,
    before: datetime | None = None,
    only: Collection[UUID] = (),
) -> None:
    """Have everybody told, or only some people, of what is still to come."""
    latest = max(meeting.starts_at for meeting in meetings)
    if max(latest, before or latest) <= now:
        return
    payload = {
        "what": what.value,
        "sessions": [str(meeting.id) for meeting in meetings],
        "before": before.isoformat() if before else "",
        "only": [str(key) for key in only],
        "at": now.isoformat(),
    }
    some = "some" if only else "all"
    key = f"{meetings[0].id}:{meetings[0].revision}:{what.value}:{some}"
    jobs.enqueue(session, JOB, key, payload, now)


def concerned(
    session: AnySession, meetings: Sequence[TrainingSession], only: Collection[UUID]
) -> list[Person]:
    """Trainees of the cohort and trainers of the sessions, or those named, once each."""
    if only:
        query = select(Person).where(Person.id.in_(only)).order_by(Person.id)
        return [one for one in session.scalars(query) if one.left_at is None]
    people = [one.person for one in enrolled(session, meetings[0].cohort_id)]
    people += [person for meeting in meetings for person in meeting.trainers]
    return [one for one in dict.fromkeys(people) if one.left_at is None]


def send(
    session: AnySession, payload: dict[str, Any], settings: Settings, limit: int = AT_ONCE
) -> bool:
    """Write to some of those who have not been written to yet; whether there may be more."""
    keys = [UUID(key) for key in payload["sessions"]]
    query = select(TrainingSession).where(TrainingSession.id.in_(keys))
    meetings = sorted(session.scalars(query).unique(), key=lambda one: (one.starts_at, one.id))
    if not meetings:
        return False
    what, at = What(payload["what"]), datetime.fromisoformat(payload["at"])
    told = select(MailMessage.person_id).where(
        MailMessage.template == TEMPLATE, MailMessage.created_at == at
    )
    known = set(session.scalars(told))
    people = concerned(session, meetings, [UUID(key) for key in payload["only"]])
    waiting = [one for one in people if one.id not in known]
    before = datetime.fromisoformat(payload["before"]) if payload["before"] else None
    for person in waiting[:limit]:
        _write(session, person, what, meetings, before, at, settings)
    return len(waiting) > limit


def _write(
    session: AnySession,
    person: Person,
    what: What,
    meetings: Sequence[TrainingSession],
    before: datetime | None,
    at: datetime,
    settings: Settings,
) -> None:
    context = {"what": what.value, "meetings": meetings, "one": meetings[0], "before": before}
    message = mail.send(session, recipient(person), TEMPLATE, context, at)
    message.calendar = _calendar(person, what, meetings, settings).decode()
    session.flush()


def _calendar(
    person: Person, what: What, meetings: Sequence[TrainingSession], settings: Settings
) -> bytes:
    """One date as an invitation that calendars follow; several as dates to take over.

    RFC 5546: a request is about one date, several may be published together.
    """
    cancelled = what is What.CANCELLED
    dates = [
        appointment(one, settings.base_url, person.language, cancelled=cancelled)
        for one in meetings
    ]
    if len(dates) > 1 or not person.email:
        return write(dates, "training")
    invited = Invited(settings.mail_from, person.email)
    method = Method.CANCEL if cancelled else Method.REQUEST
    return write(dates, "training", method=method, invited=invited)
