"""The steps of issuing. Each is one transaction of the caller, and may be repeated after a crash.

reserve: number, token, code and all that will be printed · store: what is signed, to the byte, and
by which key · sign · issue · print. Nothing is signed that is not stored; signing again gives the
same bytes, so a worker that died before recording its signature has changed nothing.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.assessment.models import Award
from lms.core import audit, jobs, transitions
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.search import fold
from lms.credentials import compose, crash, proof
from lms.credentials.codes import RegisterNumber, new_code, new_token
from lms.credentials.facts import CertificateFacts, StatusEntry, instant, read_instant
from lms.credentials.issuer import IssuingBody
from lms.credentials.issuing.draft import draft
from lms.credentials.models import Certificate, CertificateDocument, RegisterCounter
from lms.credentials.rules import TRANSITIONS, CertificateEvent, CertificateState
from lms.credentials.schema import check_credential
from lms.credentials.status_list import LENGTH, list_url
from lms.curriculum import service as curriculum


def find(session: AnySession, award_id: UUID, version: int) -> Certificate | None:
    """The certificate of an award, if its issuing has begun."""
    return session.scalar(
        select(Certificate).where(Certificate.award_id == award_id, Certificate.version == version)
    )


def reserve(
    session: AnySession,
    actor: audit.Author,
    body: IssuingBody,
    award_id: UUID,
    version: int,
    *,
    now: datetime,
) -> Certificate:
    """Take a number for the award's certificate, once; repeated, it returns the same one.

    Raises Refusal: loopback_address, programme_unknown, name_missing, nothing_to_replace.
    """
    body.require_public_address()
    # The counter's row is the lock: two workers on one award come here one after the other.
    _next_count(session, now.year, take=False)
    known = find(session, award_id, version)
    if known is not None:
        return known
    award = session.get_one(Award, award_id)
    count = _next_count(session, now.year, take=True)
    crash.point("number-taken")
    certificate = _register(
        session, body, award, version=version, number=RegisterNumber(now.year, count), now=now
    )
    if version > 1:
        before = find(session, award_id, version - 1)
        if before is None:
            raise Refusal("nothing_to_replace")
        certificate.replaces_id = before.id
    session.add(certificate)
    session.flush()
    after = CertificateState.RESERVED.value
    audit.record(session, actor, "certificate.reserve", certificate, now=now, after=after)
    return certificate


def _next_count(session: AnySession, year: int, *, take: bool) -> int:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(RegisterCounter).values(year=year, last=0).on_conflict_do_nothing())
    counter = session.get_one(RegisterCounter, year, with_for_update=True, populate_existing=True)
    if take:
        counter.last += 1
    return counter.last


def _register(
    session: AnySession,
    body: IssuingBody,
    award: Award,
    *,
    version: int,
    number: RegisterNumber,
    now: datetime,
) -> Certificate:
    status_list, index = _free_index(session)
    token, code = new_token(), new_code()
    facts = draft(
        award,
        curriculum.release(session, award.release_id),
        body.issuer,
        token=token,
        code=code,
        register_number=str(number),
        status=StatusEntry(list_url(body.issuer.url, "revocation", status_list), index),
        demo=body.demo,
        now=now,
    )
    return Certificate(
        award_id=award.id,
        version=version,
        register_number=str(number),
        token=token,
        code=code,
        state_since=now,
        created_at=now,
        person_id=award.person_id,
        country_code=award.country_code,
        programme=facts.programme,
        programme_version=facts.version,
        kind=facts.kind,
        latin_name=facts.latin_name,
        arabic_name=facts.arabic_name,
        search_text=fold(f"{facts.latin_name} {facts.arabic_name} {number}"),
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        status_list=status_list,
        status_index=index,
        facts=facts.to_json(),
    )


_FULL = LENGTH * 3 // 4
"""A list is left for the next one while a random draw still finds a free place at once."""


def _free_index(session: AnySession) -> tuple[int, int]:
    """A place in the newest status list, at random, so that it says nothing about the holder."""
    newest = session.scalar(select(func.max(Certificate.status_list))) or 1
    used = session.scalar(select(func.count()).where(Certificate.status_list == newest)) or 0
    if used >= _FULL:
        newest += 1
    while True:
        index = secrets.randbelow(LENGTH)
        taken = select(Certificate.id).where(
            Certificate.status_list == newest, Certificate.status_index == index
        )
        if session.scalar(taken) is None:
            return newest, index


def lock(session: AnySession, certificate_id: UUID) -> Certificate:
    """The certificate as it is now, kept from other workers until the transaction ends."""
    return session.get_one(
        Certificate, certificate_id, with_for_update={"of": Certificate}, populate_existing=True
    )


def store(
    session: AnySession,
    actor: audit.Author,
    body: IssuingBody,
    certificate: Certificate,
    now: datetime,
) -> None:
    """Write down what will be signed, when, and by which key. Repeated, it changes nothing."""
    if certificate.state is not CertificateState.RESERVED:
        return
    certificate.kid = body.signing_key(now)
    document = compose.compose(certificate.said)
    certificate.payload = rfc8785.dumps({"created": instant(now), "document": document}).decode()
    advance(session, actor, certificate, CertificateEvent.STORE, now=now)
    crash.point("payload-written")


def signature(body: IssuingBody, certificate: Certificate) -> str:
    """The signed credential as it will be served. Changes nothing; needs no transaction.

    Our own output is verified before anybody sees it.
    """
    stored = json.loads(certificate.payload or "")
    signer = body.signer(certificate.kid or "")
    signed = proof.sign(
        stored["document"], body.issuer.did, signer, read_instant(stored["created"])
    )
    check_credential(signed)
    proof.check(signed, body.public_keys)
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def sign(
    session: AnySession,
    actor: audit.Author,
    certificate: Certificate,
    credential: str,
    now: datetime,
) -> None:
    """Record the signed credential. Repeated, it changes nothing."""
    if certificate.state is not CertificateState.STORED:
        return
    certificate.credential = credential
    advance(session, actor, certificate, CertificateEvent.SIGN, now=now)
    crash.point("signature-written")


def issue(
    session: AnySession, actor: audit.Author, certificate: Certificate, now: datetime
) -> bool:
    """From now on the certificate holds; the one that it replaces no longer does.

    Returns whether it was issued now; repeated, it changes nothing.
    """
    if certificate.state is not CertificateState.SIGNED:
        return False
    advance(session, actor, certificate, CertificateEvent.ISSUE, now=now)
    if certificate.replaces_id is not None:
        before = lock(session, certificate.replaces_id)
        before.superseded_by_id = certificate.id
        advance(session, actor, before, CertificateEvent.SUPERSEDE, now=now)
    ask_for_lists(session, f"{certificate.id}-issued", now)
    crash.point("issue-written")
    return True


def advance(
    session: AnySession,
    actor: audit.Author,
    certificate: Certificate,
    event: CertificateEvent,
    *,
    now: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Apply an event and note since when. Raises Refusal("illegal_transition")."""
    transitions.advance(
        session, actor, certificate, event, TRANSITIONS, now=now, reason=reason, details=details
    )
    certificate.state_since = now
    session.flush()


def ask_for_lists(session: AnySession, key: str, now: datetime) -> None:
    """Have the status lists signed anew, after the caller's change."""
    jobs.enqueue(session, "credentials.sign_status_lists", key, {}, now)


def record_documents(
    session: AnySession,
    certificate: Certificate,
    printed: Mapping[str, tuple[str, int]],
    now: datetime,
) -> None:
    """Record the printed certificates: language → (SHA-256, size). Each language once."""
    have = {document.language for document in certificate.documents}
    for language, (sha256, size) in printed.items():
        if language not in have:
            certificate.documents.append(
                CertificateDocument(language=language, sha256=sha256, size=size, created_at=now)
            )
    session.flush()
    crash.point("print-written")


def missing_languages(certificate: Certificate) -> tuple[str, ...]:
    """Languages in which the certificate has yet to be printed."""
    have = {document.language for document in certificate.documents}
    facts: CertificateFacts = certificate.said
    return tuple(language for language in facts.languages if language not in have)


def unfinished(session: AnySession) -> list[tuple[UUID, int]]:
    """Certificates whose issuing has begun and not ended, as (award, version), oldest first."""
    states = [CertificateState.RESERVED, CertificateState.STORED, CertificateState.SIGNED]
    rows = session.execute(
        select(Certificate.award_id, Certificate.version)
        .where(Certificate.state.in_(states))
        .order_by(Certificate.id)
    )
    return [(award_id, version) for award_id, version in rows]


def unprinted(session: AnySession) -> list[tuple[UUID, int]]:
    """Issued certificates of which no copy is printed yet, as (award, version)."""
    printed = select(CertificateDocument.certificate_id)
    rows = session.execute(
        select(Certificate.award_id, Certificate.version)
        .where(Certificate.id.not_in(printed), Certificate.credential.is_not(None))
        .order_by(Certificate.id)
    )
    return [(award_id, version) for award_id, version in rows]
