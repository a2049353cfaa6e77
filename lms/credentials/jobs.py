"""What the worker does: issue and print certificates, sign status lists, find what was left lying.

A job may die at any place and is then done again: each step looks at what is already true.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app

from lms.core import jobs, mail
from lms.core.db import AnySession, write
from lms.core.files import FileStore
from lms.core.settings import Settings
from lms.credentials import crash, pdf, proof, seal, service, status_list
from lms.credentials.issuer import IssuingBody, body_of
from lms.credentials.issuing import service as issuing
from lms.credentials.models import Certificate
from lms.people.service import recipient
from lms.policy.actor import SYSTEM

log = logging.getLogger(__name__)

RESIGN_EVERY = timedelta(days=1)
RECONCILE_EVERY = timedelta(hours=1)


@jobs.handler("credentials.issue")
def issue(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Take an award all the way to its printed certificate, from wherever it stands."""
    body = body_of(current_app)
    certificate_id = _issue(
        session, body, UUID(payload["award"]), int(payload.get("version", 1)), now
    )
    _print(session, body, certificate_id, now)


def _issue(
    session: AnySession, body: IssuingBody, award_id: UUID, version: int, now: datetime
) -> UUID:
    crash.point("before-reserve")
    with write(session):
        certificate_id = issuing.reserve(session, SYSTEM, body, award_id, version, now=now).id
    crash.point("reserved")
    with write(session):
        issuing.store(session, SYSTEM, body, issuing.lock(session, certificate_id), now)
    crash.point("stored")
    certificate = session.get_one(Certificate, certificate_id)
    if certificate.credential is None:
        credential = issuing.signature(body, certificate)
        crash.point("signed-in-memory")
        with write(session):
            locked = issuing.lock(session, certificate_id)
            issuing.sign(session, SYSTEM, locked, credential, now)
        crash.point("signed")
    with write(session):
        locked = issuing.lock(session, certificate_id)
        if issuing.issue(session, SYSTEM, locked, now):
            _tell_holder(session, locked, now)
    crash.point("issued")
    return certificate_id


def _tell_holder(session: AnySession, certificate: Certificate, now: datetime) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    context = {
        "facts": certificate.said,
        "verify_url": certificate.said.verify_url,
        "url": f"{settings.base_url}/certificates",
    }
    mail.send(session, recipient(certificate.award.person), "certificate_ready", context, now)


def _print(session: AnySession, body: IssuingBody, certificate_id: UUID, now: datetime) -> None:
    """Print what is missing, outside any transaction, then record it."""
    certificate = session.get_one(Certificate, certificate_id, populate_existing=True)
    facts, languages = certificate.said, issuing.missing_languages(certificate)
    credential, kid = (certificate.credential or "").encode(), certificate.kid or ""
    session.rollback()
    if not languages:
        return
    files: FileStore = current_app.extensions["files"]
    signer = body.signer(kid)
    printed = {}
    for language in languages:
        data = seal.seal(pdf.render(facts, language, credential), facts.issuer.did, signer)
        crash.point("pdf-made")
        printed[language] = (files.put(data), len(data))
        crash.point("pdf-kept")
    with write(session):
        locked = issuing.lock(session, certificate_id)
        issuing.record_documents(session, locked, printed, now)
    crash.point("printed")


@jobs.handler("credentials.sign_status_lists", every=RESIGN_EVERY)
def sign_status_lists(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """Sign all status lists as they stand now, good for seven days."""
    body = body_of(current_app)
    for number in service.list_numbers(session):
        for purpose in status_list.PURPOSES:
            with write(session):
                url = status_list.list_url(body.issuer.url, purpose, number)
                indices = service.set_indices(session, purpose, number)
                document = status_list.compose(body.issuer.did, url, purpose, indices, now)
                signer = body.signer(body.signing_key(now))
                signed = proof.sign(document, body.issuer.did, signer, now)
                crash.point("list-signed-in-memory")
                service.put_list(
                    session,
                    purpose,
                    number,
                    json.dumps(signed, separators=(",", ":")),
                    now=now,
                    valid_until=now + status_list.LIFETIME,
                )
                crash.point("list-written")


@jobs.handler("credentials.reconcile", every=RECONCILE_EVERY)
def reconcile(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """Take up again what was begun and neither finished nor waits for a worker."""
    waiting = {*issuing.unfinished(session), *issuing.unprinted(session)}
    body = body_of(current_app)
    failed: list[Exception] = []
    for award_id, version in sorted(waiting):
        try:
            _print(session, body, _issue(session, body, award_id, version, now), now)
        except Exception as error:  # one that cannot be finished must not hold up the others
            log.exception("the certificate of award %s is still unfinished", award_id)
            failed.append(error)
    if failed:
        raise failed[0]
