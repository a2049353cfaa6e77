"""All that one release holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.curriculum.rules.learning import Discover, Exercise, Lesson, Module, Term
from lms.curriculum.rules.practice import Practicum, Rubric
from lms.curriculum.rules.programmes import Programme
from lms.curriculum.rules.questions import Question


@dataclass(frozen=True, slots=True)
class Content:
    """All that one release holds, keyed by slug or id."""

    languages: tuple[str, ...]
    programmes: Mapping[str, Programme]
    modules: Mapping[str, Module]
    lessons: Mapping[str, Lesson]
    questions: Mapping[str, Question]
    rubrics: Mapping[str, Rubric]
    practicum: Practicum
    glossary: Mapping[str, Term] = field(default_factory=dict)
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    discover: Discover | None = None
    media: Mapping[str, str] = field(default_factory=dict)
    """Address of each picture and handout → the file of the content folder that it is."""
