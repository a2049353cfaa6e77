"""A certificate to try things on: an invented person, a key made for the test."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lms.credentials import compose, did, proof, status_list
from lms.credentials.facts import CertificateFacts, Issuer, StatusEntry
from lms.credentials.keys import FileKeyStore, KeySigner
from lms.credentials.rules import CertificateKind

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
URL = "https://verify.example"
DID = "did:web:verify.example"
INDEX = 40217

FACTS = CertificateFacts(
    token="Q3f0a1b2c3d4e5f6g7h8iA",
    register_number="TC-2026-000123",
    code="7F3K92QDXM4T8",
    kind=CertificateKind.ASSESSED,
    demo=False,
    issuer=Issuer(DID, URL, "Organisme d’essai"),
    programme="coach",
    version="2026.1",
    latin_name="Salma Bennani",
    arabic_name="سلمى بناني",
    title={"fr": "Coach territoriale", "en": "Territorial coach", "ar": "مدربة ترابية"},
    attests={"fr": "A satisfait aux exigences.", "en": "Has met the requirements."},
    allows={"fr": "Conduire des missions.", "en": "To lead assignments.", "ar": "قيادة المهام."},
    criteria={"fr": "152 heures de pratique", "en": "152 hours of practice"},
    place={"fr": "Oujda", "ar": "وجدة"},
    country_code="MA",
    awarded_on=date(2026, 11, 21),
    valid_from=NOW,
    valid_until=NOW + timedelta(days=1095),
    status=StatusEntry(status_list.list_url(URL, "revocation"), INDEX),
    basis={"fr": "152 heures · 4 ateliers", "en": "152 hours · 4 workshops"},
)


def as_bytes(document: dict[str, Any]) -> bytes:
    """A document as it is served."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Office:
    """An issuer with a key."""

    store: FileKeyStore
    signer: KeySigner

    @property
    def keys(self) -> dict[str, bytes]:
        """What its DID document says."""
        return did.assertion_keys(did.did_document(DID, self.store.published()))

    def credential(self, *, dual_status: bool = False, **changes: Any) -> dict[str, Any]:
        """A signed credential; `changes` are other facts."""
        document = compose.compose(replace(FACTS, **changes), dual_status=dual_status)
        return proof.sign(document, DID, self.signer, NOW)

    def status(self, *indices: int, purpose: str = "revocation", at: datetime = NOW) -> bytes:
        """A signed status list."""
        url = status_list.list_url(URL, purpose)
        return as_bytes(
            proof.sign(status_list.compose(DID, url, purpose, indices, at), DID, self.signer, at)
        )


def open_office(folder: Path) -> Office:
    """An issuer whose key lies in `folder`."""
    store = FileKeyStore(folder / "keys")
    return Office(store, store.signer(store.ensure(NOW).kid))
