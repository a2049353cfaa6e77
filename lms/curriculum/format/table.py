"""Reading values from a parsed file: each has the right type, or a fault says how to mend it.

A reader never stops at a fault: it returns a harmless value and goes on, so that an author sees
every fault of every file at once. What was read from a faulty file is never published.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from lms.curriculum.format.faults import (
    IDENT,
    UNWRITTEN,
    Fault,
    control_character,
    foreign_letters,
    listed,
    shown,
)
from lms.curriculum.format.toml import Path, line_at
from lms.curriculum.rules import Text

Option = TypeVar("Option", bound=StrEnum)
MAX_NUMBER = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One file being read: its name, its lines, the languages it must speak, its faults."""

    file: str
    languages: Sequence[str]
    faults: list[Fault]
    lines: Mapping[Path, int] = field(default_factory=dict)

    def fault(self, path: Path, message: str, remedy: str) -> None:
        """Record a fault at the line where `path` stands."""
        self.fault_at(line_at(self.lines, path), message, remedy)

    def fault_at(self, line: int, message: str, remedy: str) -> None:
        """Record a fault at a line."""
        self.faults.append(Fault(self.file, line, message, remedy))


class Table:
    """A TOML table under reading; `close` reports the keys that nobody asked for."""

    def __init__(self, source: Source, values: Mapping[str, object], path: Path = ()) -> None:
        self.source = source
        self.path = path
        self._values = values
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def fault(self, key: str | None, message: str, remedy: str) -> None:
        """Record a fault at a key of this table, or at the table itself."""
        self.source.fault((*self.path, key) if key else self.path, message, remedy)

    def names(self) -> tuple[str, ...]:
        """The keys that stand in this table."""
        return tuple(self._values)

    def get(self, key: str) -> object:
        """The raw value of a key, or None; the key counts as known."""
        self._known.add(key)
        return self._values.get(key)

    def string(self, key: str, default: str | None = None) -> str:
        """A text of one language-free line."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.fault(key, f"`{key}` must be a text", f'Write {key} = "…".')
            return default or ""
        self._check_characters(key, value)
        return value.strip()

    def ident(self, key: str = "id") -> str:
        """A kebab-case id."""
        value = self.string(key)
        if value and not IDENT.fullmatch(value):
            self.fault(
                key, f"{shown(value)} is not an id", "Use lower-case letters, digits, hyphens."
            )
        return value

    def number(self, key: str, least: int, most: int = MAX_NUMBER, default: int = -1) -> int:
        """A whole number between two bounds; without a default it must be there."""
        value = self.get(key)
        if value is None and default >= 0:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(
                key,
                f"`{key}` must be a whole number from {least} to {most}",
                f"Write {key} = {least} or more, without quotes.",
            )
            return least
        return value

    def decimal(self, key: str, least: float, most: float) -> float:
        """A number between two bounds."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            value = None
        if value is None or not least <= value <= most:
            self.fault(key, f"`{key}` must be a number from {least} to {most}", "Mend the number.")
            return least
        return float(value)

    def flag(self, key: str) -> bool | None:
        """True, false, or None where it is left out."""
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.fault(key, f"`{key}` must be true or false", f"Write {key} = true.")
            return None
        return value

    def choice(self, key: str, options: type[Option], default: Option | None = None) -> Option:
        """One of the members of an enum."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value in {option.value for option in options}:
            return options(value)
        self.fault(key, f"`{key}` is {shown(value)}", f"Write one of: {listed(options)}.")
        return next(iter(options))

    def idents(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of ids, each once."""
        values = self.items(key, required=required)
        names = tuple(value for value in values if isinstance(value, str))
        if len(names) != len(values) or not all(IDENT.fullmatch(name) for name in names):
            self.fault(key, f"`{key}` must be a list of ids", f'Write {key} = ["one-id", …].')
            return ()
        if len(set(names)) != len(names):
            self.fault(key, f"`{key}` names the same id twice", "Name each id once.")
        return tuple(dict.fromkeys(names))

    def items(self, key: str, *, required: bool = False) -> list[object]:
        """A list of anything."""
        value = self.get(key)
        if value is None and not required:
            return []
        if not isinstance(value, list) or (required and not value):
            self.fault(key, f"`{key}` must be a list", f"Write {key} = [ … ].")
            return []
        return value

    def seeds(self) -> None:
        """Rows of the source documents served here: for authors, not kept in the release."""
        for row in self.items("seeds"):
            if not isinstance(row, str):
                self.fault("seeds", "`seeds` must be a list of texts", 'Write seeds = ["D16"].')
                return

    def table(self, key: str) -> "Table | None":
        """A table inside this one; it must be there."""
        value = self.get(key)
        if not isinstance(value, dict):
            self.fault(key, f"`[{key}]` is missing", f"Add a table [{key}].")
            return None
        return Table(self.source, value, (*self.path, key))

    def tables(self, key: str, *, required: bool = True) -> list["Table"]:
        """The tables written `[[key]]`."""
        value = self.get(key)
        if value is None and not required:
            return []
        rows = value if isinstance(value, list) else []
        tables = [
            Table(self.source, row, (*self.path, key, position))
            for position, row in enumerate(rows)
            if isinstance(row, dict)
        ]
        if not tables or len(tables) != len(rows):
            self.fault(key, f"`[[{key}]]` is missing or not a table", f"Add [[{key}]] tables.")
        return tables

    def text(self, key: str) -> Text:
        """A text in every language: `[key]` with one line a language."""
        table = self.table(key)
        if table is None:
            return dict.fromkeys(self.source.languages, "")
        text = table.own_text()
        table.close()
        return text

    def own_text(self) -> Text:
        """The languages written straight into this table, beside its other keys."""
        text: dict[str, str] = {}
        for language in self.source.languages:
            value = self.get(language)
            if not isinstance(value, str) or not value.strip():
                self.fault(
                    language if language in self else None,
                    f"no text in language `{language}`",
                    f'Add {language} = "…".',
                )
                value = ""
            self._check_characters(language, value)
            self._check_words(language, value)
            text[language] = value.strip()
        return text

    def close(self) -> None:
        """Report the keys that are not part of the format."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                remedy = f"Did you mean `{near[0]}`?" if near else "Remove it or mend its name."
                self.fault(key, f"unknown key {shown(key)}", remedy)

    def _check_words(self, language: str, value: str) -> None:
        if value.strip().casefold() in UNWRITTEN:
            self.fault(
                language, f"`{language}` is {shown(value.strip())}", "Write the text itself."
            )
        elif letters := foreign_letters(value, language):
            self.fault(
                language, f"`{language}` in {letters} letters", "Write the text in its language."
            )

    def _check_characters(self, key: str, value: str) -> None:
        if character := control_character(value):
            self.fault(key, f"a hidden character {character} in `{key}`", "Remove it.")


def report_duplicates(tables: Sequence[tuple[Table, str]], what: str) -> None:
    """Fault each id that an earlier table has already taken."""
    taken: set[str] = set()
    for table, name in tables:
        if name and name in taken:
            table.fault("id", f"{what} {shown(name)} stands twice", "Give each its own id.")
        taken.add(name)
