"""What a page shows of the lessons and terms found: titles, and the words in context. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.curriculum.release import Release
from lms.curriculum.search.models import Searched
from lms.curriculum.search.passages import passages
from lms.curriculum.search.rules import Excerpt, Wanted, excerpts, highlighted
from lms.curriculum.search.service import Hit


@dataclass(frozen=True, slots=True)
class Result:
    """One lesson or term, in the language in which it was found."""

    kind: Searched
    ref: str
    language: str
    title: tuple[tuple[str, bool], ...]
    excerpts: tuple[Excerpt, ...]


def results(release: Release, hits: Iterable[Hit], wanted: Sequence[Wanted]) -> list[Result]:
    """Each hit with its title and up to two excerpts; for a term, its definition."""
    return [_result(release, hit, wanted) for hit in hits]


def _result(release: Release, hit: Hit, wanted: Sequence[Wanted]) -> Result:
    content = release.content
    if hit.kind is Searched.TERM:
        term = content.glossary[hit.ref]
        definition = highlighted(term.definition[hit.language], wanted)
        found: tuple[Excerpt, ...] = (Excerpt("", "", definition),)
        title = term.title
    else:
        lesson = content.lessons[hit.ref]
        title, found = lesson.title, excerpts(passages(lesson.html[hit.language]), wanted)
    return Result(hit.kind, hit.ref, hit.language, highlighted(title[hit.language], wanted), found)
