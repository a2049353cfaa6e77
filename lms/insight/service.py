"""What the administration pages read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from lms.cohorts.models import Enrolment
from lms.core import search
from lms.core.audit import AuditEntry
from lms.core.db import AnySession
from lms.core.jobs import Job, JobState
from lms.core.mail import MailMessage
from lms.people.models import Person
from lms.policy.actor import Actor


def trail_visible_to(actor: Actor) -> Select[AuditEntry]:
    """Rows of the trail that the person may read: everything, or their countries'."""
    query = select(AuditEntry)
    if actor.sees_everything:
        return query
    return query.where(AuditEntry.country_code.in_(actor.countries))


def about(query: Select[AuditEntry], words: str) -> Select[AuditEntry]:
    """Rows whose author, record or case the words name: people as they are searched elsewhere."""
    text = "".join(letter for letter in words if letter.isprintable()).strip()
    if not text:
        return query
    named = select(Person.id).where(search.matches(Person.search_text, text))
    return query.where(
        AuditEntry.subject_label.icontains(text, autoescape=True)
        | AuditEntry.actor_label.icontains(text, autoescape=True)
        | AuditEntry.actor_id.in_(named)
        | AuditEntry.case_id.in_(select(Enrolment.id).where(Enrolment.person_id.in_(named)))
    )


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
