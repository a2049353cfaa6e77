"""Our own register is not believed blindly: each time a certificate is shown, its signature is."""

import json
import logging
from collections.abc import Mapping

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
        signed = json.loads(certificate.credential or "")
        document = {name: value for name, value in signed.items() if name != "proof"}
        if document != compose.compose(facts):
            raise DocumentError("altered", "facts")
        proof.check(signed, keys, (proof.JCS,))
    except (DocumentError, ValueError, KeyError, TypeError) as error:
        log.critical("certificate %s is not what was signed: %s", certificate.id, error)
        return False
    return _columns_agree(certificate, facts)


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
