"""Our own register is not believed blindly: each time a certificate is shown, its signature is."""

import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lms.credentials import compose, proof
from lms.credentials.facts import CertificateFacts
from lms.credentials.models import Certificate
from lms.credentials.strict_json import DocumentError

log = logging.getLogger(__name__)


def is_intact(certificate: Certificate, facts: CertificateFacts, keys: Mapping[str, bytes]) -> bool:
    """Whether `facts`, which the register would show, are what was signed. Half a millisecond.

    The facts must compose to the very document that carries the signature, so a row changed by
    hand is noticed, whichever column was touched.
    """
    try:
        document = _signed(certificate.credential or "", tuple(keys.items()))
        if document != compose.compose(facts):
            raise DocumentError("altered", "facts")
    except (DocumentError, ValueError, KeyError, TypeError) as error:
        log.critical("certificate %s is not what was signed: %s", certificate.id, error)
        return False
    return _columns_agree(certificate, facts)


@lru_cache(256)
def _signed(credential: str, keys: tuple[tuple[str, bytes], ...]) -> dict[str, Any]:
    """The document of a credential whose signature holds: the same bytes and keys say the same."""
    signed = json.loads(credential)
    if not any(one["cryptosuite"] == proof.JCS for one in signed["proof"]):
        raise DocumentError("altered", "proof")
    proof.check(signed, dict(keys), (proof.JCS,))
    return {name: value for name, value in signed.items() if name != "proof"}


def _columns_agree(certificate: Certificate, facts: CertificateFacts) -> bool:
    pairs = (
        (certificate.register_number, facts.register_number),
        (certificate.token, facts.token),
        (certificate.code, facts.code),
        (certificate.valid_from, facts.valid_from),
        (certificate.valid_until, facts.valid_until),
        (certificate.status_index, facts.status.index),
    )
    wrong = [pair for pair in pairs if pair[0] != pair[1]]
    if wrong:
        log.critical("certificate %s differs from what was signed: %s", certificate.id, wrong)
    return not wrong
