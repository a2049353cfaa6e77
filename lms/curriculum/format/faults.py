"""What is wrong in a content file, where, and how to mend it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

IDENT = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
"""Ids are kebab-case (roles may hold an underscore); they are stable and never change meaning."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend before the content can be published."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{printable(self.file)}:{self.line}: {self.message}. {self.remedy}"


def printable(text: str) -> str:
    """The text without what a terminal cannot show."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def shown(value: object, limit: int = 60) -> str:
    """A value quoted for a message: one line, printable, short."""
    text = printable(str(value))
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"


def listed(values: Iterable[object]) -> str:
    """Values in a row for a message."""
    return ", ".join(str(value) for value in values)


_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\ufeff\ud800-\udfff]")
_ARABIC = re.compile(r"[\u0620-\u064a\u0671-\u06d3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
MANY_LETTERS = 60
"""Shorter texts in Latin letters may be a name or an abbreviation that Arabic writes so too."""
UNWRITTEN = {"todo", "tbd", "xxx", "fixme", "à faire", "à traduire", "...", "…"}
"""What authors write in place of a text."""


def control_character(text: str) -> str | None:
    """Name of the first character that has no place in a text, if any.

    Tabs and line ends are fine, and so are the marks that Arabic needs around Latin words;
    embedding overrides are not, since they can make a text read otherwise than it is written, nor
    are spaces without width, which come along from other programs and hide words from a search.
    """
    found = _HIDDEN.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def foreign_letters(text: str, language: str, least: int = MANY_LETTERS) -> str:
    """Name of the letters in which a text stands that are not those of its language, else ''."""
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if language == "ar":
        return "Latin" if not arabic and latin >= least else ""
    return "Arabic" if language in {"fr", "en"} and arabic > latin else ""
