"""Reading TOML and front matter, keeping in mind the line on which each key stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\-\"' ]+?)\s*=")
_LINE_IN_MESSAGE = re.compile(r"\s*\(at line (\d+), column \d+\)")
_FENCE = "+++"


class BadToml(ValueError):
    """The text is not TOML; `line` is the best known place."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


KEPT = 500
"""Files and front matters that are remembered as read: a correction changes one of them."""


@lru_cache(KEPT)
def read(text: str) -> tuple[Mapping[str, object], Mapping[Path, int]]:
    """Values and lines of a TOML text, only to be looked at. Raises `BadToml`."""
    return parse(text), lines_of(text)


def parse(text: str) -> dict[str, object]:
    """The values of a TOML text. Raises `BadToml`, whatever the text."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, ValueError) else "too deeply nested"
        place = _LINE_IN_MESSAGE.search(said)
        line = int(place.group(1)) if place else text.count("\n") + 1
        said = _LINE_IN_MESSAGE.sub("", said).replace(" (at end of document)", " at the end")
        raise BadToml(said, line) from None


def lines_of(text: str) -> dict[Path, int]:
    """The line of each table header and key, as well as a simple scan can tell."""
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in lines_outside_strings(text):
        if header := _HEADER.match(line):
            table = _enter(header.group(2), repeated=header.group(1) == "[[", counts=counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_keys(key.group(1))), number)
    return found


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a value, or of the nearest thing around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def split_front_matter(text: str) -> tuple[str, str, int] | None:
    """Front matter, body, and the number of lines before the body; None without both fences."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            # The blank line in front keeps line numbers those of the file.
            return "\n" + "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 1
    return None


def lines_outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, those inside multi-line strings left out."""
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if fence:
            if line.count(fence) % 2:
                fence = ""
            continue
        yield number, line
        for mark in ('"""', "'''"):
            if line.count(mark) % 2:
                fence = mark


def _keys(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _enter(dotted: str, *, repeated: bool, counts: dict[Path, int]) -> Path:
    """The path of a table header; tables inside `[[…]]` belong to the latest one."""
    path: Path = ()
    parts = _keys(dotted)
    for position, part in enumerate(parts):
        path = (*path, part)
        last = position == len(parts) - 1
        if last and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
