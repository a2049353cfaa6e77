"""Rules about persons and ways in."""

from enum import StrEnum


class TokenKind(StrEnum):
    """Ways in that are used once."""

    INVITATION = "invitation"
    RESET = "reset"
    CODE = "code"
