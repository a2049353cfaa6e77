"""Verifying a file without network: is it ours, unaltered, and in force as far as can be known?

Every answer says what it rests on. A file is authentic when each of its proofs holds under a key of
its issuer; whether it is in force is known from our own register, or from a status list that its
issuer signed a few days ago at most; otherwise that stays open, and is said.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Any

from lms.credentials import proof, status_list
from lms.credentials.attachment import find_credential
from lms.credentials.facts import read_instant
from lms.credentials.rules import Standing, Verdict
from lms.credentials.schema import check_credential, check_status_list
from lms.credentials.seal import check_seal
from lms.credentials.strict_json import DocumentError, parse


class ExitCode(IntEnum):
    """What `lms certificates verify` ends with."""

    IN_FORCE = 0
    REFUSED = 1
    UNREADABLE = 2
    NOT_CHECKED = 3


UNREADABLE = frozenset({"not_json", "too_large", "no_credential", "not_a_credential"})
"""Codes of files that are no certificate at all; all others are certificates that we refuse."""

Register = Callable[[str, bytes], Standing | None]
"""Asks our own register: (credential id, the file's bytes) → standing, or None if unknown."""


@dataclass(frozen=True)
class Report:
    """What is known of a file."""

    exit_code: ExitCode
    reason: str
    """`in_force`, `not_checked`, a verdict's value, or why the file is refused or unreadable."""
    where: str = ""
    credential: Mapping[str, Any] | None = None
    """The signed document, only if it is authentic."""
    standing: Standing | None = None
    known_at: datetime | None = None
    """When the evidence about its state was made; the register's evidence is of now."""


def verify_file(
    data: bytes,
    keys: Mapping[str, bytes],
    *,
    now: datetime,
    status_lists: Iterable[bytes] = (),
    register: Register | None = None,
) -> Report:
    """Check a credential (.json) or a certificate (.pdf).

    `keys`: verification method → public key, from the issuer's DID document (`did.assertion_keys`).
    """
    try:
        credential = _authentic(data, keys)
        lists = [_status(document, keys) for document in status_lists]
    except DocumentError as error:
        code = ExitCode.UNREADABLE if error.code in UNREADABLE else ExitCode.REFUSED
        return Report(code, error.code, error.where)
    report = Report(ExitCode.NOT_CHECKED, "not_checked", credential=credential)
    by_time = _standing_by_time(credential, now)
    if register is not None:
        known = register(credential["id"], data)
        if known is None:
            return replace(report, exit_code=ExitCode.REFUSED, reason="not_in_register")
        return _said(report, known, now)
    if not by_time.in_force:
        return _said(report, by_time, now)
    return _by_lists(report, lists, by_time, now)


def _authentic(data: bytes, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """The signed document in `data`. Raises DocumentError for anything that is not authentic."""
    is_pdf = data.lstrip()[:5] == b"%PDF-"
    document = parse(find_credential(data) if is_pdf else data)
    kinds = document.get("type")
    if not (isinstance(kinds, list) and "VerifiableCredential" in kinds):
        raise DocumentError("not_a_credential")
    check_credential(document)
    proof.check(document, keys)
    if is_pdf:
        check_seal(data, keys)
    return document


def _status(data: bytes, keys: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        document = parse(data)
        check_status_list(document)
        proof.check(document, keys)
    except DocumentError as error:
        raise DocumentError("status_list_refused", error.code) from error
    return document


def _standing_by_time(credential: Mapping[str, Any], now: datetime) -> Standing:
    begin = read_instant(credential["validFrom"])
    end = credential.get("validUntil")
    if end is not None and read_instant(end) <= now:
        return Standing(Verdict.EXPIRED, read_instant(end))
    return Standing(Verdict.VALID if begin <= now else Verdict.PENDING, begin)


def _by_lists(
    report: Report, lists: list[dict[str, Any]], by_time: Standing, now: datetime
) -> Report:
    """Revocation outranks suspension; a list about other certificates says nothing."""
    credential = report.credential or {}
    entries = credential["credentialStatus"]
    entry = entries[0] if isinstance(entries, list) else entries
    index = int(entry["statusListIndex"])
    known: dict[str, dict[str, Any]] = {}
    for document in lists:
        purpose = document["credentialSubject"]["statusPurpose"]
        if document["id"] == _list_of(entry["statusListCredential"], purpose):
            known[purpose] = document
    for purpose, verdict in (("revocation", Verdict.REVOKED), ("suspension", Verdict.SUSPENDED)):
        document = known.get(purpose, {})
        if document and _bit(document, index):
            at = read_instant(document["validFrom"])
            return replace(_said(report, Standing(verdict, at), now), known_at=at)
    if "revocation" not in known:
        return report
    oldest = min(known.values(), key=lambda document: str(document["validFrom"]))
    at = read_instant(oldest["validFrom"])
    if read_instant(oldest["validUntil"]) <= now:
        return replace(report, reason="status_list_old", known_at=at)
    return replace(_said(report, by_time, now), known_at=at)


def _list_of(revocation_url: str, purpose: str) -> str:
    """The list of another purpose with the same index: only the last part but one differs."""
    return revocation_url.replace("/status/revocation/", f"/status/{purpose}/")


def _bit(document: Mapping[str, Any], index: int) -> bool:
    bits = status_list.decode(document["credentialSubject"]["encodedList"])
    return status_list.is_set(bits, index)


def _said(report: Report, standing: Standing, now: datetime) -> Report:
    code = ExitCode.IN_FORCE if standing.in_force else ExitCode.REFUSED
    reason = "in_force" if standing.in_force else standing.verdict.value
    return replace(report, exit_code=code, reason=reason, standing=standing, known_at=now)
