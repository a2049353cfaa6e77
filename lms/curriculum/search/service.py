"""Writing the index when a release is published, and finding lessons and terms in it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, delete, insert, or_, select

from lms.core.db import AnySession
from lms.curriculum.release import Release
from lms.curriculum.search import rules
from lms.curriculum.search.engines import engine_of
from lms.curriculum.search.models import Searched, SearchText
from lms.curriculum.search.passages import passages
from lms.curriculum.search.rules import Wanted

MOST = 40
"""Lessons and terms that a page of results shows."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A lesson or term that holds all words asked for, in one language."""

    kind: Searched
    ref: str
    language: str


def index(session: AnySession, release: Release) -> int:
    """Write the index of a release, anew if it has one. Returns the number of rows."""
    session.execute(delete(SearchText).where(SearchText.release_id == release.id))
    rows = list(_rows(release))
    if rows:
        session.execute(insert(SearchText), rows)
    return len(rows)


def in_order(known: Sequence[str], own: str, only: str) -> tuple[str, ...]:
    """In which languages to look: the one asked for, else all, one's own first."""
    if only in known:
        return (only,)
    return (own, *(code for code in known if code != own)) if own in known else tuple(known)


def find(
    session: AnySession,
    release: Release,
    wanted: Sequence[Wanted],
    languages: Sequence[str],
    lessons: Collection[str],
) -> list[Hit]:
    """Terms, and those of `lessons`, that hold every word; one query.

    The first language comes first, and what was found in it is not repeated in another.
    """
    if not wanted:
        return []
    matching = engine_of(session)(wanted).subquery()
    order = case({code: n for n, code in enumerate(languages)}, value=SearchText.language)
    found = session.execute(
        select(SearchText.kind, SearchText.ref, SearchText.language)
        .join(matching, matching.c.id == SearchText.id)
        .where(
            SearchText.release_id == release.id,
            SearchText.language.in_(languages),
            or_(
                SearchText.kind == Searched.TERM,
                and_(SearchText.kind == Searched.LESSON, SearchText.ref.in_(lessons)),
            ),
        )
        .order_by(order, matching.c.rank, SearchText.id)
        .limit(MOST * len(languages))
    )
    first: dict[tuple[Searched, str], Hit] = {}
    for kind, ref, language in found:
        first.setdefault((kind, ref), Hit(kind, ref, language))
    return list(first.values())[:MOST]


def _rows(release: Release) -> Iterator[dict[str, Any]]:
    content = release.content
    for language in release.languages:
        for lesson in content.lessons.values():
            parts = passages(release.text(lesson.html, language))
            told = " ".join(f"{part.heading} {part.text}" for part in parts)
            yield _row(release, language, Searched.LESSON, lesson.id, lesson.title[language], told)
        for term in content.glossary.values():
            names = " ".join((term.title[language], *term.forms.get(language, ())))
            told = term.definition[language]
            yield _row(release, language, Searched.TERM, term.id, names, told)


def _row(
    release: Release, language: str, kind: Searched, ref: str, title: str, told: str
) -> dict[str, Any]:
    return {
        "release_id": release.id,
        "language": language,
        "kind": kind,
        "ref": ref,
        "title": rules.words(title),
        "words": rules.words(told),
    }
