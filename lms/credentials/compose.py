"""Open Badges 3.0 credentials: from facts to the document that is signed.

Composing is deterministic: the same facts give the same document, to the byte.
"""

from typing import Any

from lms.credentials.contexts import CREDENTIAL_CONTEXT
from lms.credentials.facts import CertificateFacts, Words, in_all, instant
from lms.credentials.rules import CertificateKind

SPECIMEN = "SPECIMEN"

EVIDENCE_NAME: Words = {"fr": "Fondement", "en": "Basis", "ar": "أساس المنح"}
RECORDED_NOT_ASSESSED: Words = {
    "fr": "Titre antérieur au registre : consigné, non évalué par nous.",
    "en": "Awarded before this register existed: recorded, not assessed here.",
    "ar": "لقب مُنح قبل إنشاء هذا السجل: مُدوَّن ولم يُقيَّم لدينا.",
}


def compose(facts: CertificateFacts, *, dual_status: bool = False) -> dict[str, Any]:
    """The credential without its proofs (Open Badges 3.0, class AchievementCredential).

    `dual_status` names the suspension list too, as an array: every verifier of VC 2.0 reads it,
    but Open Badges 3.0 allows one object only (1EdTech openbadges-specification #623).
    """
    title = in_all(facts.title)
    document: dict[str, Any] = {
        "@context": list(CREDENTIAL_CONTEXT),
        "id": facts.credential_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{SPECIMEN} · {title}" if facts.demo else title,
        "issuer": {
            "id": facts.issuer.did,
            "type": ["Profile"],
            "name": facts.issuer.name,
            "url": facts.issuer.url,
        },
        "validFrom": instant(facts.valid_from),
        "awardedDate": f"{facts.awarded_on.isoformat()}T00:00:00Z",
        "credentialSubject": _subject(facts, title),
        "evidence": [_evidence(facts)],
        "credentialStatus": _status(facts, dual_status=dual_status),
    }
    if facts.valid_until:
        document["validUntil"] = instant(facts.valid_until)
    if not document["evidence"][0]["narrative"]:
        del document["evidence"]
    return document


def _subject(facts: CertificateFacts, title: str) -> dict[str, Any]:
    """AchievementSubject: the holder is known by name, in both scripts."""
    names = [name for name in (facts.latin_name, facts.arabic_name) if name]
    return {
        "type": ["AchievementSubject"],
        "identifier": [_identity(name) for name in names],
        "licenseNumber": facts.register_number,
        "source": _source(facts),
        "achievement": {
            "id": facts.achievement_url,
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": title,
            "description": in_all(facts.attests, "\n") + "\n\n" + in_all(facts.allows, "\n"),
            "criteria": {
                "id": f"{facts.achievement_url}#criteria",
                "narrative": in_all(facts.criteria, "\n"),
            },
            "humanCode": facts.programme,
            "version": facts.version,
            "inLanguage": facts.languages[0],
        },
    }


def _identity(name: str) -> dict[str, Any]:
    """IdentityObject of type `name`, readable by everyone."""
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": name,
        "identityType": "name",
    }


def _source(facts: CertificateFacts) -> dict[str, Any]:
    """Who assessed on the issuer's behalf, and where (AchievementSubject `source`)."""
    return {
        "id": f"{facts.issuer.url}/#{facts.country_code.lower()}",
        "type": ["Profile"],
        "name": in_all(facts.body) or facts.issuer.name,
        "address": {
            "type": ["Address"],
            "addressLocality": in_all(facts.place),
            "addressCountryCode": facts.country_code,
        },
    }


def _evidence(facts: CertificateFacts) -> dict[str, Any]:
    """Evidence at credential level: the line that is printed."""
    lines = [in_all(facts.basis, "\n")] if facts.basis else []
    if facts.kind is CertificateKind.LEGACY:
        lines.append(in_all(RECORDED_NOT_ASSESSED, "\n"))
    return {"type": ["Evidence"], "name": in_all(EVIDENCE_NAME), "narrative": "\n".join(lines)}


def _status(facts: CertificateFacts, *, dual_status: bool) -> Any:
    revocation = status_entry(facts.status.list_url, "revocation", facts.status.index)
    if not dual_status:
        return revocation
    suspension_url = facts.status.list_url.replace("/revocation/", "/suspension/")
    return [revocation, status_entry(suspension_url, "suspension", facts.status.index)]


def status_entry(list_url: str, purpose: str, index: int) -> dict[str, str]:
    """BitstringStatusListEntry (Bitstring Status List 1.0, section 2.1); the index is a string."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }
