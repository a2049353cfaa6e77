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
        return f"{self.file}:{self.line}: {self.message}. {self.remedy}"


def shown(value: object, limit: int = 60) -> str:
    """A value quoted for a message: one line, printable, short."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"


def listed(values: Iterable[object]) -> str:
    """Values in a row for a message."""
    return ", ".join(str(value) for value in values)


_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def control_character(text: str) -> str | None:
    """Name of the first character that has no place in a text, if any.

    Tabs and line ends are fine, and so are the marks that Arabic needs around Latin words;
    embedding overrides are not, since they can make a text read otherwise than it is written.
    """
    found = _HIDDEN.search(text)
    return f"U+{ord(found.group()):04X}" if found else None
