"""Comparing words as people do: accents, case, hamza and vowel marks do not count."""

import unicodedata

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه", "ء": "", "ـ": ""})


def fold(text: str) -> str:
    """`Élodie` → `elodie`; `أحمد` → `احمد`; runs of space become one."""
    text = text.translate(_ARABIC)
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def matches(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Rows whose folded `column` holds every word asked for, in any order."""
    return and_(True, *(column.contains(word, autoescape=True) for word in fold(words).split()[:8]))
