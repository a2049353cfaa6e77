"""Comparing words as people do: accents, case, hamza, vowel marks and hyphens do not count."""

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.folding import fold

__all__ = ["fold", "matches"]

_LONGEST = 200
"""Characters of a search that count: databases refuse patterns without end."""


def matches(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Rows whose folded `column` holds every word asked for, in any order."""
    return and_(True, *(column.contains(word, autoescape=True) for word in _asked(words)))


def _asked(words: str) -> list[str]:
    return fold(words[:_LONGEST]).split()[:8]
