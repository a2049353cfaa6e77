"""What a signed credential says to a reader: the fields that stand on the paper, and only those."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lms.credentials.facts import read_instant


@dataclass(frozen=True)
class Printed:
    """The printed fields, as they were signed: each text in all its languages."""

    names: tuple[str, ...]
    title: str
    register_number: str
    awarded_on: date
    valid_from: datetime
    valid_until: datetime | None
    issuer: str
    issuer_did: str
    body: str
    place: str
    country_code: str
    states: str
    """What it attests and what it allows."""
    basis: str
    specimen: bool

    @property
    def last_day(self) -> date | None:
        """Last day in force, as printed; None: no expiry."""
        return (self.valid_until - timedelta(seconds=1)).date() if self.valid_until else None


def read(credential: Mapping[str, Any]) -> Printed:
    """The fields of a credential of our profile (`schema.check_credential`)."""
    subject = credential["credentialSubject"]
    achievement, source = subject["achievement"], subject["source"]
    until = credential.get("validUntil")
    return Printed(
        names=tuple(identity["identityHash"] for identity in subject["identifier"]),
        title=achievement["name"],
        register_number=subject["licenseNumber"],
        awarded_on=read_instant(credential["awardedDate"]).date(),
        valid_from=read_instant(credential["validFrom"]),
        valid_until=read_instant(until) if until else None,
        issuer=credential["issuer"]["name"],
        issuer_did=credential["issuer"]["id"],
        body=source["name"],
        place=source["address"]["addressLocality"],
        country_code=source["address"]["addressCountryCode"],
        states=achievement["description"],
        basis="\n".join(item["narrative"] for item in credential.get("evidence", [])),
        specimen=credential["name"].startswith("SPECIMEN"),
    )
