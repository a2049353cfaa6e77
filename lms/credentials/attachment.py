"""Finding the credential inside a PDF (ISO 32000-1, section 7.11.4, embedded file streams).

A search for the embedded streams, not a reading of the document: the seal vouches for every byte,
so what is found here only has to be the one credential in it.
"""

import re
import zlib
from collections.abc import Iterator

from lms.credentials.strict_json import MAX_BYTES, DocumentError, parse

_STREAM = re.compile(rb"stream\r?\n")
_MAX_DICTIONARY = 2000
MAX_PDF_BYTES = 10 * 1024 * 1024


def find_credential(pdf: bytes) -> bytes:
    """The credential attached to a PDF. Raises DocumentError("no_credential" | "too_large")."""
    if len(pdf) > MAX_PDF_BYTES:
        raise DocumentError("too_large")
    found = {data for data in _embedded(pdf) if _is_credential(data)}
    if len(found) != 1:
        raise DocumentError("no_credential")
    return found.pop()


def _embedded(pdf: bytes) -> Iterator[bytes]:
    for mark in re.finditer(rb"/EmbeddedFile\b", pdf):
        stream = _STREAM.search(pdf, mark.end(), mark.end() + _MAX_DICTIONARY)
        if stream is None:
            continue
        begin = pdf.rfind(b" obj", max(0, mark.start() - _MAX_DICTIONARY), mark.start())
        dictionary = pdf[max(begin, 0) : stream.start()]
        if b"/FlateDecode" in dictionary:
            try:
                yield zlib.decompressobj().decompress(pdf[stream.end() :], MAX_BYTES + 1)
            except zlib.error:
                continue
        else:
            end = pdf.find(b"endstream", stream.end())
            yield pdf[stream.end() : end].rstrip(b"\r\n")


def _is_credential(data: bytes) -> bool:
    try:
        kinds = parse(data).get("type")
    except DocumentError:
        return False
    return isinstance(kinds, list) and "VerifiableCredential" in kinds
