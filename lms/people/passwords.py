"""Password hashes: argon2id, OWASP's parameters. Slow on purpose: never inside a transaction."""

import os
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

OWASP = (2, 19 * 1024, 1)
"""Passes, KiB of memory, lanes. Source: OWASP Password Storage Cheat Sheet."""
CHEAP = (1, 8, 1)
"""For tests alone."""

# each hash takes 19 MiB and a whole core: no more at once than there are cores
_turn = BoundedSemaphore(os.cpu_count() or 1)


@cache
def _hasher(cheap: bool) -> PasswordHasher:
    return PasswordHasher(*(CHEAP if cheap else OWASP))


def _bytes(password: str) -> bytes:
    # the same letters, however a keyboard composed them; lone surrogates match nothing
    return unicodedata.normalize("NFC", password)[:1024].encode("utf-8", "replace")


def hash_password(password: str, *, cheap: bool = False) -> str:
    """The hash to keep."""
    with _turn:
        return _hasher(cheap).hash(_bytes(password))


@cache
def dummy_hash(cheap: bool = False) -> str:
    """A hash that no password fits, as costly to check as a real one."""
    return hash_password(os.urandom(16).hex(), cheap=cheap)


def verify(password_hash: str, password: str) -> bool:
    """Whether the password fits."""
    with _turn:
        try:
            return _hasher(False).verify(password_hash, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str, *, cheap: bool = False) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher(cheap).check_needs_rehash(password_hash)
