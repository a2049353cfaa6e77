"""Addresses that lead back to the page being made, with something changed."""

from urllib.parse import quote, urlencode

from flask import request


def same_page(**changes: str | None) -> str:
    """This page's address with some arguments changed; None takes one away.

    Written from what was asked for: whatever a stranger puts into the address stays text.
    """
    args = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    args += [(name, value) for name, value in changes.items() if value is not None]
    # one slash only: `//host/` would lead elsewhere
    path = "/" + quote(request.path.lstrip("/"), safe="/:@!$&'()*+,;=~")
    return f"{path}?{urlencode(args)}" if args else path
