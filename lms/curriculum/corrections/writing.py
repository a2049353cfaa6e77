"""Changing values in a TOML text and leaving every other byte of it alone. Pure.

A changed value is written into its own line. Where that cannot be done (rows came or went, a text
ran over several lines), the whole block is written anew, with its comments. What was written is
read again before it is given back: it holds exactly the wanted values, or nothing is changed.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from lms.core.errors import Refusal
from lms.curriculum.format import toml

Values: TypeAlias = Mapping[str, Any]
_VALUE = re.compile(r"(\s*[^=\s]+\s*=\s*)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def rewrite(text: str, old: Values, new: Values, at: toml.Path = ()) -> str:
    """`text` with the table at `at` changed from `old` to `new`.

    Raises Refusal("correction_by_hand") where that cannot be done safely.
    """
    if old == new:
        return text
    wanted = _with(toml.parse(text), at, new)
    for attempt in (_by_lines, _by_block):
        made = attempt(text, old, new, at)
        if made is not None and _reads_as(made, wanted):
            return made
    raise Refusal("correction_by_hand")


def _with(values: Any, at: toml.Path, new: Values) -> Any:
    """All values of the file, with those at `at` exchanged."""
    if not at:
        return dict(new)
    if isinstance(values, list):
        return [_with(v, at[1:], new) if n == at[0] else v for n, v in enumerate(values)]
    return {key: _with(v, at[1:], new) if key == at[0] else v for key, v in values.items()}


def _reads_as(text: str, wanted: Any) -> bool:
    try:
        return bool(toml.parse(text) == wanted)
    except toml.BadToml:
        return False


# Line by line ----------------------------------------------------------------------------------


def _by_lines(text: str, old: Values, new: Values, at: toml.Path) -> str | None:
    lines, places = text.split("\n"), toml.lines_of(text)
    for path in dict.fromkeys(_spot(change, places, at) for change in _changes(old, new, at)):
        match = _VALUE.match(lines[places[path] - 1]) if path is not None else None
        if path is None or match is None:
            return None
        line, inner = lines[places[path] - 1], path[len(at) :]
        kept = _comment(line[match.end() :], _look(old, inner))
        lines[places[path] - 1] = match.group(1) + value(_look(new, inner)) + kept
    return "\n".join(lines)


def _comment(rest: str, old: Any) -> str:
    """What stands behind the old value on its line."""
    for found in re.finditer(r"\s*#", rest):
        if _reads_as(f"x = {rest[: found.start()]}", {"x": old}):
            return rest[found.start() :]
    return ""


def _changes(old: Any, new: Any, at: toml.Path) -> Iterator[toml.Path]:
    """The deepest places at which two values differ."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old:
            yield from _changes(old[key], new[key], (*at, key))
    elif _same_rows(old, new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _changes(one, other, (*at, number))
    elif old != new:
        yield at


def _same_rows(old: Any, new: Any) -> bool:
    rows = isinstance(old, list) and isinstance(new, list) and len(old) == len(new)
    return rows and all(
        isinstance(a, dict) and isinstance(b, dict) and a.get("id") == b.get("id")
        for a, b in zip(old, new, strict=True)
    )


def _spot(path: toml.Path, places: Mapping[toml.Path, int], at: toml.Path) -> toml.Path | None:
    """The line's path on which a value stands: its own, or that of the inline table around it."""
    while path not in places:
        path = path[:-1]
    return path if len(path) > len(at) else None


def _look(values: Any, path: toml.Path) -> Any:
    for key in path:
        values = values[key]
    return values


# The whole block -------------------------------------------------------------------------------


def _by_block(text: str, old: Values, new: Values, at: toml.Path) -> str | None:
    """One `[[name]]` table, or a whole text that is nothing but one table."""
    if not at:
        return "\n".join(["", *table(new, "")]) if text.startswith("\n") else None
    places, lines = toml.lines_of(text), text.split("\n")
    name, number = at
    start = places.get(at)
    if start is None:
        return None
    end = places.get((name, int(number) + 1), len(lines) + 1) - 1
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    kept = _comments("\n".join(lines[start - 1 : end]), old)
    block = _commented([f"[[{name}]]", *table(new, str(name))], new, kept)
    return "\n".join([*lines[: start - 1], *block, *lines[end:]])


_Kept: TypeAlias = dict[tuple[str, ...], list[str]]
"""Comments by the place that they stand at, its rows named by their ids."""


def _comments(block: str, old: Values) -> _Kept:
    """Every comment of one `[[name]]` block, with the place that it is about."""
    spots = {line: path for path, line in toml.lines_of(block).items() if path}
    kept: _Kept = {}
    waiting: list[str] = []
    for number, line in toml.lines_outside_strings(block):
        path = spots.get(number)
        if path is None:
            waiting += [line] if line.lstrip().startswith("#") else []
            continue
        if behind := _behind(line, path, old):
            waiting.append(behind)
        if waiting:
            kept[_named(path, old)] = waiting
            waiting = []
    if waiting:
        kept[()] = waiting
    return kept


def _behind(line: str, path: toml.Path, old: Values) -> str:
    """The comment on a line behind what stands there."""
    if line.lstrip().startswith("["):
        return "".join(line.partition("#")[1:])
    match = _VALUE.match(line)
    return _comment(line[match.end() :], _look(old, path[2:])).strip() if match else ""


def _named(path: toml.Path, values: Any) -> tuple[str, ...]:
    names = []
    for key in path[2:]:
        values = values[key]
        named = isinstance(key, int) and isinstance(values, dict)
        names.append(str(values.get("id", key) if named else key))
    return tuple(names)


def _commented(block: list[str], new: Values, kept: _Kept) -> list[str]:
    """The lines with each comment above what it is about; what is gone leaves its own on top."""
    spots = {line: path for path, line in toml.lines_of("\n".join(block)).items() if path}
    made: list[str] = []
    for number, line in enumerate(block, 1):
        path = spots.get(number)
        made += [*(kept.pop(_named(path, new), []) if path and number > 1 else []), line]
    return [*(comment for comments in kept.values() for comment in comments), *made]


def table(values: Values, name: str) -> list[str]:
    """The lines of a table: its own values first, then the tables within."""
    lines = [f"{_key(k)} = {value(v)}" for k, v in values.items() if not _is_table(v)]
    for key, inner in values.items():
        path = f"{name}.{_key(key)}".lstrip(".")
        if isinstance(inner, dict):
            lines += [f"[{path}]", *table(inner, path)]
        elif _is_table(inner):
            for row in inner:
                lines += [f"[[{path}]]", *table(row, path)]
    return lines


def _is_table(found: Any) -> bool:
    rows = isinstance(found, list) and bool(found) and all(isinstance(v, dict) for v in found)
    return isinstance(found, dict) or rows


def value(found: Any) -> str:
    """One value on one line."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, str):
        return text_value(found)
    if isinstance(found, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {value(v)}" for k, v in found.items()) + "}"
    if isinstance(found, Sequence):
        return "[" + ", ".join(map(value, found)) + "]"
    return found.isoformat() if hasattr(found, "isoformat") else str(found)


def text_value(text: str) -> str:
    """A text between quotes: nothing in it can end it or begin anything else."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else text_value(key)
