"""What a correction makes of the files of a release, and what is wrong with them then. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.core.errors import Refusal
from lms.curriculum.corrections import files as sources
from lms.curriculum.corrections.adding import add_questions
from lms.curriculum.corrections.files import Files, LessonText
from lms.curriculum.corrections.handouts import write_handout
from lms.curriculum.corrections.rules import CorrectionKind, Standing
from lms.curriculum.format import Fault, read_files
from lms.curriculum.rules import Content, Lesson, Question


@dataclass(frozen=True, slots=True)
class Change:
    """A correction without its history: what to put where."""

    kind: CorrectionKind
    subject: str
    lesson: str
    content: Mapping[str, Any]
    data: bytes = b""
    """The bytes of a handout."""

    @property
    def module(self) -> str:
        """Slug of the module whose files it changes."""
        return self.lesson.partition("/")[0]


def lesson_text(content: Mapping[str, Any]) -> LessonText:
    """A lesson as a correction keeps it."""
    return LessonText(int(content["minutes"]), dict(content["title"]), dict(content["body"]))


def as_content(text: LessonText) -> dict[str, Any]:
    """The same the other way round."""
    return {"minutes": text.minutes, "title": dict(text.title), "body": dict(text.body)}


def read(
    files: Files, kind: CorrectionKind, subject: str, lesson: str, languages: tuple[str, ...]
) -> dict[str, Any] | None:
    """What the files say of a lesson or question; None where they say nothing."""
    if kind is CorrectionKind.LESSON:
        found = sources.read_lesson(files, lesson, languages)
        return as_content(found) if found else None
    if kind is CorrectionKind.QUESTION:
        return sources.read_question(files, lesson.partition("/")[0], subject)
    return {}


def standing(change: Change, then: Files, now: Files, languages: tuple[str, ...]) -> Standing:
    """How a change made on the files of `then` stands to those of `now`."""
    if change.kind in {CorrectionKind.HANDOUT, CorrectionKind.QUESTIONS}:
        there = any(name.startswith(f"modules/{change.lesson}.") for name in now)
        return Standing.SAME if there else Standing.GONE
    asked = (change.kind, change.subject, change.lesson, languages)
    before, after = read(then, *asked), read(now, *asked)
    if after is None:
        return Standing.GONE
    return Standing.SAME if before == after else Standing.CHANGED


def apply(files: Files, change: Change) -> dict[str, bytes]:
    """The files that a change writes, with their new bytes.

    Raises Refusal: correction_gone, correction_by_hand, handout_twice.
    """
    if change.kind is CorrectionKind.LESSON:
        return sources.write_lesson(files, change.lesson, lesson_text(change.content))
    if change.kind is CorrectionKind.QUESTION:
        return sources.write_question(files, change.module, change.subject, change.content)
    if change.kind is CorrectionKind.QUESTIONS:
        return add_questions(files, change.module, change.content["questions"])
    return write_handout(files, change.lesson, change.subject, change.content, change.data)


def apply_all(files: Files, changes: Iterable[Change]) -> dict[str, bytes]:
    """All files with every change made. Raises Refusal as `apply`, and correction_twice."""
    made, seen = dict(files), set()
    for change in changes:
        again = (change.kind, change.subject) in seen
        if again and change.kind is not CorrectionKind.QUESTIONS:
            raise Refusal("correction_twice", subject=change.subject)
        seen.add((change.kind, change.subject))
        made |= apply(made, change)
    return made


def faults(files: Files) -> list[Fault]:
    """Everything wrong with the whole content, as `lms content check` says it."""
    return read_files(files)[1]


# One thing alone, as the player shows it -------------------------------------------------------


def preview(files: Files, change: Change) -> Lesson | Question | None:
    """The lesson or question as it will be taught: the same reader, on the files it needs."""
    if change.kind is CorrectionKind.QUESTIONS:
        return None
    made = {**files, **apply(files, change)}
    content = _near(made, change.module)
    if change.kind is CorrectionKind.QUESTION:
        return content.questions.get(change.subject)
    return content.lessons.get(change.lesson)


def _near(files: Files, module: str) -> Content:
    """The content of one module, with what its lessons point at."""
    wanted = (f"modules/{module}/", "programmes/", "glossary.toml")
    return read_files({name: body for name, body in files.items() if name.startswith(wanted)})[0]
