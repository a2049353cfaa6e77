"""Files: received, checked by content, re-encoded, stored outside the web root.

`accept` reads an upload before any transaction; `store` writes bytes and row inside one.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore, from_url
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import AnySession, Base, Keyed
from lms.core.errors import Refusal

LIMIT_MB = 10
ACCEPTED = "JPEG, PNG, WebP, PDF"
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600


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


def accept(stream: BinaryIO, name: str) -> Upload:
    """Read and check an upload by its content; pictures are re-encoded without metadata.

    Raises Refusal: file_empty, file_too_large, file_type, file_broken.
    """
    data = stream.read(LIMIT_MB * 1024 * 1024 + 1)
    if not data:
        raise Refusal("file_empty")
    if len(data) > LIMIT_MB * 1024 * 1024:
        raise Refusal("file_too_large", limit=LIMIT_MB)
    name = Path(name.replace("\\", "/")).name[:150] or "file"
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise Refusal("file_broken")
        return Upload(name, "application/pdf", data)
    return Upload(f"{Path(name).stem}.webp", "image/webp", _picture(data))


def _picture(data: bytes) -> bytes:
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refusal("file_too_large", limit=LIMIT_MB)
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            if upright.mode not in {"RGB", "RGBA"}:
                upright = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
            out = BytesIO()
            upright.save(out, "WEBP", quality=82, exif=b"")
            return out.getvalue()
    except UnidentifiedImageError:
        raise Refusal("file_type", accepted=ACCEPTED) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refusal("file_broken") from None


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
