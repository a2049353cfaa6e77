"""Rules of what a device sends: its shape and size, its fingerprint, its receipt."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import rfc8785

from lms.fieldwork.entries.rules import Fault
from lms.fieldwork.rules import SyncKind

MAX_ITEMS = 50
"""In one batch; a device with more sends several."""
MAX_FILE_ITEMS = 500
"""In a file that a device has saved."""
MAX_ITEM_BYTES = 24 * 1024
MAX_PHOTOS = 3
MAX_DEPTH = 3
YEARS = range(1970, 2201)
"""What a device's clock may say and still be shown."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
"""Control characters, marks that turn text round, and what no database keeps."""


class Unreadable(Exception):
    """An item that cannot be taken as it is: each fault names its field."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


@dataclass(frozen=True)
class Item:
    """One thing that a device sent, as it was sent."""

    id: UUID
    kind: SyncKind
    claimed_at: datetime
    content: Mapping[str, Any]
    content_hash: str

    @property
    def receipt(self) -> str:
        """A short word for what was received: the same for the same content."""
        text = self.content_hash[:12].upper()
        return "-".join(text[at : at + 4] for at in range(0, 12, 4))


def read_item(raw: Any) -> Item:
    """One item of a batch. Raises Unreadable."""
    if not isinstance(raw, dict):
        raise Unreadable(Fault("", "sync_unreadable"))
    key, kind = _key(raw.get("id")), _kind(raw.get("kind"))
    content = raw.get("content")
    if key is None or kind is None or not isinstance(content, dict) or not is_plain(content):
        raise Unreadable(Fault("", "sync_unreadable"))
    if len(json.dumps(content).encode()) > MAX_ITEM_BYTES:
        raise Unreadable(Fault("", "sync_too_long", {"limit": MAX_ITEM_BYTES // 1024}))
    claimed_at = read_time(raw.get("claimed_at"))
    if claimed_at is None:
        raise Unreadable(Fault("claimed_at", "sync_time"))
    return Item(key, kind, claimed_at, content, content_hash(key, kind, content))


def content_hash(key: UUID, kind: SyncKind, content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of what was sent, the device's clock apart."""
    document = {"id": str(key), "kind": kind.value, "content": dict(content)}
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def is_plain(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether a value is made of clean texts, small whole numbers, lists and objects of these."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) < 2**31
    if isinstance(value, str):
        return not _UNKEPT.search(value)
    if depth == 0:
        return False
    if isinstance(value, dict):
        return all(is_plain(key) and is_plain(one, depth - 1) for key, one in value.items())
    return isinstance(value, list) and all(is_plain(one, depth - 1) for one in value)


def _key(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def _kind(value: Any) -> SyncKind | None:
    try:
        return SyncKind(value) if isinstance(value, str) else None
    except ValueError:
        return None


def read_time(value: Any) -> datetime | None:
    """What a device's clock said, in UTC; None if it cannot be read."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in YEARS else None


def is_sha256(value: Any) -> bool:
    """Whether it reads like a SHA-256 in hex."""
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def is_same(sha256: str, data: bytes) -> bool:
    """Whether the fingerprint is that of the bytes."""
    return hashlib.sha256(data).hexdigest() == sha256


def photo_key(entry_id: UUID, sha256: str) -> UUID:
    """The key of a photo: the same file sent again for the same entry is the same photo."""
    return uuid5(entry_id, sha256)


def id_of(raw: Any) -> str | None:
    """What an unreadable item was called, so that the device finds it again."""
    found = raw.get("id") if isinstance(raw, dict) else None
    return found[:36] if isinstance(found, str) and is_plain(found[:36]) else None


def read_batch(body: Any, most: int = MAX_ITEMS) -> Sequence[Any] | None:
    """The items of a request or of a file; None if it is none, or holds too many."""
    found = body.get("entries") if isinstance(body, dict) else None
    if not isinstance(found, list) or len(found) > most:
        return None
    return found
