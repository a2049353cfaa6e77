"""The JSON-LD contexts that we speak: byte-exact from an installed package, never the network.

A context decides what a signature covers. So the two documents come from the package
`openbadgeslib`, which carries them; their hashes are checked once, and nothing else loads.
"""

import hashlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VC_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CREDENTIAL_CONTEXT = [VC_V2, OPEN_BADGES]
"""Open Badges 3.0, class AchievementCredential, `@context`: these two, in this order."""
STATUS_LIST_CONTEXT = [VC_V2]

_PINNED = {
    VC_V2: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    OPEN_BADGES: (
        "ob-v3p0-context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
}


class UnknownContextError(Exception):
    """A document names a context that is not one of ours."""


class ContextHashError(Exception):
    """The installed context files are not the ones that this code was written for."""


@cache
def load_context(url: str) -> dict[str, Any]:
    """The context document at `url`. Raises UnknownContextError or ContextHashError."""
    if url not in _PINNED:
        raise UnknownContextError(url)
    name, expected = _PINNED[url]
    path = _folder() / name
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        raise ContextHashError(f"{path}: install openbadgeslib 4.6.3 again")
    document: dict[str, Any] = json.loads(data)
    return document


def _folder() -> Path:
    spec = find_spec("openbadgeslib")  # found, not imported: we only need its files
    if spec is None or not spec.submodule_search_locations:
        raise ContextHashError("openbadgeslib is not installed")
    return Path(spec.submodule_search_locations[0]) / "ob3" / "contexts"


def check_contexts() -> None:
    """Load all contexts: called at start, so that a wrong installation says so at once."""
    for url in _PINNED:
        load_context(url)


def document_loader(url: str, _options: object = None) -> dict[str, Any]:
    """What PyLD asks for a remote document (JSON-LD 1.1 API, section 9.4)."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": load_context(url),
    }
