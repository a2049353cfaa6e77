"""A ledger as it lies in a dossier: plain values, and the fingerprint of their canonical JSON."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import rfc8785

from lms.assessment.rules.ledger import Ledger, Line, Row, RowKind
from lms.curriculum.rules import RequirementKind, Unit

FORMAT = 1
"""Version of the shape of a frozen ledger."""


def freeze(ledger: Ledger) -> dict[str, Any]:
    """Plain values for the dossier; `thaw` gives the ledger back."""
    return {
        "format": FORMAT,
        "lines": [
            {
                "requirement": line.requirement,
                "kind": line.kind.value,
                "unit": line.unit.value,
                "needed": line.needed,
                "counted": line.counted,
                "attested": line.attested,
                "capped": line.capped,
                "rows": [_plain(row) for row in line.rows],
            }
            for line in ledger.lines
        ],
    }


def _plain(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "id": row.id,
        "amount": row.amount,
        "label": row.label,
        "on": row.on.isoformat() if row.on else None,
        "own_institution": row.own_institution,
        "content_hash": row.content_hash,
    }


def thaw(frozen: Mapping[str, Any]) -> Ledger:
    """Inverse of `freeze`. Raises KeyError or ValueError when it is no frozen ledger."""
    if frozen.get("format") != FORMAT:
        raise ValueError("unknown format of a frozen ledger")
    return Ledger(
        tuple(
            Line(
                requirement=line["requirement"],
                kind=RequirementKind(line["kind"]),
                unit=Unit(line["unit"]),
                needed=line["needed"],
                counted=line["counted"],
                attested=line["attested"],
                capped=line["capped"],
                rows=tuple(_row(row) for row in line["rows"]),
            )
            for line in frozen["lines"]
        )
    )


def _row(plain: Mapping[str, Any]) -> Row:
    return Row(
        kind=RowKind(plain["kind"]),
        id=plain["id"],
        amount=plain["amount"],
        label=plain["label"],
        on=date.fromisoformat(plain["on"]) if plain["on"] else None,
        own_institution=plain["own_institution"],
        content_hash=plain["content_hash"],
    )


def fingerprint(frozen: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of a frozen ledger, in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps(dict(frozen))).hexdigest()
