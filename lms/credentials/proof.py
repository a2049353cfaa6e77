"""Data Integrity proofs: `eddsa-rdfc-2022` and `eddsa-jcs-2022`, one of each on every document.

Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3: the signature is over
SHA-256(canonical proof options) followed by SHA-256(canonical document), 64 bytes in all.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

from lms.credentials.did import method_id
from lms.credentials.facts import instant
from lms.credentials.keys import Signer, verify
from lms.credentials.multibase import base58btc, from_base58btc
from lms.credentials.strict_json import DocumentError

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"
SUITES = (RDFC, JCS)
SIGNATURE_BYTES = 64


class ProofError(DocumentError):
    """The document is not what its issuer signed. `code` says what is wrong."""


def sign(document: dict[str, Any], did: str, signer: Signer, created: datetime) -> dict[str, Any]:
    """The document with its array of two proofs; `created` is kept to the second.

    Ed25519 is deterministic: signing again gives the same bytes, so a worker that died may repeat.
    """
    proofs = []
    for suite in SUITES:
        options: dict[str, Any] = {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": instant(created),
            "verificationMethod": method_id(did, signer.kid),
            "proofPurpose": "assertionMethod",
        }
        if suite == JCS:  # section 3.3.1: the context is part of the proof itself
            options["@context"] = document["@context"]
        data = hash_data(document, options, strict=True)
        proofs.append({**options, "proofValue": base58btc(signer.sign(data))})
    return {**document, "proof": proofs}


def check(
    signed: dict[str, Any], keys: Mapping[str, bytes], suites: tuple[str, ...] = SUITES
) -> None:
    """Raise ProofError unless a proof of each of `suites` is there and all of them hold.

    The document must fit our schema.

    `keys`: verification method → public key, of the document's issuer and nobody else.
    `eddsa-jcs-2022` alone covers every byte of content and costs half a millisecond.
    """
    document = {name: value for name, value in signed.items() if name != "proof"}
    issuer = document["issuer"]
    did = issuer if isinstance(issuer, str) else issuer["id"]
    cheapest_first = sorted(signed["proof"], key=lambda proof: str(proof["cryptosuite"]))
    if not {proof["cryptosuite"] for proof in cheapest_first}.issuperset(suites):
        raise ProofError("altered", "proof")  # a signature that is not there holds nothing
    for proof in cheapest_first:
        if proof["cryptosuite"] not in suites:
            continue
        method = proof["verificationMethod"]
        if method.partition("#")[0] != did:
            raise ProofError("key_of_another", method)
        if method not in keys:
            raise ProofError("unknown_key", method)
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        if not verify(keys[method], _signature(proof), hash_data(document, options)):
            raise ProofError("altered", proof["cryptosuite"])


def hash_data(document: dict[str, Any], options: dict[str, Any], *, strict: bool = False) -> bytes:
    """What is signed: hash of the options first, then of the document (sections 3.2.4, 3.3.4)."""
    if options["cryptosuite"] == JCS:
        parts = (rfc8785.dumps(options), rfc8785.dumps(document))
    else:
        from lms.credentials.rdfc import canonical  # noqa: PLC0415 - 0.25 s that the web rarely needs

        context = {"@context": document["@context"]}
        parts = (canonical({**options, **context}), canonical(document, strict=strict))
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def _signature(proof: dict[str, Any]) -> bytes:
    try:
        signature = from_base58btc(proof["proofValue"])
    except ValueError as error:
        raise ProofError("altered", "proofValue") from error
    if len(signature) != SIGNATURE_BYTES:
        raise ProofError("altered", "proofValue")
    return signature
