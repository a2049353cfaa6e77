"""The closed JSON Schema of our profile: nothing may stand in a credential that is not listed.

JSON-LD processors drop what they do not know, silently, and a dropped claim is unsigned. So both
on issue and on verification a document first passes a schema that allows no other member, no
character on which implementations of RDF canonicalisation differ, and no great length.
"""

from functools import cache
from typing import Any

from lms.credentials.contexts import CREDENTIAL_CONTEXT, STATUS_LIST_CONTEXT
from lms.credentials.strict_json import DocumentError

# No control characters but tab and newline (PyLD and RDFC-1.0 differ), no direction overrides.
_UNWANTED = r"\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_TEXT = {"type": "string", "minLength": 1, "maxLength": 6000, "pattern": rf"^[^{_UNWANTED}]*\Z"}
_SHORT = {**_TEXT, "maxLength": 600}
_URL = {"type": "string", "maxLength": 400, "pattern": r"^https?://[!#-;=?-\[\]_a-z~]+\Z"}
_DID = {"type": "string", "maxLength": 300, "pattern": r"^did:web:[A-Za-z0-9.%:_-]+\Z"}
_METHOD = {
    "type": "string",
    "maxLength": 300,
    "pattern": r"^did:web:[A-Za-z0-9.%:_-]+#[a-z0-9-]+\Z",
}
_INSTANT = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z",
}
_PURPOSE = {"enum": ["revocation", "suspension"]}


def _closed(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": sorted(required),
        "additionalProperties": False,
    }


def _proof(suite: str, extra: dict[str, Any]) -> dict[str, Any]:
    """DataIntegrityProof (Data Integrity 1.0, section 2.1)."""
    return _closed(
        {
            "type": {"const": "DataIntegrityProof"},
            "cryptosuite": {"const": suite},
            "created": _INSTANT,
            "verificationMethod": _METHOD,
            "proofPurpose": {"const": "assertionMethod"},
            "proofValue": {
                "type": "string",
                "maxLength": 100,
                "pattern": r"^z[1-9A-HJ-NP-Za-km-z]+\Z",
            },
            **extra,
        }
    )


def _proofs(context: list[str]) -> dict[str, Any]:
    return {
        "type": "array",
        "prefixItems": [
            _proof("eddsa-rdfc-2022", {}),
            _proof("eddsa-jcs-2022", {"@context": {"const": context}}),
        ],
        "minItems": 2,
        "maxItems": 2,
    }


_ENTRY = _closed(
    {
        "id": _URL,
        "type": {"const": "BitstringStatusListEntry"},
        "statusPurpose": _PURPOSE,
        "statusListIndex": {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,8})\Z"},
        "statusListCredential": _URL,
    }
)
_IDENTITY = _closed(
    {
        "type": {"const": "IdentityObject"},
        "hashed": {"const": False},
        "identityHash": _SHORT,
        "identityType": {"const": "name"},
    }
)
_SOURCE = _closed(
    {
        "id": _URL,
        "type": {"const": ["Profile"]},
        "name": _SHORT,
        "address": _closed(
            {
                "type": {"const": ["Address"]},
                "addressLocality": _SHORT,
                "addressCountryCode": {"type": "string", "pattern": r"^[A-Z]{2}\Z"},
            }
        ),
    }
)
_ACHIEVEMENT = _closed(
    {
        "id": _URL,
        "type": {"const": ["Achievement"]},
        "achievementType": {"const": "Certification"},
        "name": _SHORT,
        "description": _TEXT,
        "criteria": _closed({"id": _URL, "narrative": _TEXT}),
        "humanCode": _SHORT,
        "version": _SHORT,
        "inLanguage": {"enum": ["fr", "en", "ar"]},
    }
)
CREDENTIAL = _closed(
    {
        "@context": {"const": CREDENTIAL_CONTEXT},
        "id": _URL,
        "type": {"const": ["VerifiableCredential", "OpenBadgeCredential"]},
        "name": _SHORT,
        "issuer": _closed(
            {"id": _DID, "type": {"const": ["Profile"]}, "name": _SHORT, "url": _URL}
        ),
        "validFrom": _INSTANT,
        "awardedDate": _INSTANT,
        "credentialSubject": _closed(
            {
                "type": {"const": ["AchievementSubject"]},
                "identifier": {"type": "array", "items": _IDENTITY, "minItems": 1, "maxItems": 2},
                "licenseNumber": {"type": "string", "pattern": r"^TC-[0-9]{4}-[0-9]{6,9}\Z"},
                "source": _SOURCE,
                "achievement": _ACHIEVEMENT,
            }
        ),
        "credentialStatus": {
            "oneOf": [_ENTRY, {"type": "array", "items": _ENTRY, "minItems": 2, "maxItems": 2}]
        },
        "proof": _proofs(CREDENTIAL_CONTEXT),
    },
    {
        "validUntil": _INSTANT,
        "evidence": {
            "type": "array",
            "items": _closed({"type": {"const": ["Evidence"]}, "name": _SHORT, "narrative": _TEXT}),
            "minItems": 1,
            "maxItems": 1,
        },
    },
)
STATUS_LIST = _closed(
    {
        "@context": {"const": STATUS_LIST_CONTEXT},
        "id": _URL,
        "type": {"const": ["VerifiableCredential", "BitstringStatusListCredential"]},
        "issuer": _DID,
        "validFrom": _INSTANT,
        "validUntil": _INSTANT,
        "credentialSubject": _closed(
            {
                "id": _URL,
                "type": {"const": "BitstringStatusList"},
                "statusPurpose": _PURPOSE,
                "encodedList": {
                    "type": "string",
                    "maxLength": 40_000,
                    "pattern": r"^u[A-Za-z0-9_-]+\Z",
                },
            }
        ),
        "proof": _proofs(STATUS_LIST_CONTEXT),
    }
)


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 0.15 s that most requests need not

    return Draft202012Validator({"credential": CREDENTIAL, "status-list": STATUS_LIST}[kind])


def check_credential(document: Any) -> None:
    """Raise DocumentError unless `document` is a signed credential of our profile."""
    _check("credential", document)


def check_status_list(document: Any) -> None:
    """Raise DocumentError unless `document` is a signed status list of our profile."""
    _check("status-list", document)


def _check(kind: str, document: Any) -> None:
    error = next(_validator(kind).iter_errors(document), None)
    if error is not None:
        raise DocumentError(
            "not_our_profile", "/".join(map(str, error.absolute_path)) or "document"
        )
