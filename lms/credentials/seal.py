"""The seal of a PDF: one comment line that signs every other byte of the file.

The attached credential is signed, but the page around it is what people read. Until the PDF carries
a PAdES signature, this line, which every reader of PDF skips (ISO 32000-1, section 7.2.3,
comments), lets our own verification refuse a page on which one letter was changed.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lms.credentials.did import method_id
from lms.credentials.keys import Signer, verify
from lms.credentials.multibase import base58btc, from_base58btc
from lms.credentials.proof import ProofError

_CONTEXT = b"lms-pdf-seal-v1\n"
_LINE = re.compile(rb"%LMS-SEAL (did:web:[A-Za-z0-9.%:_-]+#[a-z0-9-]+) (z[1-9A-HJ-NP-Za-km-z]+)\n")
_PLACE = b"startxref"


@dataclass(frozen=True)
class Sealed:
    """A PDF taken apart: what is signed, by which key, and the signature."""

    content: bytes
    method: str
    signature: bytes


def seal(pdf: bytes, did: str, signer: Signer) -> bytes:
    """The PDF with its seal, on a line of its own before the last `startxref`."""
    method = method_id(did, signer.kid)
    signature = signer.sign(_message(pdf, method))
    line = f"%LMS-SEAL {method} {base58btc(signature)}\n".encode("ascii")
    place = pdf.rindex(_PLACE)
    return pdf[:place] + line + pdf[place:]


def unseal(pdf: bytes) -> Sealed:
    """Take a sealed PDF apart. Raises ProofError("not_sealed")."""
    place = pdf.rfind(_PLACE)
    start = pdf.rfind(b"%LMS-SEAL ", 0, max(place, 0))
    match = _LINE.fullmatch(pdf, start, place) if start >= 0 else None
    if match is None:
        raise ProofError("not_sealed")
    try:
        signature = from_base58btc(match[2].decode("ascii"))
    except ValueError as error:
        raise ProofError("altered", "seal") from error
    return Sealed(pdf[:start] + pdf[place:], match[1].decode("ascii"), signature)


def check_seal(pdf: bytes, keys: Mapping[str, bytes]) -> None:
    """Raise ProofError unless a key of `keys` sealed exactly these bytes."""
    sealed = unseal(pdf)
    if sealed.method not in keys:
        raise ProofError("unknown_key", sealed.method)
    message = _message(sealed.content, sealed.method)
    if not verify(keys[sealed.method], sealed.signature, message):
        raise ProofError("altered", "seal")


def _message(content: bytes, method: str) -> bytes:
    """What is signed: never 64 bytes long, so it cannot be taken for a Data Integrity hash."""
    return _CONTEXT + method.encode("ascii") + b"\n" + hashlib.sha256(content).digest()
