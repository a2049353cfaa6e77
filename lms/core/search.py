"""Comparing words as people do: accents, case, hamza, vowel marks and hyphens do not count."""

import unicodedata

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

_SAME = str.maketrans(
    dict.fromkeys("أإآٱ", "ا")
    | {"ؤ": "و", "ئ": "ي", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ء": "", "ـ": ""}
    | {"œ": "oe", "æ": "ae", "ı": "i", "ø": "o", "ł": "l"}
    | dict.fromkeys("’‘ʼʹ`", "'")
    | dict.fromkeys("-‐‑‒–—_", " ")
    | {digit: str(value) for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(row)}
)
_LONGEST = 200
"""Characters of a search that count: databases refuse patterns without end."""


def fold(text: str) -> str:
    """`Élodie` → `elodie`; `أحمد` → `احمد`; `N’Diaye` → `n'diaye`; runs of space become one."""
    if text.isascii():
        text = text.lower().translate(_SAME)
    else:
        text = text.replace("´", "'")
        for _ in range(2):  # folding case may bring new marks
            text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = "".join(c for c in text.translate(_SAME) if not unicodedata.combining(c))
    words = ("".join(c for c in word if unicodedata.category(c)[0] != "C") for word in text.split())
    return " ".join(word for word in words if word)


def matches(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Rows whose folded `column` holds every word asked for, in any order."""
    return and_(True, *(column.contains(word, autoescape=True) for word in _asked(words)))


def _asked(words: str) -> list[str]:
    return fold(words[:_LONGEST]).split()[:8]
