"""QR codes: drawn for a page, and found on a photo or scan, as phones send it."""

import re
from collections.abc import Iterator
from io import BytesIO

import segno
import zxingcpp
from markupsafe import Markup
from PIL import Image, ImageFile, ImageOps

from lms.core.files import MAX_PIXELS

SIDES = (1600, 3000)
"""Longest side on which a picture is looked at: quick first, then with more detail."""
MAX_PICTURES = 8
"""Pictures of a PDF that are looked at."""

QR = zxingcpp.barcode_formats_from_str("QRCode")
_JPEG = re.compile(rb"\xff\xd8\xff.*?(?=\r?\n?endstream)", re.DOTALL)
"""In a PDF from a scanner: a photo lies in it as it is (DCTDecode), whatever wrote the rest."""


def picture_of(url: str) -> str:
    """A QR code as an address of its picture."""
    code = segno.make(url, error="m", micro=False)
    return str(code.svg_data_uri(border=4, scale=4, dark="#000", light="#fff"))


def drawing_of(url: str) -> Markup:
    """A QR code as SVG to stand in a printed page, which fetches no picture."""
    code = segno.make(url, error="m", micro=False)
    return Markup(code.svg_inline(border=0, scale=4, dark="#000", omitsize=True))  # noqa: S704


def token_in(data: bytes, area: str) -> str | None:
    """The token that a picture, or a PDF of pictures, shows in an address `/<area>/<token>`.

    None if no such code can be read.
    """
    token = re.compile(rf"/{area}/([A-Za-z0-9_-]{{22}})(?:[?#].*)?\Z")
    for picture in _pictures(data):
        for text in _texts(picture):
            if (found := token.search(text)) is not None:
                return found[1]
    return None


def _pictures(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"%PDF-"):
        yield data
        return
    for turn, found in enumerate(_JPEG.finditer(data)):
        if turn == MAX_PICTURES:
            return
        yield found[0]


def _texts(data: bytes) -> Iterator[str]:
    """What the codes of a picture say, the easiest reading first."""
    seen: set[str] = set()
    for side in SIDES:
        picture = _grey(data, side)
        if picture is None:
            return
        for view in (picture, ImageOps.autocontrast(picture, cutoff=2)):
            for code in zxingcpp.read_barcodes(view, formats=QR):
                if code.text not in seen:
                    seen.add(code.text)
                    yield code.text
        if max(picture.size) < side:
            return  # larger than it is, it says no more


def _grey(data: bytes, side: int) -> Image.Image | None:
    """The picture in shades of grey, at most `side` long; None for what is no picture."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            image.thumbnail((side, side))
            return ImageOps.exif_transpose(image).convert("L")
    except Exception:  # noqa: BLE001 - decoders fail in many ways; the sheet is then chosen by hand
        return None
