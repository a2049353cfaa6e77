"""Words as people compare them: accents, case, hamza, vowel marks and hyphens do not count."""

import unicodedata

_SAME = str.maketrans(
    dict.fromkeys("أإآٱ", "ا")
    | {"ؤ": "و", "ئ": "ي", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ء": "", "ـ": ""}
    | {"œ": "oe", "æ": "ae", "ı": "i", "ø": "o", "ł": "l"}
    | dict.fromkeys("’‘ʼʹ`", "'")
    | dict.fromkeys("-‐‑‒–—_", " ")
    | {digit: str(value) for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(row)}
)


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
