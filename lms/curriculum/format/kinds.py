"""What a file of a media folder must be by its bytes, whatever its name says."""

import csv
import zipfile
import zlib
from io import BytesIO, StringIO

_ODT = "application/vnd.oasis.opendocument.text"
TYPES = {
    "svg": ("image/svg+xml", b""),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "webp": ("image/webp", b"RIFF"),
    "mp3": ("audio/mpeg", b""),
    "pdf": ("application/pdf", b"%PDF-"),
    "csv": ("text/csv", b""),
    "odt": (_ODT, b"PK"),
}
"""Extension → media type, and how such a file begins."""
SOUND = "mp3"
HANDOUTS = frozenset({"pdf", SOUND, "csv", "odt"})
"""What is no picture: it can only be taken along."""
_SYNC = 0xE0
"""The high bits of the second byte with which a frame of MPEG sound begins."""
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, IndexError, ValueError),
    *(NotImplementedError, RuntimeError, OSError),
)


def is_of_kind(body: bytes, extension: str) -> bool:
    """Whether a file's bytes are those of its type."""
    if not body or not body.startswith(TYPES[extension][1]):
        return False
    if extension == "webp":
        return body[8:12] == b"WEBP"
    if extension == SOUND:
        return body.startswith(b"ID3") or (body[0] == 0xFF and body[1:2] >= bytes([_SYNC]))
    if extension == "csv":
        return table_of(body) is not None
    return extension != "odt" or _is_odt(body)


def table_of(body: bytes, between: str = ",") -> list[list[str]] | None:
    """The rows of a table in UTF-8, its cells parted by `between`; None where it is none."""
    try:
        text = body.decode("utf-8-sig")
        if any(ord(character) < ord(" ") and character not in "\t\r\n" for character in text):
            return None
        return list(csv.reader(StringIO(text, newline=""), delimiter=between))
    except (UnicodeDecodeError, csv.Error):
        return None


def _is_odt(body: bytes) -> bool:
    """Its first part names the type (OpenDocument 1.3, part 2, 3.3)."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            first = archive.infolist()[0]
            named = first.filename == "mimetype" and first.file_size == len(_ODT)
            return named and archive.read(first).decode() == _ODT
    except _DAMAGED:
        return False
