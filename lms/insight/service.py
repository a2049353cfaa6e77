"""What the administration pages read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from lms.core.audit import AuditEntry
from lms.core.db import AnySession
from lms.core.jobs import Job, JobState
from lms.core.mail import MailMessage
from lms.policy.actor import Actor


def trail_visible_to(actor: Actor) -> Select[AuditEntry]:
    """Rows of the trail that the person may read: everything, or their countries'."""
    query = select(AuditEntry)
    if actor.sees_everything:
        return query
    return query.where(AuditEntry.country_code.in_(actor.countries))


def case_trail(session: AnySession, case_id: UUID, others: list[str]) -> list[AuditEntry]:
    """The whole story of one case, oldest first; `others` are further subjects, e.g. its award."""
    query = (
        select(AuditEntry)
        .where(or_(AuditEntry.case_id == case_id, AuditEntry.subject_id.in_(others)))
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    return list(session.scalars(query))


def find_message(session: AnySession, message_id: UUID) -> MailMessage | None:
    """One message, or None."""
    return session.get(MailMessage, message_id)


def find_job(session: AnySession, job_id: UUID) -> Job | None:
    """One job, or None."""
    return session.get(Job, job_id)


def retry(session: AnySession, job: Job, now: datetime) -> None:
    """Let a failed job be tried again at once."""
    if job.status is JobState.FAILED:
        job.status, job.attempts, job.run_after = JobState.QUEUED, 0, now
        session.info["jobs_enqueued"] = True
