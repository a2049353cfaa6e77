"""The printed certificate: A4 landscape, one language a file, the signed credential inside."""

import io
from datetime import UTC, datetime, time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lms.core.pdf import PdfUnavailableError, engine, fetcher, print_pdf
from lms.core.resources import resource_root
from lms.credentials.codes import show_code
from lms.credentials.facts import CertificateFacts
from lms.credentials.rules import CertificateKind
from lms.credentials.wording import WORDS, printed_date

__all__ = ["ATTACHMENT", "PdfUnavailableError", "page", "render"]

ATTACHMENT = "credential.json"


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(resource_root() / "templates" / "pdf"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("certificate.html")


def render(facts: CertificateFacts, language: str, credential: bytes) -> bytes:
    """The certificate as a PDF with `credential` attached; the same input gives the same bytes.

    Raises PdfUnavailableError where the system lacks Pango.
    """
    weasyprint = engine()
    made = datetime.combine(facts.awarded_on, time(), UTC)
    attachment = weasyprint.Attachment(
        file_obj=io.BytesIO(credential),
        name=ATTACHMENT,
        description=WORDS[language].attachment,
        relationship="Data",
        created=made,
        modified=made,
        url_fetcher=fetcher(),
    )
    return print_pdf(
        page(facts, language),
        "certificate.css",
        [attachment],
        pdf_variant="pdf/a-3a",
        pdf_identifier=facts.register_number.encode(),
    )


def page(facts: CertificateFacts, language: str) -> str:
    """The certificate as HTML, before it is set in type."""
    words = WORDS[language]
    latin = (facts.latin_name, "ltr", "fr" if language == "ar" else language)
    arabic = (facts.arabic_name, "rtl", "ar")
    names = [arabic, latin] if language == "ar" else [latin, arabic]
    awarded = printed_date(facts.awarded_on, language, facts.country_code)
    place = _in(facts.place, language)
    html: str = _template().render(
        facts=facts,
        words=words,
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        names=[_Name(*name) for name in names if name[0]],
        title=_in(facts.title, language),
        allows=_in(facts.allows, language),
        basis=_in(facts.basis, language),
        body=_in(facts.body, language),
        made=words.made.format(place=place, date=awarded),
        validity=_validity(facts, language),
        legacy=facts.kind is CertificateKind.LEGACY,
        signatory=_in(facts.signatory, language) or words.chair,
        code=show_code(facts.code),
        host=urlsplit(facts.issuer.url).netloc,
        qr=_qr(facts.verify_url),
    )
    return html


def _validity(facts: CertificateFacts, language: str) -> str:
    words = WORDS[language]
    if facts.last_day is None:
        return words.no_expiry
    last = printed_date(facts.last_day, language, facts.country_code)
    return words.valid_until.format(date=last)


def _in(words: Any, language: str) -> str:
    """The text in `language`, else in the first language that has it."""
    return str(words.get(language) or next(iter(words.values()), ""))


class _Name:
    """A name and how large it may stand."""

    def __init__(self, text: str, direction: str, language: str) -> None:
        self.text, self.direction, self.language = text, direction, language
        length = len(text)
        steps = ((22, "xl"), (32, "l"), (46, "m"), (70, "s"))
        self.size = next((size for limit, size in steps if length <= limit), "xs")


def _qr(url: str) -> str:
    """The address as a QR code (ISO/IEC 18004), error correction M, drawn as one SVG path."""
    code = segno.make(url, error="m", micro=False)
    svg: str = code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None)
    return svg
