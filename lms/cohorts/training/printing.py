"""The sheet that trainees sign: asked for in a request, set in type by the worker, kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy import select

from lms.cohorts.models import Enrolment, TrainingSession, TrainingSheet
from lms.cohorts.timetable.people import enrolled
from lms.core import files, jobs
from lms.core.codes import drawing_of
from lms.core.db import AnySession, write
from lms.core.files import FileStore, Upload
from lms.core.i18n import direction, force_locale
from lms.core.installation import Installation
from lms.core.jobs import JobState
from lms.core.pdf import print_pdf, side

JOB = "cohorts.print_training_sheet"
AREA = "training-sheets"
"""Where the code on a sheet leads."""
SPARE_LINES = 3
"""Empty lines for those who joined after it was printed."""


@dataclass(frozen=True)
class Sheet:
    """Whether there is a print that is true, and whether one is being made."""

    kept: TrainingSheet | None
    is_true: bool
    job: JobState | None

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has it in hand."""
        return not self.is_true and self.job in {JobState.QUEUED, JobState.RUNNING}


def printed(session: AnySession, meeting: TrainingSession, language: str) -> TrainingSheet | None:
    """The latest print in one language."""
    query = select(TrainingSheet).where(
        TrainingSheet.session_id == meeting.id, TrainingSheet.language == language
    )
    return session.scalars(query).first()


def sheet_of(session: AnySession, meeting: TrainingSession, language: str) -> Sheet:
    """Where the print of a session's sheet stands."""
    kept = printed(session, meeting, language)
    fingerprint = _fingerprint(meeting, enrolled(session, meeting.cohort_id))
    is_true = kept is not None and kept.fingerprint == fingerprint
    job = None if is_true else jobs.state_of(session, JOB, _key(meeting, language, fingerprint))
    return Sheet(kept, is_true, job)


def ask(
    session: AnySession, meeting: TrainingSession, language: str, by: UUID | None, now: datetime
) -> None:
    """Ask the worker for a sheet with the names of today; asked twice, it is made once."""
    fingerprint = _fingerprint(meeting, enrolled(session, meeting.cohort_id))
    payload = {"session": str(meeting.id), "language": language, "by": str(by) if by else ""}
    jobs.enqueue_again(session, JOB, _key(meeting, language, fingerprint), payload, now)


def _key(meeting: TrainingSession, language: str, fingerprint: str) -> str:
    return f"{meeting.id}:{language}:{fingerprint[:32]}"


def _fingerprint(meeting: TrainingSession, people: list[Enrolment]) -> str:
    said = [
        meeting.title, meeting.place, meeting.starts_at.isoformat(), str(meeting.minutes),
        str(meeting.halves), *(one.name for one in meeting.trainers),
        *(f"{one.person.name} {one.person.name_ar}" for one in people),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def page(session: AnySession, meeting: TrainingSession, language: str, now: datetime) -> str:
    """The sheet as HTML, before it is set in type."""
    installation = session.get(Installation, 1)
    base = current_app.config["SETTINGS"].base_url
    with force_locale(language):
        return render_template(
            "pdf/training_sheet.html",
            meeting=meeting,
            people=enrolled(session, meeting.cohort_id),
            spare=SPARE_LINES,
            halves=[_("Morning"), _("Afternoon")] if meeting.halves == 2 else [_("Signature")],
            language=language,
            direction=direction(language),
            zone=meeting.cohort.time_zone,
            now=now,
            side=side,
            qr=drawing_of(f"{base}/{AREA}/{meeting.sheet_token}"),
            is_demo=installation is not None and installation.demo,
        )


def make(session: AnySession, payload: dict[str, Any], store: FileStore, now: datetime) -> None:
    """Set a sheet in type as it is now, outside any transaction, and keep it."""
    language, key = payload["language"], UUID(payload["session"])
    meeting = session.get(TrainingSession, key)
    if meeting is None:
        return
    fingerprint = _fingerprint(meeting, enrolled(session, meeting.cohort_id))
    html = page(session, meeting, language, now)
    name = f"{meeting.starts_at:%Y-%m-%d} {meeting.title}".replace("/", "-")[:120] + ".pdf"
    session.rollback()
    data = print_pdf(html, "training_sheet.css", pdf_identifier=fingerprint.encode())
    by = UUID(payload["by"]) if payload["by"] else None
    with write(session):
        file = files.store(session, store, Upload(name, "application/pdf", data), by, now)
        kept = printed(session, session.get_one(TrainingSession, key), language)
        if kept is None:
            kept = TrainingSheet(session_id=key, language=language)
            session.add(kept)
        kept.fingerprint, kept.file, kept.printed_at = fingerprint, file, now
        session.flush()
