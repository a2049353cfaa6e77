"""Bitstring status lists, against an implementation that we did not write."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3 import decode_encoded_list, encode_bitstring, set_indices

from lms.credentials import status_list
from lms.credentials.multibase import base64url
from lms.credentials.strict_json import DocumentError
from tests.credentials.sample import NOW

indices = st.sets(st.integers(0, status_list.LENGTH - 1), max_size=40)


@given(indices)
def test_the_other_implementation_reads_ours(chosen):
    encoded = status_list.encode(chosen)
    assert set_indices(decode_encoded_list(encoded)) == chosen


@given(indices)
def test_we_read_the_other_implementation(chosen):
    bits = status_list.decode(encode_bitstring(chosen))
    assert {index for index in chosen if status_list.is_set(bits, index)} == chosen
    assert sum(byte.bit_count() for byte in bits) == len(chosen)


def test_index_0_is_the_leftmost_bit():
    """The order that all implementations use (w3c/vc-bitstring-status-list #211)."""
    assert status_list.decode(status_list.encode([0]))[0] == 0b1000_0000
    assert status_list.decode(status_list.encode([status_list.LENGTH - 1]))[-1] == 1


def test_empty_list_of_the_standard():
    """Section 3.3: an empty list is 16 KB of zeros."""
    assert status_list.decode(status_list.encode([])) == bytes(16 * 1024)


@pytest.mark.parametrize(
    "encoded",
    [
        base64url(gzip.compress(bytes(16 * 1024 - 1))),
        base64url(gzip.compress(bytes(16 * 1024 + 1))),
        base64url(gzip.compress(bytes(200_000_000))),  # 195 KB that unfold to 200 MB
        base64url(gzip.compress(bytes(16 * 1024)) + b"more"),
        base64url(b"no gzip"),
        "uAAA=",
        "z123",
    ],
    ids=["short", "long", "bomb", "trailing", "no-gzip", "padding", "base58"],
)
def test_broken_lists(encoded):
    with pytest.raises(DocumentError, match="status_list"):
        status_list.decode(encoded)


def test_index_beyond_the_list():
    with pytest.raises(ValueError, match="not in the list"):
        status_list.encode([status_list.LENGTH])
    with pytest.raises(DocumentError):
        status_list.is_set(status_list.decode(status_list.encode([])), status_list.LENGTH)


def test_a_list_is_good_for_seven_days_at_most():
    document = status_list.compose(
        "did:web:a.example", "https://a.example/l.json", "revocation", [], NOW
    )
    assert document["validFrom"] == "2026-11-21T09:30:00Z"
    assert document["validUntil"] == "2026-11-28T09:30:00Z"
    assert document["credentialSubject"]["id"] != document["id"]
