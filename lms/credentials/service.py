"""The register: finding certificates, saying who may see them, changing whether they hold."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import defer

from lms.assessment.models import Award
from lms.core import audit, jobs
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.throttle import Limit
from lms.credentials.issuing.service import advance, ask_for_lists, lock
from lms.credentials.models import Certificate, DoubtReport, StatusList
from lms.credentials.rules import (
    CertificateEvent,
    CertificateState,
    RevocationCategory,
    Verdict,
)
from lms.credentials.status_list import PURPOSES
from lms.policy.actor import Actor

CODE_LIMIT = Limit(20, timedelta(minutes=10))
"""Wrong codes from one address. Misspelt ones are told apart by their check symbol, uncounted."""
REPORT_LIMIT = Limit(5, timedelta(hours=1))


# --- finding ---


def find_by_token(session: AnySession, token: str) -> Certificate | None:
    """The certificate at a public address: one query, and a second for the one that replaced it."""
    query = select(Certificate).options(defer(Certificate.payload))
    return session.scalar(query.where(Certificate.token == token))


def find_by_code(session: AnySession, code: str) -> Certificate | None:
    """The certificate with a typed code, in its stored form."""
    return session.scalar(select(Certificate).where(Certificate.code == code))


def find_by_number(session: AnySession, number: str) -> Certificate | None:
    """The certificate with a register number."""
    return session.scalar(select(Certificate).where(Certificate.register_number == number))


def find_certificate(session: AnySession, certificate_id: UUID) -> Certificate | None:
    """The certificate with a key, for those who keep the register."""
    return session.get(Certificate, certificate_id)


def find_doubt(session: AnySession, doubt_id: UUID) -> DoubtReport | None:
    """A report of a doubtful certificate."""
    return session.get(DoubtReport, doubt_id)


def visible_to(actor: Actor) -> Select[Certificate]:
    """Certificates that the actor may see in the register."""
    query = select(Certificate)
    if actor.sees_everything:
        return query
    mine = [Certificate.country_code.in_(actor.countries)] if actor.countries else []
    own = [Certificate.person_id == actor.person_id] if actor.person_id else []
    return query.where(or_(false(), *mine, *own))


def held_by(session: AnySession, person_id: UUID) -> list[Certificate]:
    """A person's certificates, newest first."""
    query = select(Certificate).where(Certificate.person_id == person_id)
    return list(session.scalars(query.order_by(Certificate.id.desc())))


def awards_in_preparation(session: AnySession, person_id: UUID) -> list[Award]:
    """Titles conferred on the person whose certificate is not begun yet."""
    begun = select(Certificate.award_id)
    query = select(Award).where(Award.person_id == person_id, Award.id.not_in(begun))
    return list(session.scalars(query))


def with_verdict(
    query: Select[Certificate], verdict: Verdict, now: datetime
) -> Select[Certificate]:
    """Narrow a query to one verdict: `rules.standing`, said in SQL."""
    state, until = Certificate.state, Certificate.valid_until
    ended = and_(until.is_not(None), until <= now)
    running = or_(until.is_(None), until > now)
    begun = Certificate.valid_from <= now
    preparing = state.in_(
        [CertificateState.RESERVED, CertificateState.STORED, CertificateState.SIGNED]
    )
    issued, suspended = state == CertificateState.ISSUED, state == CertificateState.SUSPENDED
    conditions = {
        Verdict.PENDING: or_(preparing, and_(issued, running, Certificate.valid_from > now)),
        Verdict.VALID: and_(issued, running, begun),
        Verdict.SUSPENDED: and_(suspended, running),
        Verdict.EXPIRED: and_(or_(issued, suspended), ended),
        Verdict.REVOKED: state == CertificateState.REVOKED,
        Verdict.SUPERSEDED: state == CertificateState.SUPERSEDED,
    }
    return query.where(conditions[verdict])


# --- changing whether a certificate holds ---


def suspend(
    session: AnySession, actor: audit.Author, certificate: Certificate, reason: str, now: datetime
) -> None:
    """For the time being, nobody should rely on it. Raises Refusal: reason_needed."""
    _decide(session, actor, certificate, CertificateEvent.SUSPEND, reason=reason, now=now)


def reinstate(
    session: AnySession, actor: audit.Author, certificate: Certificate, reason: str, now: datetime
) -> None:
    """The suspension is over. Raises Refusal: reason_needed."""
    _decide(session, actor, certificate, CertificateEvent.REINSTATE, reason=reason, now=now)


def revoke(
    session: AnySession,
    actor: audit.Author,
    certificate: Certificate,
    category: RevocationCategory,
    reason: str,
    *,
    now: datetime,
) -> None:
    """It no longer holds, and never will again. The public is told the category alone.

    Raises Refusal: reason_needed, illegal_transition.
    """
    event = CertificateEvent.REVOKE
    _decide(session, actor, certificate, event, reason=reason, now=now, category=category)


def _decide(
    session: AnySession,
    actor: audit.Author,
    certificate: Certificate,
    event: CertificateEvent,
    *,
    reason: str,
    now: datetime,
    category: RevocationCategory | None = None,
) -> None:
    if not reason.strip():
        raise Refusal("reason_needed")
    certificate = lock(session, certificate.id)
    if category is not None:
        certificate.revocation_category = category
    details = {"category": category.value} if category else None
    advance(session, actor, certificate, event, now=now, reason=reason.strip(), details=details)
    ask_for_lists(session, f"{certificate.id}-{event.value}-{now.isoformat()}", now)


REPLACEABLE = frozenset({CertificateState.ISSUED, CertificateState.SUSPENDED})


def replace(
    session: AnySession, actor: audit.Author, certificate: Certificate, reason: str, now: datetime
) -> None:
    """Have a new document made of the same award, e.g. after a name was corrected.

    The new one states what is true now; when it is issued, this one is superseded.
    Raises Refusal: reason_needed, cannot_replace.
    """
    if not reason.strip():
        raise Refusal("reason_needed")
    if certificate.state not in REPLACEABLE:
        raise Refusal("cannot_replace")
    version = certificate.version + 1
    audit.record(session, actor, "certificate.replace", certificate, now=now, reason=reason.strip())
    payload = {"award": str(certificate.award_id), "version": version}
    jobs.enqueue(session, "credentials.issue", f"{certificate.award_id}-{version}", payload, now)


# --- status lists ---


def list_numbers(session: AnySession) -> list[int]:
    """Numbers of the status lists in use; the first always is."""
    used = session.scalars(select(Certificate.status_list).distinct())
    return sorted({1, *used})


def set_indices(session: AnySession, purpose: str, number: int) -> list[int]:
    """Bits that are 1 in a list. What was superseded is told as revoked: neither comes back."""
    states = {
        "revocation": [CertificateState.REVOKED, CertificateState.SUPERSEDED],
        "suspension": [CertificateState.SUSPENDED],
    }[purpose]
    query = select(Certificate.status_index).where(
        Certificate.status_list == number, Certificate.state.in_(states)
    )
    return sorted(session.scalars(query))


def find_list(session: AnySession, purpose: str, number: int) -> StatusList | None:
    """A status list as it was last signed."""
    if purpose not in PURPOSES:
        return None
    return session.scalar(
        select(StatusList).where(StatusList.purpose == purpose, StatusList.number == number)
    )


def put_list(
    session: AnySession,
    purpose: str,
    number: int,
    credential: str,
    *,
    now: datetime,
    valid_until: datetime,
) -> None:
    """Serve this list from now on."""
    row = find_list(session, purpose, number)
    if row is None:
        row = StatusList(purpose=purpose, number=number)
        session.add(row)
    row.credential, row.signed_at, row.valid_until = credential, now, valid_until
    session.flush()


# --- doubts ---


def report_doubt(
    session: AnySession,
    doubt_id: UUID,
    certificate: Certificate | None,
    *,
    shown: str,
    message: str,
    contact: str,
    now: datetime,
) -> DoubtReport:
    """Keep what somebody noticed. The same form sent twice makes one report."""
    known = session.get(DoubtReport, doubt_id)
    if known is not None:
        return known
    report = DoubtReport(
        id=doubt_id,
        certificate_id=certificate.id if certificate else None,
        shown=shown,
        message=message,
        contact=contact,
        created_at=now,
    )
    session.add(report)
    session.flush()
    return report


def handle_doubt(
    session: AnySession, actor: Actor, report: DoubtReport, answer: str, now: datetime
) -> None:
    """Note what came of a report; the reporter's contact is forgotten. Raises reason_needed."""
    if not answer.strip():
        raise Refusal("reason_needed")
    if report.handled_at is not None:
        return
    report.handled_at, report.handled_by_id = now, actor.person_id
    report.answer, report.contact = answer.strip(), ""
    audit.record(session, actor, "doubt.handle", report, now=now, reason=answer.strip())


def open_doubts(session: AnySession) -> Iterable[DoubtReport]:
    """Reports that nobody has dealt with, oldest first."""
    query = select(DoubtReport).where(DoubtReport.handled_at.is_(None)).order_by(DoubtReport.id)
    return session.scalars(query)


# --- pages of those who keep the register ---


def history(session: AnySession, certificate: Certificate) -> list[audit.AuditEntry]:
    """What was done to it, oldest first."""
    query = select(audit.AuditEntry).where(
        audit.AuditEntry.subject_kind == "certificate",
        audit.AuditEntry.subject_id == str(certificate.id),
    )
    return list(session.scalars(query.order_by(audit.AuditEntry.id)))


def countries(session: AnySession, actor: Actor) -> list[str]:
    """Codes of the countries whose certificates the actor may see."""
    if not actor.sees_everything:
        return sorted(actor.countries)
    return sorted(session.scalars(select(Certificate.country_code).distinct()))
