"""New questions join a module's bank: written after what stands there. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from lms.core.errors import Refusal
from lms.curriculum.corrections.files import Files, decoded, encoded, questions_name
from lms.curriculum.corrections.writing import table
from lms.curriculum.format import toml

Row = Mapping[str, Any]
"""A `[[question]]` table."""


def add_questions(files: Files, module: str, rows: Sequence[Row]) -> dict[str, bytes]:
    """The module's questions with the new ones behind them; nothing where there are none.

    Raises Refusal("correction_by_hand").
    """
    name = questions_name(module)
    known = files.get(name, b"")
    if not rows:
        return {}
    blocks = "\n".join(line for row in numbered(files, module, rows) for line in ("", *block(row)))
    text = decoded(known)
    made = f"{text.rstrip()}\n{blocks}\n".lstrip("\n")
    before = toml.parse(text).get("question", [])
    after = toml.parse(made).get("question", [])
    if not isinstance(after, list) or after[: -len(rows)] != before:
        raise Refusal("correction_by_hand")
    return {name: encoded(made, known)}


def block(row: Row) -> list[str]:
    """The lines of a question, the category that it came from above it."""
    values = {key: value for key, value in row.items() if key != "category"}
    comment = [f"# {' '.join(str(row['category']).split())}"] if row.get("category") else []
    return [*comment, "[[question]]", *table(values, "question")]


def numbered(files: Files, module: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows, each with an id that nothing has: where somebody was quicker, the next one."""
    taken = set(known_ids(files, module))
    made = []
    for row in rows:
        stem, _, number = str(row["id"]).rpartition("q")
        turn = int(number)
        while f"{stem}q{turn:02}" in taken:
            turn += 1
        key = f"{stem}q{turn:02}"
        taken.add(key)
        made.append({**row, "id": key})
    return made


def known_ids(files: Files, module: str) -> list[str]:
    """Ids of the questions that the module's file holds."""
    rows = toml.parse(decoded(files.get(questions_name(module), b""))).get("question", [])
    return [str(row.get("id")) for row in rows] if isinstance(rows, list) else []
