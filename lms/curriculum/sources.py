"""The files that a release was made from, byte for byte, kept beside it in one piece."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from lms.core.errors import Refusal

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as they are stored: the same files always give the same bytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return packed.getvalue()


def unpack(stored: bytes) -> dict[str, bytes]:
    """The files again, by name."""
    with zipfile.ZipFile(BytesIO(stored)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(files: Mapping[str, bytes], folder: Path, *, force: bool = False) -> None:
    """Lay the files out in a folder, which must be empty unless `force`.

    With `force`, files of the same name are overwritten and all others are left alone.
    Raises Refusal: folder_not_empty; and OSError where the folder cannot be written.
    """
    if not force and folder.exists() and any(folder.iterdir()):
        raise Refusal("folder_not_empty", folder=folder)
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
