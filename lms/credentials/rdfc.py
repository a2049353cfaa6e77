"""RDF dataset canonicalisation of our own documents, by PyLD (RDFC-1.0, W3C 2024).

PyLD implements the algorithm under its former name URDNA2015. Only documents that passed our closed
schema come here: crafted graphs would cost it minutes.
"""

import threading
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from lms.credentials.contexts import document_loader

_CACHE: dict[str, Any] = {}  # holds our two contexts, nothing else loads
_LOCK = threading.Lock()  # PyLD's caches are plain dictionaries


class DroppedTermError(Exception):
    """A member of the document is not defined by the contexts: it would not be signed."""


def canonical(document: dict[str, Any], *, strict: bool = False) -> bytes:
    """Canonical N-Quads of a JSON-LD document (RDFC-1.0, section 4.4).

    `strict` also raises DroppedTermError for a member that no context defines.
    """
    with _LOCK:
        options = {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": document_loader,
            "contextResolver": ContextResolver(_CACHE, document_loader),
        }
        if strict:
            jsonld.expand(document, dict(options), on_property_dropped=_refuse)
        quads: str = jsonld.normalize(document, options)
    return quads.encode()


def _refuse(term: str) -> None:
    raise DroppedTermError(term)
