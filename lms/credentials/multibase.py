"""Bytes as text: Multibase (Controlled Identifiers 1.0, section 2.4): base58btc and base64url."""

import base64
import binascii

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {symbol: value for value, symbol in enumerate(_BASE58)}
ED25519_MULTICODEC = b"\xed\x01"
_MAX_BASE58 = 256


def base58btc(data: bytes) -> str:
    """`data` as Multibase: ``z`` and base 58 in Bitcoin's alphabet."""
    number = int.from_bytes(data)
    digits = []
    while number:
        number, rest = divmod(number, 58)
        digits.append(_BASE58[rest])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(digits))


def from_base58btc(text: str) -> bytes:
    """Inverse of `base58btc`. Raises ValueError for anything that it would not have written."""
    if not text.startswith("z") or len(text) > _MAX_BASE58:
        raise ValueError("not Multibase base58btc")
    number = 0
    for symbol in text[1:]:
        if symbol not in _VALUE:
            raise ValueError("not base 58")
        number = number * 58 + _VALUE[symbol]
    body = text[1:]
    zeros = len(body) - len(body.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(public: bytes) -> str:
    """Multikey of an Ed25519 public key of 32 bytes (Controlled Identifiers 1.0, section 2.2.2)."""
    return base58btc(ED25519_MULTICODEC + public)


def from_multikey(text: str) -> bytes:
    """The 32 bytes of an Ed25519 Multikey. Raises ValueError for any other key."""
    data = from_base58btc(text)
    if data[:2] != ED25519_MULTICODEC or len(data) != 34:
        raise ValueError("not an Ed25519 Multikey")
    return data[2:]


def base64url(data: bytes) -> str:
    """`data` as Multibase ``u``: base64url without padding."""
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Inverse of `base64url`. Raises ValueError for anything that it would not have written."""
    if not text.startswith("u"):
        raise ValueError("not Multibase base64url")
    body = text[1:]
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if base64url(data) != text:
        raise ValueError("not canonical base64url")
    return data
