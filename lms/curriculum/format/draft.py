"""Content in the middle of being read."""

from dataclasses import dataclass, field

from lms.curriculum.format.faults import Fault
from lms.curriculum.format.lessons import LessonFile
from lms.curriculum.format.media import MediaFile
from lms.curriculum.format.table import Table
from lms.curriculum.rules import (
    Discover,
    Exercise,
    Handout,
    Lesson,
    Module,
    Practicum,
    Programme,
    Question,
    Rubric,
    Term,
)


@dataclass(slots=True)
class Draft:
    """Content as read so far: each thing with the table it came from, for later checks."""

    languages: tuple[str, ...]
    faults: list[Fault]
    practicum: Practicum = field(default_factory=Practicum)
    rubrics: dict[str, Rubric] = field(default_factory=dict)
    programmes: dict[str, tuple[Table, Programme]] = field(default_factory=dict)
    modules: dict[str, tuple[Table, Module]] = field(default_factory=dict)
    questions: list[tuple[Table, Question]] = field(default_factory=list)
    exercises: list[tuple[Table, Exercise]] = field(default_factory=list)
    glossary: dict[str, Term] = field(default_factory=dict)
    discover: tuple[Table, Discover] | None = None
    media: dict[str, dict[str, MediaFile]] = field(default_factory=dict)
    """Module slug → name in its media folder → file."""
    handouts: list[tuple[Table, str, Handout]] = field(default_factory=list)
    """Each with the id of its lesson."""
    lessons: dict[str, Lesson] = field(default_factory=dict)
    lesson_files: dict[str, dict[str, LessonFile]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    """Every module slug and lesson id that has a file, readable or not."""
