"""The course content as those see it who correct it: modules, lessons, questions, what is open."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.core.search import fold
from lms.curriculum.corrections.models import Correction
from lms.curriculum.release import Release
from lms.curriculum.rules import Lesson, Module, Question


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson in the list, with what was looked for among its questions."""

    lesson: Lesson
    questions: int
    waiting: int
    found: Sequence[Question] = ()


@dataclass(frozen=True, slots=True)
class ModuleRows:
    """A module with those of its own lessons that are shown."""

    module: Module
    rows: Sequence[LessonRow]


def content_list(
    release: Release, waiting: Iterable[Correction], asked: str = ""
) -> list[ModuleRows]:
    """Every lesson under the module that holds its files; only what matches all words asked for."""
    open_at = Counter(one.lesson for one in waiting)
    words = fold(asked[:200]).split()[:8]
    of_lesson: dict[str, list[Question]] = {}
    for question in release.content.questions.values():
        of_lesson.setdefault(question.lesson, []).append(question)
    listed = []
    for module in release.content.modules.values():
        rows = []
        for name in module.lessons:
            if name.partition("/")[0] != module.slug:
                continue
            lesson, questions = release.content.lessons[name], of_lesson.get(name, [])
            known = _matches(words, [name, module.code, *lesson.title.values()])
            found = [q for q in questions if words and _matches(words, [q.id, *q.text.values()])]
            if known or found:
                rows.append(LessonRow(lesson, len(questions), open_at[name], found[:5]))
        if rows:
            listed.append(ModuleRows(module, rows))
    return sorted(listed, key=lambda one: one.module.order)


def _matches(words: Sequence[str], texts: Iterable[str]) -> bool:
    folded = fold(" ".join(texts))
    return all(word in folded for word in words)


def questions_of(release: Release, lesson: str) -> list[Question]:
    """The questions that a lesson teaches."""
    return [one for one in release.content.questions.values() if one.lesson == lesson]
