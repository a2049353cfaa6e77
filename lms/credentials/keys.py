"""Signing keys: Ed25519, one file each, readable by their owner alone.

A key is named `key-2026-01`: year and count. It is published before its first use, so that whoever
keeps the published keys for a while already knows it; retired keys stay published for ever.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.credentials.facts import instant, read_instant
from lms.credentials.multibase import from_multikey, multikey

LEAD_TIME = timedelta(hours=1)
"""How long a new key is published before it signs: longer than did.json is cached."""


class SigningKeyError(Exception):
    """A key cannot be used; the message says what to do."""


@dataclass(frozen=True)
class PublicKey:
    """What the world knows of a key."""

    kid: str
    public: bytes
    """32 bytes (RFC 8032, section 5.1.5)."""
    created_at: datetime
    signs_from: datetime
    retired_at: datetime | None = None

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether this key signed `data`."""
        return verify(self.public, signature, data)


class Signer(Protocol):
    """Whatever signs: a file here, a hardware module elsewhere."""

    @property
    def kid(self) -> str:
        """Name of the key."""

    def sign(self, data: bytes) -> bytes:
        """Ed25519 signature of 64 bytes; the same for the same data."""


@dataclass(frozen=True)
class KeySigner:
    """A private key in memory."""

    kid: str
    private: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """Sign `data` (RFC 8032, section 5.1.6: deterministic)."""
        return self.private.sign(data)


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `public` (32 bytes) signed `data`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


class FileKeyStore:
    """Keys in a folder: `<kid>.pem` (mode 0600, encrypted if there is a passphrase), `keys.json`.

    `keys.json` holds the public half of all keys, so that those who only verify need no passphrase.
    """

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        self.folder = folder
        self._passphrase = passphrase.encode() or None
        self._signers: dict[str, KeySigner] = {}
        self._read: tuple[tuple[int, int], tuple[PublicKey, ...]] = ((0, 0), ())

    def published(self) -> tuple[PublicKey, ...]:
        """All keys, oldest first; read again when the file changes."""
        path = self.folder / "keys.json"
        try:
            status = path.stat()
        except FileNotFoundError:
            return ()
        stamp = (status.st_mtime_ns, status.st_ino)
        if self._read[0] != stamp:
            self._read = (stamp, tuple(_from_row(row) for row in json.loads(path.read_bytes())))
        return self._read[1]

    def active(self, now: datetime) -> PublicKey:
        """The key that signs at `now`. Raises SigningKeyError when there is none."""
        usable = [
            key for key in self.published() if key.signs_from <= now and key.retired_at is None
        ]
        if not usable:
            raise SigningKeyError("there is no signing key: run `lms keys rotate`")
        return usable[-1]

    def signer(self, kid: str) -> KeySigner:
        """The private key called `kid`, kept in memory once read. Raises SigningKeyError."""
        if kid not in self._signers:
            path = self.folder / f"{kid}.pem"
            try:
                private = serialization.load_pem_private_key(path.read_bytes(), self._passphrase)
            except FileNotFoundError:
                raise SigningKeyError(f"{path} is missing: restore it from the backup") from None
            except (ValueError, TypeError):
                raise SigningKeyError(f"{path} does not open: check LMS_KEY_PASSPHRASE") from None
            if not isinstance(private, Ed25519PrivateKey):
                raise SigningKeyError(f"{path} is not an Ed25519 key")
            self._signers[kid] = KeySigner(kid, private)
        return self._signers[kid]

    def ensure(self, now: datetime) -> PublicKey:
        """The key that signs at `now`, made if there is none yet."""
        with self._locked():
            if not self.published():
                return self._create(now, now)
        return self.active(now)

    def rotate(self, now: datetime, lead: timedelta = LEAD_TIME) -> PublicKey:
        """Make and publish the next key; it signs after `lead`, at once if it is the first."""
        with self._locked():
            return self._create(now, now + lead if self.published() else now)

    def retire(self, kid: str, now: datetime) -> None:
        """Never sign with `kid` again; it stays published, so that what it signed verifies."""
        with self._locked():
            keys = [
                replace(key, retired_at=now) if key.kid == kid and not key.retired_at else key
                for key in self.published()
            ]
            self._publish(keys)

    def _create(self, now: datetime, signs_from: datetime) -> PublicKey:
        keys = self.published()
        count = sum(key.kid.startswith(f"key-{now.year}-") for key in keys)
        private = Ed25519PrivateKey.generate()
        key = PublicKey(
            f"key-{now.year}-{count + 1:02d}",
            private.public_key().public_bytes_raw(),
            now,
            signs_from,
        )
        encryption: serialization.KeySerializationEncryption = (
            serialization.BestAvailableEncryption(self._passphrase)
            if self._passphrase
            else serialization.NoEncryption()
        )
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        )
        _write(self.folder / f"{key.kid}.pem", pem, 0o600)
        self._publish([*keys, key])
        return key

    def _publish(self, keys: list[PublicKey]) -> None:
        rows = json.dumps([_to_row(key) for key in keys], indent=1).encode()
        _write(self.folder / "keys.json", rows, 0o644)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write all or nothing, on the disk before it takes its name."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _to_row(key: PublicKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "publicKeyMultibase": multikey(key.public),
        "created_at": instant(key.created_at),
        "signs_from": instant(key.signs_from),
        "retired_at": instant(key.retired_at) if key.retired_at else None,
    }


def _from_row(row: dict[str, Any]) -> PublicKey:
    retired = row["retired_at"]
    return PublicKey(
        row["kid"],
        from_multikey(row["publicKeyMultibase"]),
        read_instant(row["created_at"]),
        read_instant(row["signs_from"]),
        read_instant(retired) if retired else None,
    )
