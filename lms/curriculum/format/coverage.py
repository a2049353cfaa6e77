"""Where each row of the source documents is taught or served: nothing of them may get lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lms.curriculum.format import toml
from lms.curriculum.format.folder import ContentFile, Folder, sort_files

ROWS = tuple([f"D{n}" for n in range(1, 25)] + [f"U{n}" for n in range(1, 6)])
"""Rows of the deck and of the UCLG Africa text, as `domain.md` section 1 numbers them."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One place that serves a row: a lesson, part of a list, or a part of the software."""

    kind: str
    name: str
    words: str

    def __str__(self) -> str:
        return (
            f"{self.kind} {self.name}: {self.words}" if self.words else f"{self.kind} {self.name}"
        )


def coverage(files: Mapping[str, bytes], language: str) -> dict[str, list[Place]]:
    """Row → the places that serve it, all rows in order, and after them any that do not exist."""
    folder = sort_files(files)
    found: dict[str, set[Place]] = {row: set() for row in ROWS}
    for row, place in _places(folder, language):
        found.setdefault(row, set()).add(place)
    return {row: sorted(places) for row, places in found.items()}


def _places(folder: Folder, language: str) -> Iterator[tuple[str, Place]]:
    for file in folder.files["lesson"]:
        if file.language == language:
            values = _front_matter(file)
            place = Place("lesson", f"{file.slug}/{file.lesson}", str(values.get("title", "")))
            yield from ((row, place) for row in _seeds(values))
    for kind in ("module", "exercises", "rubric", "practicum", "programme", "questions"):
        for file in folder.files[kind]:
            yield from _seeded(_values(file.text), kind, file.slug, language)
    for file in folder.files["coverage"]:
        for value in _tables(_values(file.text).get("place")):
            where, words = str(value.get("where", "")), str(value.get(language, ""))
            yield str(value.get("seed", "")), Place("software", where, words)


def _seeded(
    value: object, kind: str, slug: str, language: str, name: str = ""
) -> Iterator[tuple[str, Place]]:
    """Every table that names seeds, however deep it stands."""
    if isinstance(value, list):
        for item in value:
            yield from _seeded(item, kind, slug, language, name)
    if not isinstance(value, dict):
        return
    own = str(value.get("id") or value.get("code") or name)
    title = value.get("title")
    words = title.get(language) if isinstance(title, dict) else value.get(language)
    place = Place(kind, " ".join(filter(None, (slug, own))), str(words or ""))
    yield from ((row, place) for row in _seeds(value))
    for key, item in value.items():
        yield from _seeded(item, kind, slug, language, str(key))


def _seeds(values: Mapping[str, object]) -> list[str]:
    seeds = values.get("seeds")
    return [str(row) for row in seeds] if isinstance(seeds, list) else []


def _tables(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _front_matter(file: ContentFile) -> Mapping[str, object]:
    parts = toml.split_front_matter(file.text)
    return _values(parts[0]) if parts else {}


def _values(text: str) -> Mapping[str, object]:
    try:
        return toml.parse(text)
    except toml.BadToml:
        return {}
