"""The code on the trainer's screen: made of a secret and the time, another one each minute. Pure.

Nothing is stored but the secret. The code of the minute before is still taken, for whoever was
typing. 30 signs that are told apart on a screen and over the phone: 729 million codes.
"""

import hmac
import unicodedata
from datetime import datetime

STEP_SECONDS = 60
LENGTH = 6
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def step_of(now: datetime) -> int:
    """The minute that a moment lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """The code of one minute."""
    digest = hmac.digest(secret.encode(), step.to_bytes(8, "big", signed=True), "sha256")
    number = int.from_bytes(digest, "big")
    signs = []
    for _ in range(LENGTH):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs)


def seconds_left(now: datetime) -> int:
    """Until the next code."""
    return STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS


def tidy(typed: str) -> str:
    """What somebody typed, as it is compared: small letters, spaces, other digits do no harm."""
    signs = []
    for sign in unicodedata.normalize("NFKC", typed).upper():
        digit = unicodedata.digit(sign, None)
        if digit is not None:
            signs.append(str(digit))
        elif sign.isascii() and sign.isalnum():
            signs.append(sign)
    return "".join(signs)[: LENGTH + 1]


def fits(secret: str, typed: str, now: datetime) -> bool:
    """Whether this is the code of now, or of the minute before."""
    if not secret:
        return False
    code, step = tidy(typed).encode(), step_of(now)
    found = [hmac.compare_digest(code_at(secret, one).encode(), code) for one in (step, step - 1)]
    return any(found)
