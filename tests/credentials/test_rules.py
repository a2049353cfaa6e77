"""The life of a certificate and the verdict told to the world."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from lms.credentials.rules import (
    TRANSITIONS,
    CertificateEvent,
    CertificateState,
    Standing,
    Verdict,
    standing,
    verdict,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LEGAL = {
    "reserved store stored",
    "stored sign signed",
    "signed issue issued",
    "issued suspend suspended",
    "suspended reinstate issued",
    "issued revoke revoked",
    "suspended revoke revoked",
    "superseded revoke revoked",
    "issued supersede superseded",
    "suspended supersede superseded",
}


@pytest.mark.parametrize(("state", "event"), list(product(CertificateState, CertificateEvent)))
def test_every_pair_is_legal_or_not(state, event):
    after = TRANSITIONS.get((state, event))
    wanted = {line.split()[2] for line in LEGAL if line.startswith(f"{state} {event} ")}
    assert ({after} - {None}) == wanted


def test_revocation_is_final():
    assert not [pair for pair in TRANSITIONS if pair[0] is CertificateState.REVOKED]


@dataclass
class Row:
    state: CertificateState = CertificateState.ISSUED
    state_since: datetime = NOW - timedelta(days=3)
    valid_from: datetime = NOW - timedelta(days=10)
    valid_until: datetime | None = None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Row(CertificateState.RESERVED), Verdict.PENDING),
        (Row(CertificateState.STORED), Verdict.PENDING),
        (Row(CertificateState.SIGNED), Verdict.PENDING),
        (Row(), Verdict.VALID),
        (Row(CertificateState.SUSPENDED), Verdict.SUSPENDED),
        (Row(CertificateState.REVOKED), Verdict.REVOKED),
        (Row(CertificateState.SUPERSEDED), Verdict.SUPERSEDED),
        (Row(valid_until=NOW), Verdict.EXPIRED),
        (Row(valid_until=NOW + timedelta(seconds=1)), Verdict.VALID),
        (Row(valid_from=NOW + timedelta(seconds=1)), Verdict.PENDING),
        (Row(CertificateState.REVOKED, valid_until=NOW), Verdict.REVOKED),
        (Row(CertificateState.SUPERSEDED, valid_until=NOW), Verdict.SUPERSEDED),
        (Row(CertificateState.SUSPENDED, valid_until=NOW), Verdict.EXPIRED),
        (Row(CertificateState.RESERVED, valid_until=NOW), Verdict.PENDING),
    ],
)
def test_verdict(row, expected):
    assert verdict(row, NOW) is expected
    assert standing(row, NOW).in_force == (expected is Verdict.VALID)


def test_since_when():
    assert standing(Row(), NOW) == Standing(Verdict.VALID, NOW - timedelta(days=10))
    revoked = Row(CertificateState.REVOKED)
    assert standing(revoked, NOW) == Standing(Verdict.REVOKED, NOW - timedelta(days=3))
    expired = Row(valid_until=NOW - timedelta(hours=1))
    assert standing(expired, NOW) == Standing(Verdict.EXPIRED, NOW - timedelta(hours=1))
