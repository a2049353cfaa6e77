"""Register numbers, and the code that a person types from the paper.

The code is 12 symbols of Crockford's base 32 (60 random bits) in three groups, and a check symbol:
the number modulo 37 (Douglas Crockford, "Base 32", section "Check symbol"). It finds every single
wrong symbol and every exchange of neighbours.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from lms.core.errors import Refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
GROUP = 4
_CHECK_MODULUS = 37
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATOR = re.compile(
    r"[\s\-_.·:/\u00ad\u0640\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069]"
)
_NUMBER = re.compile(r"TC-(\d{4})-(\d{6,})")
_MAX_TYPED = 64


def check_symbol(symbols: str) -> str | None:
    """Check symbol of `symbols`; None where Crockford's would be one of ``* ~ $ = U``.

    Such numbers are never given out, so a code holds letters and digits only.
    """
    value = 0
    for symbol in symbols:
        value = value * 32 + ALPHABET.index(symbol)
    rest = value % _CHECK_MODULUS
    return ALPHABET[rest] if rest < len(ALPHABET) else None


def new_code() -> str:
    """A fresh random code, as stored: 13 symbols without separators."""
    while True:
        symbols = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))
        if check := check_symbol(symbols):
            return symbols + check


def new_token() -> str:
    """A fresh public token: 128 random bits, for addresses."""
    return secrets.token_urlsafe(16)


def show_code(code: str) -> str:
    """The code as printed: ``7F3K-92QD-XM4T-8``."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def parse_code(typed: str) -> str:
    """The stored form of what a person typed.

    Forgives case, spaces, dashes and invisible marks, O for 0, I and L for 1, and digits of other
    scripts. Raises Refusal("code_length" | "code_symbol" | "code_check").
    """
    if len(typed) > _MAX_TYPED:
        raise Refusal("code_length", expected=SYMBOLS + 1)
    plain = _western_digits(unicodedata.normalize("NFKC", typed))
    symbols = _SEPARATOR.sub("", plain).upper().translate(_LOOKALIKES)
    for symbol in symbols:
        if symbol not in ALPHABET:
            raise Refusal("code_symbol", symbol=symbol)
    if len(symbols) != SYMBOLS + 1:
        raise Refusal("code_length", expected=SYMBOLS + 1)
    if check_symbol(symbols[:SYMBOLS]) != symbols[SYMBOLS]:
        raise Refusal("code_check")
    return symbols


def _western_digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )


@dataclass(frozen=True, order=True)
class RegisterNumber:
    """Place of a certificate in the register: the year and the count in that year."""

    year: int
    count: int

    def __str__(self) -> str:
        return f"TC-{self.year:04d}-{self.count:06d}"

    @classmethod
    def parse(cls, text: str) -> "RegisterNumber":
        """Read ``TC-2026-000123``, forgiving case and spaces. Raises Refusal("register_number")."""
        plain = _western_digits("".join(text.split()).upper())
        if (match := _NUMBER.fullmatch(plain)) is None:
            raise Refusal("register_number")
        return cls(int(match[1]), int(match[2]))
