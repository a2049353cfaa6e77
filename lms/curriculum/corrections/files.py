"""Reading and changing the files of a release: all else in them stays byte for byte. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.core.errors import Refusal
from lms.curriculum.corrections.writing import rewrite
from lms.curriculum.format import toml
from lms.curriculum.rules import Text

Files = Mapping[str, bytes]
_LINE_END = re.compile(r"\r\n|[\r\x85\u2028\u2029]")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson as its author sees it."""

    minutes: int
    title: Text
    body: Text


def settled(old: str, typed: str) -> str:
    """The text as it stood where a browser has only tidied it, else what was typed."""
    return old if _tidied(old) == _tidied(typed) else typed


def _tidied(text: str) -> str:
    return _LINE_END.sub("\n", unicodedata.normalize("NFC", text)).strip()


def lesson_name(lesson: str, language: str) -> str:
    """The file of one language of a lesson."""
    return f"modules/{lesson}.{language}.md"


def questions_name(module: str) -> str:
    """The file of a module's questions."""
    return f"modules/{module}/questions.toml"


def read_lesson(files: Files, lesson: str, languages: tuple[str, ...]) -> LessonText | None:
    """A lesson in all its languages; None where one of them is missing."""
    title, body, minutes = {}, {}, 0
    for language in languages:
        found = _parts(files.get(lesson_name(lesson, language)))
        if found is None:
            return None
        title[language] = str(found.values.get("title", ""))
        body[language] = found.body.strip()
        minutes = int(found.values.get("minutes", 0))
    return LessonText(minutes, title, body)


def write_lesson(files: Files, lesson: str, new: LessonText) -> dict[str, bytes]:
    """The files of the lesson that change, with their new bytes.

    Raises Refusal: correction_gone, correction_by_hand.
    """
    changed = {}
    for language in new.title:
        name = lesson_name(lesson, language)
        found = _parts(files.get(name))
        if found is None:
            raise Refusal("correction_gone")
        wanted = {**found.values, "title": new.title[language], "minutes": new.minutes}
        front = rewrite(found.front, found.values, wanted)
        body = found.body
        if new.body[language].strip() != body.strip():
            body = f"\n{new.body[language].strip()}\n"
        if (front, body) != (found.front, found.body):
            text = f"{found.fences[0]}{front}\n{found.fences[1]}\n{body}"
            changed[name] = encoded(text, files[name])
    return changed


@dataclass(frozen=True, slots=True)
class _Parts:
    values: dict[str, Any]
    front: str
    body: str
    fences: tuple[str, str]


def _parts(raw: bytes | None) -> _Parts | None:
    text = decoded(raw) if raw is not None else ""
    parts = toml.split_front_matter(text)
    if parts is None:
        return None
    front, body, offset = parts
    lines = text.split("\n")
    return _Parts(toml.parse(front), front, body, (lines[0], lines[offset - 1]))


def read_question(files: Files, module: str, question: str) -> dict[str, Any] | None:
    """A question's values as they stand in its file."""
    found = _find(files, module, question)
    return found[1] if found else None


def write_question(
    files: Files, module: str, question: str, new: Mapping[str, Any]
) -> dict[str, bytes]:
    """The file of the question with its new bytes; nothing where nothing changes.

    Raises Refusal: correction_gone, correction_by_hand.
    """
    found = _find(files, module, question)
    if found is None:
        raise Refusal("correction_gone")
    name = questions_name(module)
    text = decoded(files[name])
    made = rewrite(text, found[1], new, ("question", found[0]))
    return {} if made == text else {name: encoded(made, files[name])}


def question_lines(files: Files, module: str, question: str) -> dict[int, tuple[str | int, ...]]:
    """For each line of the question's block, the path within the question that stands there."""
    found = _find(files, module, question)
    if found is None:
        return {}
    here = ("question", found[0])
    lines = toml.lines_of(decoded(files[questions_name(module)]))
    return {line: path[2:] for path, line in lines.items() if path[:2] == here}


def _find(files: Files, module: str, question: str) -> tuple[int, dict[str, Any]] | None:
    raw = files.get(questions_name(module))
    rows = toml.parse(decoded(raw)).get("question", []) if raw is not None else []
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict) and row.get("id") == question:
            return number, row
    return None


def decoded(raw: bytes) -> str:
    """The text as the reader of content sees it: one kind of line end, no mark in front."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def encoded(text: str, like: bytes) -> bytes:
    """The text with the line ends and the mark in front that the file had.

    Raises Refusal("correction_by_hand") for a file with several kinds of line ends, and for what
    UTF-8 cannot say.
    """
    ends = "\r\n" if b"\r\n" in like else "\n"
    mark = _BOM if like.startswith(_BOM) else b""
    if mark + decoded(like).replace("\n", ends).encode() != like:
        raise Refusal("correction_by_hand")
    try:
        return mark + text.replace("\n", ends).encode()
    except UnicodeEncodeError:
        raise Refusal("correction_by_hand") from None
