"""The tables of core, so that loading every room's `models` knows them all."""

from lms.core.audit import AuditEntry
from lms.core.files import StoredFile
from lms.core.installation import Installation
from lms.core.jobs import Job
from lms.core.mail import MailMessage
from lms.core.throttle import Try

__all__ = ["AuditEntry", "Installation", "Job", "MailMessage", "StoredFile", "Try"]
