"""The printed logbook: asked for in a request, set in type by the worker, kept while it is true."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app, render_template
from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import files, jobs
from lms.core.db import AnySession, write
from lms.core.files import Upload
from lms.core.i18n import direction, force_locale
from lms.core.installation import Installation
from lms.core.jobs import JobState
from lms.core.pdf import print_pdf, side
from lms.fieldwork.words import words_of
from lms.insight.logbook.contents import Logbook, collect
from lms.insight.models import PrintedLogbook

JOB = "insight.print_logbook"


class PrintState(StrEnum):
    """Where a print stands."""

    NONE = "none"
    WAITING = "waiting"
    FAILED = "failed"
    STALE = "stale"
    READY = "ready"


@dataclass(frozen=True)
class Print:
    """What there is of a print, and whether it is being made."""

    state: PrintState
    kept: PrintedLogbook | None


def printed(session: AnySession, enrolment_id: UUID, language: str) -> PrintedLogbook | None:
    """The latest print in one language."""
    return session.scalar(
        select(PrintedLogbook).where(
            PrintedLogbook.enrolment_id == enrolment_id, PrintedLogbook.language == language
        )
    )


def state_of(session: AnySession, logbook: Logbook, language: str) -> Print:
    """Whether a print is there, says what is true now, or is being made."""
    kept = printed(session, logbook.enrolment.id, language)
    if kept is not None and kept.fingerprint == logbook.fingerprint:
        return Print(PrintState.READY, kept)
    job = jobs.state_of(session, JOB, _key(logbook, language))
    if job is JobState.FAILED:
        return Print(PrintState.FAILED, kept)
    if job in {JobState.QUEUED, JobState.RUNNING}:
        return Print(PrintState.WAITING, kept)
    return Print(PrintState.NONE if kept is None else PrintState.STALE, kept)


def _key(logbook: Logbook, language: str) -> str:
    return f"{logbook.enrolment.id}:{language}:{logbook.fingerprint[:32]}"


def ask(
    session: AnySession, logbook: Logbook, language: str, by: UUID | None, now: datetime
) -> None:
    """Ask the worker for a print of the logbook as it is; asked twice, it is made once."""
    payload = {
        "enrolment": str(logbook.enrolment.id),
        "language": language,
        "by": str(by) if by else "",
    }
    jobs.enqueue_again(session, JOB, _key(logbook, language), payload, now)


def page(session: AnySession, logbook: Logbook, language: str, now: datetime) -> str:
    """The logbook as HTML, before it is set in type."""
    installation = session.get(Installation, 1)
    zone = ZoneInfo(logbook.enrolment.cohort.time_zone)

    def day(instant: datetime) -> date:
        return instant.astimezone(zone).date()

    with force_locale(language):
        return render_template(
            "pdf/logbook.html",
            logbook=logbook,
            enrolment=logbook.enrolment,
            words=words_of(session, logbook.enrolment.cohort),
            language=language,
            direction=direction(language),
            zone=logbook.enrolment.cohort.time_zone,
            now=now,
            day=day,
            side=side,
            is_demo=installation is not None and installation.demo,
        )


@jobs.handler(JOB)
def make(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Set the logbook in type as it is now, outside any transaction, and keep it."""
    language = payload["language"]
    enrolment = find_enrolment(session, UUID(payload["enrolment"]))
    if enrolment is None:
        return
    logbook = collect(session, enrolment)
    html, fingerprint, name = (
        page(session, logbook, language, now),
        logbook.fingerprint,
        _name(enrolment),
    )
    session.rollback()
    data = print_pdf(html, "logbook.css", pdf_identifier=fingerprint.encode())
    store = current_app.extensions["files"]
    by = UUID(payload["by"]) if payload["by"] else None
    with write(session):
        file = files.store(session, store, Upload(name, "application/pdf", data), by, now)
        kept = printed(session, UUID(payload["enrolment"]), language)
        if kept is None:
            kept = PrintedLogbook(enrolment_id=UUID(payload["enrolment"]), language=language)
            session.add(kept)
        kept.fingerprint, kept.file, kept.printed_at = fingerprint, file, now
        session.flush()


def _name(enrolment: Enrolment) -> str:
    person = enrolment.person
    return f"{person.family_name} {person.given_name}".strip().replace("/", "-")[:120] + ".pdf"
