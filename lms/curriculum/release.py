"""Immutable releases: all content under one hash, loaded once a process.

What counts for a certificate never changes under a trainee's feet: a cohort, its attempts and its
scores point at a release, and a release's id is the hash of everything in it.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rfc8785

from lms.curriculum.plain import from_plain, to_plain
from lms.curriculum.rules import (
    Content,
    Lesson,
    Module,
    Practicum,
    Programme,
    Question,
    Rubric,
    Text,
)

FORMAT = 1
"""Version of the shape of a release's body."""


class BadRelease(ValueError):
    """The stored body is not what its id promises."""


def canonical(content: Content) -> bytes:
    """The content as canonical JSON (RFC 8785): the same content always gives the same bytes."""
    body: dict[str, Any] = {"format": FORMAT, **to_plain(content)}
    return rfc8785.dumps(body)


def release_id(body: bytes) -> str:
    """The id of a canonical body: its SHA-256, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def pack(body: bytes) -> bytes:
    """The body as it is stored."""
    return zlib.compress(body, 9)


def load(stored: bytes, expected_id: str) -> "Release":
    """A stored release, its content checked against its id. Raises `BadRelease`."""
    try:
        body = zlib.decompress(stored)
    except zlib.error as error:
        raise BadRelease(f"release {expected_id}: cannot be unpacked") from error
    if release_id(body) != expected_id:
        raise BadRelease(f"release {expected_id}: its content does not match its id")
    values = json.loads(body)
    if values.pop("format", None) != FORMAT:
        raise BadRelease(f"release {expected_id}: unknown format")
    return Release(expected_id, from_plain(Content, values))


@dataclass(frozen=True)
class Release:
    """One published state of all content, with a look-up for each thing a page needs."""

    id: str
    content: Content

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every text exists, the first being the one to fall back on."""
        return self.content.languages

    @property
    def programmes(self) -> Mapping[str, Programme]:
        """All programmes by slug."""
        return self.content.programmes

    @property
    def practicum(self) -> Practicum:
        """The lists behind a practicum entry."""
        return self.content.practicum

    def programme(self, slug: str) -> Programme | None:
        """A programme by slug."""
        return self.content.programmes.get(slug)

    def module(self, slug: str) -> Module | None:
        """A written module by slug."""
        return self.content.modules.get(slug)

    def rubric(self, slug: str) -> Rubric | None:
        """A rubric by slug."""
        return self.content.rubrics.get(slug)

    def question(self, question_id: str) -> Question | None:
        """A question by id."""
        return self.content.questions.get(question_id)

    def lesson(self, module: str, lesson: str) -> Lesson | None:
        """The lesson that a module lists under that name, its own or taken by reference."""
        return self._places.get((module, lesson))

    def lessons(self, module: str) -> tuple[Lesson, ...]:
        """The lessons of a module, in order."""
        known = self.module(module)
        return tuple(self.content.lessons[name] for name in known.lessons) if known else ()

    def question_pool(self, module: str) -> tuple[Question, ...]:
        """Questions of the lessons that a module lists: a lesson brings its questions along."""
        return self._pools.get(module, ())

    def text(self, text: Text, language: str) -> str:
        """The words in a language, or in the first language of the content."""
        return text.get(language) or text.get(self.languages[0], "")

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], Lesson]:
        return {
            (slug, name.rpartition("/")[2]): self.content.lessons[name]
            for slug, module in self.content.modules.items()
            for name in module.lessons
        }

    @cached_property
    def _pools(self) -> Mapping[str, tuple[Question, ...]]:
        return {
            slug: tuple(q for q in self.content.questions.values() if q.lesson in module.lessons)
            for slug, module in self.content.modules.items()
        }
