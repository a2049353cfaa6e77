"""Reading one JSON object from bytes that nobody vouches for yet."""

import json
from typing import Any

MAX_BYTES = 64 * 1024
"""Larger documents are refused before anything parses them."""


class DocumentError(ValueError):
    """Not a document of ours. `code` is stable, `where` is a path into the document."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code} {where}".strip())
        self.code = code
        self.where = where


def parse(data: bytes) -> dict[str, Any]:
    """Read one JSON object, strictly (I-JSON, RFC 7493): no doubled member, no float, no NaN.

    Raises DocumentError("too_large" | "not_json").
    """
    if len(data) > MAX_BYTES:
        raise DocumentError("too_large")
    try:
        document = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError) as error:
        raise DocumentError("not_json") from error
    if not isinstance(document, dict):
        raise DocumentError("not_json")
    return document


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _refuse(text: str) -> Any:
    raise ValueError(f"number not allowed: {text}")
