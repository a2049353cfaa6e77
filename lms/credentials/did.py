"""The issuer's DID document: which keys speak for whom (did:web; Controlled Identifiers 1.0)."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lms.credentials.keys import PublicKey
from lms.credentials.multibase import from_multikey, multikey

DID_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
SUSPENSION_SERVICE = "https://www.w3.org/ns/credentials/status#BitstringStatusListCredential"


def did_web(url: str) -> str:
    """The did:web of an address (did:web method, section "Method-specific identifier").

    `https://host:8000/a/b` → `did:web:host%3A8000:a:b`.
    """
    parts = urlsplit(url)
    host = parts.netloc.replace(":", "%3A")
    path = [part for part in parts.path.split("/") if part]
    return ":".join(["did:web", host, *path])


def method_id(did: str, kid: str) -> str:
    """Absolute id of a verification method: `did:web:host#key-2026-01`."""
    return f"{did}#{kid}"


def did_document(did: str, keys: Iterable[PublicKey], suspension_list: str = "") -> dict[str, Any]:
    """What stands at `/.well-known/did.json`: all keys ever used, the retired ones too.

    The list of suspensions is named as a service, since Open Badges 3.0 lets a credential name one
    status list only, and that is the list of revocations.
    """
    keys = list(keys)
    document: dict[str, Any] = {
        "@context": list(DID_CONTEXT),
        "id": did,
        "verificationMethod": [
            {
                "id": method_id(did, key.kid),
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey(key.public),
            }
            for key in keys
        ],
        "assertionMethod": [method_id(did, key.kid) for key in keys],
    }
    if suspension_list:
        document["service"] = [
            {
                "id": f"{did}#suspension",
                "type": SUSPENSION_SERVICE,
                "serviceEndpoint": suspension_list,
            }
        ]
    return document


def assertion_keys(document: Mapping[str, Any]) -> dict[str, bytes]:
    """Verification method → public key, for those that may assert and belong to the DID itself.

    Raises ValueError for a document that is not a DID document.
    """
    did = document.get("id")
    methods = document.get("verificationMethod")
    allowed = document.get("assertionMethod")
    if not (isinstance(did, str) and isinstance(methods, list) and isinstance(allowed, list)):
        raise ValueError("not a DID document")  # noqa: TRY004 - a fault of the content
    keys = {}
    for method in methods:
        if not isinstance(method, dict) or method.get("controller") != did:
            continue
        name, key = method.get("id"), method.get("publicKeyMultibase")
        if name in allowed and isinstance(key, str) and str(name).startswith(f"{did}#"):
            keys[str(name)] = from_multikey(key)
    return keys
