"""What a correction changes, ready to be shown: part by part, language by language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from lms.core.i18n import NATIVE_NAMES
from lms.curriculum.corrections.rules import CorrectionKind
from lms.curriculum.corrections.words import Piece, difference

ROWS = ("choices", "answers", "steps")


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that changes; `language` is empty for numbers and marks."""

    label: str
    language: str
    pieces: Sequence[Piece]


def passages(
    kind: CorrectionKind, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> list[Passage]:
    """Everything that differs, in the order of reading."""
    flat = _lesson if kind is CorrectionKind.LESSON else _other
    old = {place: (label, text) for place, label, text in flat(before or {})}
    new = {place: (label, text) for place, label, text in flat(after)}
    found = []
    for place in [*new, *(place for place in old if place not in new)]:
        label = (new.get(place) or old[place])[0]
        pieces = difference(old.get(place, ("", ""))[1], new.get(place, ("", ""))[1])
        if pieces:
            found.append(Passage(label, place[1], pieces))
    return found


_Flat = Iterator[tuple[tuple[str, str], str, str]]
"""Place (name and language), label, text."""


def _lesson(content: Mapping[str, Any]) -> _Flat:
    for language, text in content.get("title", {}).items():
        yield ("title", language), _("Title"), text
    if content.get("minutes"):
        yield ("minutes", ""), _("Minutes"), str(content["minutes"])
    for language, text in content.get("body", {}).items():
        yield ("body", language), _("Text"), text


def _other(values: Mapping[str, Any], name: str = "", before: str = "") -> _Flat:
    labels = {
        "text": _("Question"),
        "feedback": _("Remark on this answer") if "answers" in name else _("Explanation"),
        "accept": _("Accepted answers"),
        "model": _("What a good answer holds"),
        "title": _("Title"),
        "description": _("Description"),
        "transcript": _("What is said in it"),
    }
    for language in NATIVE_NAMES:
        if name and isinstance(values.get(language), str):
            yield (name, language), before, values[language]
    if "correct" in values:
        said = _("right") if values["correct"] else _("wrong")
        yield (f"{name}/correct", ""), before, said
    if "match" in values:
        yield (f"{name}/match", ""), f"{before} · {_('Belongs to')}", str(values["match"])
    for key, label in labels.items():
        for language, text in _texts(values.get(key)):
            joined = f"{before} · {label}" if before else label
            yield (f"{name}/{key}", language), joined, text
    yield from _rows(values, name, before)


def _rows(values: Mapping[str, Any], name: str, before: str) -> _Flat:
    for key in ROWS:
        rows = values.get(key) or ()
        order = ", ".join(str(row.get("id")) for row in rows)
        if values.get("kind") == "ordering" and key == "answers":
            yield (f"{name}/order", ""), _("Right order"), order
        for row in rows:
            place = f"{name}/{key}/{row.get('id')}"
            said = _numbered(key, row.get("id"))
            yield from _other(row, place, f"{before} · {said}" if before else said)


def _numbered(key: str, name: object) -> str:
    if key == "choices":
        return str(_("Choice %(number)s", number=name))
    return str(
        _("Answer %(number)s", number=name)
        if key == "answers"
        else _("Step %(number)s", number=name)
    )


def _texts(found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, dict):
        for language, text in found.items():
            yield language, "\n".join(text) if isinstance(text, list) else str(text)
