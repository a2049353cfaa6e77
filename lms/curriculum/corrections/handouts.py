"""A handout joins a lesson: its file, and what `media.toml` says of it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from lms.core.errors import Refusal
from lms.curriculum.corrections.writing import table
from lms.curriculum.format import toml
from lms.curriculum.rules import Text

MOST_BYTES = 2 * 1024 * 1024
ENDINGS = ("pdf", "webp")
"""What `core.files.accept` makes of the files that are taken."""
_OTHERS = re.compile(r"[^a-z0-9]+")


def handout_name(wanted: str, ending: str) -> str:
    """A file's name as the content format wants it, from the one it came with."""
    stem = _OTHERS.sub("-", wanted.casefold().rpartition(".")[0] or wanted.casefold()).strip("-")
    return f"{stem[:60].strip('-') or 'handout'}.{ending}"


def free_name(files: Mapping[str, bytes], module: str, name: str) -> str:
    """The name, or the first with a number that no file of the module has."""
    stem, _, ending = name.rpartition(".")
    turn, found = 1, name
    while f"modules/{module}/media/{found}" in files:
        turn += 1
        found = f"{stem}-{turn}.{ending}"
    return found


def write_handout(
    files: Mapping[str, bytes], lesson: str, name: str, content: Mapping[str, Any], data: bytes
) -> dict[str, bytes]:
    """The handout's file and the list that names it. Raises Refusal("handout_twice")."""
    module, _, slug = lesson.partition("/")
    place, listing = f"modules/{module}/media/{name}", f"modules/{module}/media.toml"
    if place in files:
        raise Refusal("handout_twice", name=name)
    known = files.get(listing, b"")
    block = "\n".join(["[[file]]", *table(_described(name, slug, content), "file"), ""])
    ends = b"" if not known else b"\n" if known.endswith(b"\n") else b"\n\n"
    added = known + ends + block.encode()
    try:
        toml.parse(added.decode("utf-8-sig"))
    except (toml.BadToml, UnicodeDecodeError):
        raise Refusal("correction_by_hand") from None
    return {place: data, listing: added}


def _described(name: str, lesson: str, content: Mapping[str, Any]) -> dict[str, Any]:
    parts: dict[str, Text] = {
        part: dict(content[part])
        for part in ("title", "description", "transcript")
        if any(content.get(part, {}).values())
    }
    return {"name": name, "lesson": lesson, **parts}
