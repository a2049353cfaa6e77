"""Texts that hold several languages: Moodle's filters multilang and multilang2. Pure."""

import re
from collections.abc import Iterator

_MARK = re.compile(
    r"<span\b([^<>]{0,300})>|(</span>)|\{mlang +([a-z_0-9, -]{2,80})\}|(\{mlang\})",
    re.IGNORECASE,
)
"""Where a language begins or ends."""
_SPOKEN = re.compile(r"\blang=[\"']?([a-z]{2})", re.IGNORECASE)
_TOLD = re.compile(
    rb"\{mlang +([a-z_0-9, -]{2,80})\\?\}|\blang\\?=\\?(?:[\"']|&quot;)([a-z]{2})\b", re.IGNORECASE
)
OTHER = "other"


def in_language(text: str, language: str) -> str:
    """A text of these filters in one language; any other text as it is."""
    pieces = list(_by_language(text))
    spoken = {tongue for tongues, _words in pieces for tongue in tongues}
    if not spoken:
        return text
    wanted = language if language in spoken else OTHER if OTHER in spoken else min(spoken)
    return "".join(words for tongues, words in pieces if not tongues or wanted in tongues)


def _by_language(text: str) -> Iterator[tuple[frozenset[str], str]]:
    """The pieces of a text with their languages; none for what is said in all."""
    nobody: frozenset[str] = frozenset()
    tongues, end, done, begun = nobody, "", 0, 0
    for match in _MARK.finditer(text):
        if not tongues:
            tongues, end = _opened(match)
            if tongues:
                yield nobody, text[done : match.start()]
                begun, done = match.start(), match.end()
        elif match.group().lower() == end:
            yield tongues, text[done : match.start()]
            tongues, done = nobody, match.end()
    yield nobody, text[begun if tongues else done :]


def _opened(match: re.Match[str]) -> tuple[frozenset[str], str]:
    """The languages that begin here, and the mark that ends them."""
    if match.group(3):
        return _named(match.group(3)), "{mlang}"
    inside = match.group(1) or ""
    spoken = _SPOKEN.search(inside) if "multilang" in inside else None
    return (frozenset({spoken.group(1).lower()}), "</span>") if spoken else (frozenset(), "")


def _named(listed: str) -> frozenset[str]:
    """`fr_ca, EN` → fr, en."""
    codes = (code.strip().lower() for code in listed.split(","))
    return frozenset(code if code == OTHER else code[:2] for code in codes if len(code) > 1)


def languages_in(data: bytes) -> frozenset[str]:
    """The languages that a bank says it holds beside each other."""
    if b"multilang" not in data and b"{mlang" not in data:
        return frozenset()
    told = (one or other for one, other in _TOLD.findall(data))
    return frozenset(name for codes in told for name in _named(codes.decode()))
