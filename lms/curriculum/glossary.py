"""The glossary in the order of a language's letters. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from lms.core.folding import fold
from lms.curriculum.rules import Term
from lms.curriculum.search.rules import Wanted, words

_ARTICLE = re.compile(r"^ال(?=\w{2})")


def sort_key(title: str) -> str:
    """Accents, hamza and the Arabic article do not count."""
    return _ARTICLE.sub("", fold(title))


def by_letter(terms: Iterable[Term], language: str) -> list[tuple[str, list[Term]]]:
    """Terms under the first letter of their title."""
    ordered = sorted(terms, key=lambda term: (sort_key(term.title[language]), term.id))
    return [
        (letter.upper(), list(group))
        for letter, group in groupby(ordered, lambda t: sort_key(t.title[language])[:1])
    ]


def holds(term: Term, wanted: Sequence[Wanted]) -> bool:
    """Whether every word asked for stands in the term, in whatever language."""
    told = [
        *term.title.values(),
        *term.definition.values(),
        *(form for forms in term.forms.values() for form in forms),
    ]
    stems = words(" ".join(told)).split()
    return all(any(one.meets(stem) for stem in stems) for one in wanted)
