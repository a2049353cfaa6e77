"""Files: received, checked by content, re-encoded, stored outside the web root.

`accept` reads an upload before any transaction; `store` writes bytes and row inside one.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore, from_url
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import audio
from lms.core.db import AnySession, Base, Keyed
from lms.core.errors import Refusal

LIMIT_MB = 10
ACCEPTED = "JPEG, PNG, WebP, PDF"
ACCEPTED_WITH_SOUND = f"{ACCEPTED}, M4A, MP3, Ogg/Opus, WAV, WebM"
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""In a name: control characters, and marks that make `exe.gpj` read `jpg.exe`."""
_ACTS = re.compile(rb"/(?:JavaScript|Launch)\b")
"""In a PDF: what runs a program when it is opened."""


class StoredFile(Keyed, Base):
    """A file that somebody handed in. The bytes lie in the store under their hash."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    name: Mapped[str]
    """The name it came with; shown, never used as a path."""
    uploaded_by_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class Upload:
    """A checked file, ready to be stored."""

    name: str
    media_type: str
    data: bytes


def accept(stream: BinaryIO, name: str, *, sound: bool = False) -> Upload:
    """Read and check an upload by its content; pictures are re-encoded without metadata.

    Sound recordings are taken where asked for, without their tags.
    Raises Refusal: file_empty, file_too_large, file_type, file_broken, file_acts.
    """
    data = stream.read(LIMIT_MB * 1024 * 1024 + 1)
    if not data:
        raise Refusal("file_empty")
    if len(data) > LIMIT_MB * 1024 * 1024:
        raise Refusal("file_too_large", limit=LIMIT_MB)
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return Upload(f"{_stem(name)}.pdf", "application/pdf", data)
    heard = audio.recognise(data) if sound else None
    if heard is not None:
        return Upload(f"{_stem(name)}.{heard.ending}", heard.media_type, heard.data)
    accepted = ACCEPTED_WITH_SOUND if sound else ACCEPTED
    return Upload(f"{_stem(name)}.webp", "image/webp", _picture(data, accepted))


def _stem(name: str) -> str:
    """What a file is called, without folders and type, fit to be shown and offered again."""
    name = _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2]
    return Path(name).stem.strip(" .")[:150] or "file"


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data:
        raise Refusal("file_broken")
    if _ACTS.search(data):
        raise Refusal("file_acts")


def _picture(data: bytes, accepted: str) -> bytes:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, accepts half a picture
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refusal("file_too_large", limit=LIMIT_MB)
            # smaller first: a large JPEG is then not even decoded at its full size
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            upright = _in_colour(ImageOps.exif_transpose(image))
            out = BytesIO()
            upright.save(out, "WEBP", quality=82, exif=b"", xmp=b"", icc_profile=b"")
            return out.getvalue()
    except UnidentifiedImageError:
        raise Refusal("file_type", accepted=accepted) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal("file_too_large", limit=LIMIT_MB) from None
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - decoders fail in many ways on what somebody has made for it
        raise Refusal("file_broken") from None


def _in_colour(image: Image.Image) -> Image.Image:
    """As RGB, or RGBA where something shines through; 16-bit greys keep their shades."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    if image.mode in {"RGB", "RGBA"}:
        return image
    see_through = "A" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if see_through else "RGB")


class FileStore:
    """The bytes: a folder by default, S3 at scale."""

    def __init__(self, data_dir: Path, url: str = "") -> None:
        self._store: ObjectStore = (
            from_url(url) if url else LocalStore(data_dir / "files", mkdir=True)
        )

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its SHA-256 in hex, under which it is found again."""
        sha256 = hashlib.sha256(data).hexdigest()
        obstore.put(self._store, _path(sha256), data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes kept under `sha256`. Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, _path(sha256)).bytes())


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def store(
    session: AnySession, files: FileStore, upload: Upload, by: UUID | None, now: datetime
) -> StoredFile:
    """Keep the upload and add its row in the caller's transaction."""
    row = StoredFile(
        sha256=files.put(upload.data),
        size=len(upload.data),
        media_type=upload.media_type,
        name=upload.name,
        uploaded_by_id=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
