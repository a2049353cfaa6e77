"""Bitstring Status List 1.0: one bit a certificate, in a list that is signed anew every few days.

A holder could staple an old list to a revoked certificate. So freshness is the signed `validUntil`
of the list, seven days at most, and not a cache header.
"""

import gzip
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from lms.credentials.contexts import STATUS_LIST_CONTEXT
from lms.credentials.facts import instant
from lms.credentials.multibase import base64url, from_base64url
from lms.credentials.strict_json import DocumentError

LENGTH = 131_072
"""Bits in a list: the least that the standard allows (section 3.3), for the herd's privacy."""
LIFETIME = timedelta(days=7)
PURPOSES = ("revocation", "suspension")


def list_url(issuer_url: str, purpose: str, number: int = 1) -> str:
    """Where a list is served: `/status/revocation/1.json`."""
    return f"{issuer_url}/status/{purpose}/{number}.json"


def encode(indices: Iterable[int]) -> str:
    """`encodedList` (section 3.3): GZIP, then Multibase base64url; index 0 is the leftmost bit."""
    bits = bytearray(LENGTH // 8)
    for index in indices:
        if not 0 <= index < LENGTH:
            raise ValueError(f"index {index} is not in the list")
        bits[index // 8] |= 0x80 >> (index % 8)
    return base64url(gzip.compress(bytes(bits), mtime=0))


def decode(encoded: str) -> bytes:
    """The bits of an `encodedList` (section 3.4). Raises DocumentError("status_list_length")."""
    try:
        data = from_base64url(encoded)
        unzip = zlib.decompressobj(wbits=31)
        bits = unzip.decompress(data, LENGTH // 8 + 1)
    except (ValueError, zlib.error) as error:
        raise DocumentError("status_list_broken") from error
    if len(bits) != LENGTH // 8 or not unzip.eof or unzip.unused_data:
        raise DocumentError("status_list_length")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit of `index` is 1. Raises DocumentError for an index beyond the list."""
    if not 0 <= index < len(bits) * 8:
        raise DocumentError("status_list_length")
    return bool(bits[index // 8] & (0x80 >> (index % 8)))


def compose(
    did: str, url: str, purpose: str, indices: Iterable[int], now: datetime
) -> dict[str, Any]:
    """The list as a credential without proofs (section 2.2), good for `LIFETIME` from `now`."""
    return {
        "@context": list(STATUS_LIST_CONTEXT),
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": instant(now),
        "validUntil": instant(now + LIFETIME),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(indices),
        },
    }
