"""Setting pages in type: HTML and a sheet of `templates/pdf/` become a PDF, in the worker only.

WeasyPrint needs system libraries and a second to load, so it is imported when the first PDF is
made. It may fetch nothing but the fonts named here: no file, no address.
"""

import threading
import unicodedata
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lms.core.resources import resource_root

_FONTS = {
    "font:amiri-400": ("fontpkg_amiri", "Amiri-Regular.ttf"),
    "font:amiri-700": ("fontpkg_amiri", "Amiri-Bold.ttf"),
    "font:plex-400": ("fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic-Regular.ttf"),
    "font:plex-600": ("fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic-SemiBold.ttf"),
}
_LOCK = threading.Lock()  # one font configuration, used by one thread at a time


class PdfUnavailableError(Exception):
    """The system lacks what WeasyPrint needs; the message says which command mends it."""


@cache
def engine() -> Any:
    """WeasyPrint itself. Raises PdfUnavailableError where the system lacks Pango."""
    try:
        import weasyprint  # noqa: PLC0415 - see above
    except OSError as error:
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        raise PdfUnavailableError(f"no PDF ({error}): apt-get install {packages}") from error
    return weasyprint


@cache
def fetcher() -> Any:
    """What WeasyPrint fetches with: the fonts, and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - see above

    class FontsOnly(URLFetcher):  # type: ignore[misc, unused-ignore]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url not in _FONTS:
                raise ValueError("a printed page fetches nothing")
            package, name = _FONTS[url]
            return URLFetcherResponse(url, _font(package, name), {"Content-Type": "font/ttf"})

    return FontsOnly(allowed_protocols=())


def _font(package: str, name: str) -> bytes:
    root: Path = __import__(package).ROOT
    return (root / "files" / name).read_bytes()


@cache
def _styles(sheet: str) -> tuple[Any, Any]:
    weasyprint = engine()
    fonts = weasyprint.text.fonts.FontConfiguration()
    css = (resource_root() / "templates" / "pdf" / sheet).read_text("utf-8")
    return fonts, weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher())


def side(text: str) -> str:
    """`rtl` for a text that begins in Arabic (or Hebrew): WeasyPrint knows no `dir=auto`."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def print_pdf(html: str, sheet: str, attachments: Sequence[Any] = (), **options: Any) -> bytes:
    """The page as a PDF, by a style sheet of `templates/pdf/`; options are WeasyPrint's.

    The same input gives the same bytes. Raises PdfUnavailableError.
    """
    weasyprint = engine()
    with _LOCK:
        fonts, style = _styles(sheet)
        document = weasyprint.HTML(string=html, url_fetcher=fetcher()).render(
            font_config=fonts, stylesheets=[style]
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its colour profile open
            data: bytes = document.write_pdf(attachments=list(attachments), **options)
    return data
