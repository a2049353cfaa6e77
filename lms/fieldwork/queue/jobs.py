"""What the clock does for the queue."""

from datetime import datetime, timedelta
from typing import Any

from lms.core import jobs
from lms.core.db import AnySession, write
from lms.fieldwork.queue import absences, bulk, escalation


@jobs.handler(bulk.TELL)
def tell_approved(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Tell trainees what was approved, now that it can no longer be undone."""
    with write(session):
        bulk.tell(session, payload["batch"], now)


@jobs.handler("fieldwork.stand_ins", every=timedelta(minutes=30))
def stand_ins(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """Absences begin and end at midnight where the supervisor is."""
    with write(session):
        absences.settle(session, now)


@jobs.handler("fieldwork.escalate", every=timedelta(days=1))
def escalate(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """One mail a day at most to each administrator."""
    with write(session):
        escalation.escalate(session, now)


@jobs.handler("fieldwork.remind_supervisors", every=timedelta(days=7))
def remind(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """One mail a week at most to each supervisor."""
    with write(session):
        escalation.remind(session, now)
