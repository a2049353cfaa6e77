"""What changed in a text from one version to the next, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\S+\s*|\s+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
FEW_WORDS = 1_500
"""Above this, whole lines are compared: a page must not take seconds."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `change` is "", "del" or "ins"."""

    change: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Both texts in one: what stayed, what is gone, what is new."""
    old, new = _parts(before, after)
    return list(_pieces(old, new))


def _parts(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) <= FEW_WORDS:
        return old, new
    return _LINE.findall(before), _LINE.findall(after)


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for kind, start, end, from_, to in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece("", "".join(new[from_:to]))
            continue
        if end > start:
            yield Piece("del", "".join(old[start:end]))
        if to > from_:
            yield Piece("ins", "".join(new[from_:to]))
