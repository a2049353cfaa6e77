"""What a certificate says: frozen once, then printed, signed and shown, never looked up again."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lms.credentials.rules import CertificateKind

Words = Mapping[str, str]
"""One text in several languages: language → text."""

LANGUAGE_ORDER = ("fr", "en", "ar")


def in_all(words: Words, separator: str = " · ") -> str:
    """The text in all its languages, each wording once: `Coach territorial · Territorial coach`."""
    ordered = [words[language] for language in LANGUAGE_ORDER if words.get(language)]
    return separator.join(dict.fromkeys(ordered))


def instant(at: datetime) -> str:
    """An instant in UTC, whole seconds (XML Schema 1.1, dateTimeStamp)."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_instant(text: str) -> datetime:
    """Inverse of `instant`. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if instant(at) != text:
        raise ValueError("not an instant in UTC")
    return at


@dataclass(frozen=True)
class Issuer:
    """Who vouches."""

    did: str
    url: str
    """Public address of the issuer's host, without a path."""
    name: str


@dataclass(frozen=True)
class StatusEntry:
    """Where the certificate's bit stands (Bitstring Status List 1.0, section 2.1)."""

    list_url: str
    index: int


@dataclass(frozen=True)
class CertificateFacts:
    """All that is printed on one certificate, in every language, and what is signed with it."""

    token: str
    register_number: str
    code: str
    kind: CertificateKind
    demo: bool
    issuer: Issuer
    programme: str
    """Slug of the programme whose award this documents."""
    version: str
    """Version of what the award attests: /achievements/<programme>/<version>."""
    latin_name: str
    """Personal data: full name in Latin script, as on the identity document. Kept for ever."""
    arabic_name: str
    """Personal data: full name in Arabic script, or empty. Kept for ever."""
    title: Words
    attests: Words
    allows: Words
    criteria: Words
    place: Words
    country_code: str
    awarded_on: date
    valid_from: datetime
    valid_until: datetime | None
    status: StatusEntry
    body: Words = field(default_factory=dict)
    """Centre or team that trained and assessed, if it is named on the certificate."""
    basis: Words = field(default_factory=dict)
    """On what the award rests, one printed line; only with the holder's consent."""
    signatory: Words = field(default_factory=dict)
    """Role of whoever signs beside the programme direction; empty: the chair of the jury."""

    @property
    def credential_url(self) -> str:
        """Identifier of the signed credential, and where it is served."""
        return f"{self.issuer.url}/credentials/{self.token}.json"

    @property
    def verify_url(self) -> str:
        """What the printed QR code holds."""
        return f"{self.issuer.url}/verify/{self.token}"

    @property
    def achievement_url(self) -> str:
        """The open page that says what the award attests."""
        return f"{self.issuer.url}/achievements/{self.programme}/{self.version}"

    @property
    def last_day(self) -> date | None:
        """Last day on which it is in force, as printed; None: no expiry."""
        return (self.valid_until - timedelta(seconds=1)).date() if self.valid_until else None

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which the certificate is printed."""
        return tuple(language for language in LANGUAGE_ORDER if self.title.get(language))

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the register."""
        values = asdict(self)
        values["kind"] = self.kind.value
        values["awarded_on"] = self.awarded_on.isoformat()
        values["valid_from"] = instant(self.valid_from)
        values["valid_until"] = instant(self.valid_until) if self.valid_until else None
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "CertificateFacts":
        """Inverse of `to_json`."""
        until = values["valid_until"]
        return cls(
            **{
                **values,
                "kind": CertificateKind(values["kind"]),
                "issuer": Issuer(**values["issuer"]),
                "status": StatusEntry(**values["status"]),
                "awarded_on": date.fromisoformat(values["awarded_on"]),
                "valid_from": read_instant(values["valid_from"]),
                "valid_until": read_instant(until) if until else None,
            }
        )


def tidy_name(name: str) -> str:
    """A name as it is frozen: composed form (NFC), single spaces, nothing invisible.

    Direction marks and control characters would let a name read differently from what is signed.
    """
    plain = unicodedata.normalize("NFC", name)
    kept = "".join(
        character
        for character in plain
        if character.isspace()
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}
        or character == "\u200c"
    )
    return " ".join(kept.split())
