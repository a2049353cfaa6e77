"""What changed from one version of an entry to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = (
    "type", "held_on", "placement_id", "form", "role",
    "minutes_direct", "minutes_indirect", "minutes_preparation",
    "participants", "coachees", "stakes", "purposes", "limits",
    "summary", "consent_basis", "evidence",
)  # fmt: skip
"""What is compared, in the order of the form. The reflection is in no version."""


@dataclass(frozen=True)
class Difference:
    """One field that reads otherwise."""

    field: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Fields of two versions that differ; of files only how many there were and are."""
    found = []
    for name in FIELDS:
        old, new = before.get(name) or None, after.get(name) or None
        if old != new:
            if name == "evidence":
                old, new = len(old or ()), len(new or ())
            found.append(Difference(name, old, new))
    return found
