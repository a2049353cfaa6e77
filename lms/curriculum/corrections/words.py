"""What differs between two texts, word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\S+\s*|\s+")
MOST_WORDS = 1_000
MOST_LINES = 400
"""Longer passages are shown as taken out and put in: comparing them would take too long."""
KEPT_LINES = 1
"""Unchanged lines shown on either side of a change."""


class Part(StrEnum):
    """What became of some words."""

    SAME = "same"
    OUT = "out"
    IN = "in"
    SKIPPED = "skipped"
    """Lines that stand as they were, left out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words with what became of them."""

    part: Part
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The way from one text to the other; nothing where they are the same."""
    old, new = before.split("\n"), after.split("\n")
    if old == new:
        return []
    if max(len(old), len(new)) > MOST_LINES:
        return [Piece(Part.OUT, before), Piece(Part.IN, after)]
    pieces: list[Piece] = []
    blocks = SequenceMatcher(None, old, new).get_opcodes()
    for number, (tag, i, j, k, m) in enumerate(blocks):
        if tag == "equal":
            pieces += _around(old[i:j], first=number == 0, last=number == len(blocks) - 1)
        else:
            pieces += _by_words(_lines(old[i:j]), _lines(new[k:m]))
    return list(_joined(pieces))


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _around(lines: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """The lines next to a change; those further off are only mentioned."""
    head = 0 if first else KEPT_LINES
    tail = 0 if last else KEPT_LINES
    hidden = len(lines) - head - tail
    if hidden <= 1:
        yield Piece(Part.SAME, _lines(lines))
        return
    if head:
        yield Piece(Part.SAME, _lines(lines[:head]))
    yield Piece(Part.SKIPPED, str(hidden))
    if tail:
        yield Piece(Part.SAME, _lines(lines[-tail:]))


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        yield Piece(Part.OUT, before)
        yield Piece(Part.IN, after)
        return
    for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield Piece(Part.SAME, "".join(old[i:j]))
            continue
        if i < j:
            yield Piece(Part.OUT, "".join(old[i:j]))
        if k < m:
            yield Piece(Part.IN, "".join(new[k:m]))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours of the same kind as one; white space between two exchanged words joins them."""
    held: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if held is not None and held.part is piece.part is not Part.SKIPPED:
            held = Piece(held.part, held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held
