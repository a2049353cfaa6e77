"""A handout joins a lesson: its file, and what `media.toml` says of it. Pure."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO

from lms.core import files as uploads
from lms.core.errors import Refusal
from lms.curriculum.corrections.writing import table
from lms.curriculum.format import toml
from lms.curriculum.format.kinds import SOUND, TYPES, is_of_kind, table_of
from lms.curriculum.rules import Text

MOST_BYTES = 2 * 1024 * 1024
ACCEPTED = "PDF, JPEG, PNG, WebP, MP3, CSV, ODT"
_FORMULA = re.compile(r"\s*(?:[=@]|[+-](?![\d\s.,]*$))")
"""What a program for tables would calculate."""
_SEPARATORS = ",;\t"
"""What parts the cells: programs for tables take the one of their country."""
_PROGRAMS = ("Basic/", "Scripts/")
"""Where an OpenDocument file keeps its macros."""
_OTHERS = re.compile(r"[^a-z0-9]+")


def accept(stream: BinaryIO, name: str) -> uploads.Upload:
    """Read and check a handout by its bytes; pictures and sound lose what they tell beside.

    Raises Refusal as `core.files.accept`, and handout_too_large, handout_formula, handout_macro.
    """
    data = stream.read(uploads.LIMIT_MB * 1024 * 1024 + 1)
    if data.startswith(b"PK"):
        upload = _document(data, name)
    elif name.casefold().endswith(".csv"):
        upload = _table(data, name)
    else:
        upload = _other(data, name)
    _check_size(upload.data)
    return upload


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Refusal("handout_too_large", limit=MOST_BYTES // 1024 // 1024)


def _document(data: bytes, name: str) -> uploads.Upload:
    _check_size(data)
    if not is_of_kind(data, "odt"):
        raise Refusal("file_type", accepted=ACCEPTED)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if any(part.startswith(_PROGRAMS) for part in archive.namelist()):
            raise Refusal("handout_macro")
    return uploads.Upload(handout_name(name, "odt"), TYPES["odt"][0], data)


def _table(data: bytes, name: str) -> uploads.Upload:
    _check_size(data)
    if not data:
        raise Refusal("file_empty")
    for between in _SEPARATORS:
        rows = table_of(data, between)
        if rows is None:
            raise Refusal("file_type", accepted=ACCEPTED)
        for cell in (cell for row in rows for cell in row):
            if _FORMULA.match(cell):
                raise Refusal("handout_formula", cell=cell.strip()[:40])
    return uploads.Upload(handout_name(name, "csv"), TYPES["csv"][0], data)


def _other(data: bytes, name: str) -> uploads.Upload:
    try:
        upload = uploads.accept(BytesIO(data), name, sound=True)
    except Refusal as refusal:
        if refusal.code == "file_type":
            raise Refusal("file_type", accepted=ACCEPTED) from None
        raise
    sound = upload.media_type.startswith("audio/")
    if sound and upload.name.rpartition(".")[2] != SOUND:
        raise Refusal("file_type", accepted=ACCEPTED)
    return upload


def handout_name(wanted: str, ending: str) -> str:
    """A file's name as the content format wants it, from the one it came with."""
    stem = _OTHERS.sub("-", wanted.casefold().rpartition(".")[0] or wanted.casefold()).strip("-")
    return f"{stem[:60].strip('-') or 'handout'}.{ending}"


def listing_name(module: str) -> str:
    """The file that describes a module's handouts."""
    return f"modules/{module}/media.toml"


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
    place, listing = f"modules/{module}/media/{name}", listing_name(module)
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
