"""Words as a search compares them, the same on either database. Pure.

Folded (`core.folding`), then without the Arabic article and what clings to it, and without the
commonest plural endings: Larkey, Ballesteros and Connell's light stemmer ("Improving Stemming for
Arabic Information Retrieval", SIGIR 2002), cut down to what never hides a word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from lms.core.folding import fold

LONGEST = 200
"""Characters of a search that are looked at."""
MOST = 8
"""Words of a search that are looked for."""
AROUND = 75
"""Characters shown on either side of the first word found."""

_TOKEN = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed])+")
_PLAIN = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"^(?:[وف]?[بك]?ال|[وف]?لل)(?=\w{3})")
_ENDING = re.compile(r"(?<=\w{3})(?:ات|ون|ين|ها|هم|ه)$")
_ARABIC = re.compile(r"[\u0621-\u064a]")


@lru_cache(32_768)
def stems(token: str) -> tuple[str, ...]:
    """What a token is compared by; several where folding takes it apart."""
    return tuple(_stem(word) for word in _PLAIN.findall(fold(token)))


def _stem(word: str) -> str:
    if _ARABIC.search(word):
        return _ENDING.sub("", _ARTICLE.sub("", word))
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def words(text: str) -> str:
    """A text as it is kept for searching: its stems in order, a space between."""
    return " ".join(stem for token in _TOKEN.findall(text) for stem in stems(token))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a search; from three letters on, what only begins like it is found too."""

    stem: str

    @property
    def is_beginning(self) -> bool:
        """Whether longer words that begin so are meant as well."""
        return len(self.stem) > 2

    def meets(self, stem: str) -> bool:
        """Whether a word of a text is what was wanted."""
        return stem.startswith(self.stem) if self.is_beginning else stem == self.stem


def asked(text: str) -> tuple[Wanted, ...]:
    """The words to look for in what somebody typed, whatever that was; all must be found.

    Words of one or two letters (`l'acteur`, `du`) count only where there is nothing else.
    """
    found = list(dict.fromkeys(words(text[:LONGEST]).split()))
    longer = [stem for stem in found if len(stem) > 2]
    return tuple(Wanted(stem) for stem in (longer or found)[:MOST])


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading of a lesson."""

    anchor: str
    """Of the heading in the lesson's page; empty before the first."""
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words found, in context: pieces of text, and whether each is a word that was looked for."""

    anchor: str
    heading: str
    pieces: tuple[tuple[str, bool], ...]


def excerpts(
    passages: Sequence[Passage], wanted: Sequence[Wanted], most: int = 2
) -> tuple[Excerpt, ...]:
    """The passages that hold most of what was looked for, in the order of the text."""
    held = [(sum(_holds(part.text, one) for one in wanted), part) for part in passages]
    found = [(number, kinds) for number, (kinds, _) in enumerate(held) if kinds]
    best = sorted(found, key=lambda one: (-one[1], one[0]))[:most]
    return tuple(
        _excerpt(passages[number], _found(passages[number].text, wanted))
        for number, _ in sorted(best)
    )


def highlighted(text: str, wanted: Sequence[Wanted]) -> tuple[tuple[str, bool], ...]:
    """A short text whole, with the words found in it."""
    return tuple(_pieces(text, 0, len(text), list(_found(text, wanted))))


@lru_cache(4096)
def _stemmed(text: str) -> str:
    return f" {words(text)} "


def _holds(text: str, wanted: Wanted) -> bool:
    """Whether the word is there; kept at hand, since looking is asked of every passage."""
    return f" {wanted.stem}{'' if wanted.is_beginning else ' '}" in _stemmed(text)


def _found(text: str, wanted: Sequence[Wanted]) -> Iterator[tuple[int, int]]:
    beginnings = tuple(one.stem for one in wanted if one.is_beginning)
    whole = {one.stem for one in wanted if not one.is_beginning}
    for token in _TOKEN.finditer(text):
        for stem in stems(token.group()):
            if stem.startswith(beginnings) or stem in whole:
                yield token.span()
                break


def _excerpt(passage: Passage, found: Iterator[tuple[int, int]]) -> Excerpt:
    text, first = passage.text, next(found)
    start = max(0, first[0] - AROUND)
    end = min(len(text), first[1] + 2 * AROUND)
    if start:
        start = text.find(" ", start, first[0]) + 1 or first[0]
    if end < len(text):
        end = max(text.rfind(" ", first[1], end), first[1])
    near = takewhile(lambda span: span[1] <= end, found)
    pieces = list(_pieces(text, start, end, [first, *near]))
    before = [("… ", False)] if start else []
    after = [(" …", False)] if end < len(text) else []
    return Excerpt(passage.anchor, passage.heading, (*before, *pieces, *after))


def _pieces(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    for first, last in spans:
        if start <= first and last <= end:
            if first > start:
                yield text[start:first], False
            yield text[first:last], True
            start = last
    if end > start:
        yield text[start:end], False
