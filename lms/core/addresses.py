"""Addresses that lead back to the page being made; names under which files are kept."""

import unicodedata
from urllib.parse import quote, urlencode

from flask import request
from werkzeug.http import dump_options_header


def attachment(name: str) -> str:
    """Content-Disposition for a file to be kept under `name`, in any script (RFC 6266).

    A header holds Latin letters only: other names are told in percent-encoded UTF-8, beside a
    plain one for old programs.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip(" .")
    stem, dot, ending = plain.rpartition(".")
    options = {"filename": plain if stem.strip() else f"file{dot}{ending}"}
    if plain != name:
        options["filename*"] = f"UTF-8''{quote(name, safe='')}"
    return dump_options_header("attachment", options)


def same_page(**changes: str | None) -> str:
    """This page's address with some arguments changed; None takes one away.

    Written from what was asked for: whatever a stranger puts into the address stays text.
    """
    args = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    args += [(name, value) for name, value in changes.items() if value is not None]
    # one slash only: `//host/` would lead elsewhere
    path = "/" + quote(request.path.lstrip("/"), safe="/:@!$&'()*+,;=~")
    return f"{path}?{urlencode(args)}" if args else path
