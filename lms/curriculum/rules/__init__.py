"""What a trainee learns and must show: programmes, modules, lessons, questions, rubric, practicum.

All of it is data, written in `course_content/` and frozen into a release. These are the shapes
that the rest of the application reads; `format` makes them, `release` keeps them.
"""

from lms.curriculum.rules.content import Content
from lms.curriculum.rules.learning import (
    Counting,
    Delivery,
    Discover,
    Exercise,
    ExerciseKind,
    Handout,
    Lesson,
    Module,
    Outcome,
    Quiz,
    Review,
    TeamActivity,
    Term,
)
from lms.curriculum.rules.practice import (
    ActivityType,
    Criterion,
    EntryLimits,
    Level,
    Practicum,
    Rubric,
)
from lms.curriculum.rules.programmes import (
    DecisionProfile,
    Measure,
    Programme,
    ProgrammeModule,
    ProgrammeStatus,
    Promotion,
    Requirement,
    RequirementKind,
    Unit,
)
from lms.curriculum.rules.questions import Answer, Question, QuestionKind, QuestionStep
from lms.curriculum.rules.text import Choice, Indicator, Text

__all__ = [
    "ActivityType",
    "Answer",
    "Choice",
    "Content",
    "Counting",
    "Criterion",
    "DecisionProfile",
    "Delivery",
    "Discover",
    "EntryLimits",
    "Exercise",
    "ExerciseKind",
    "Handout",
    "Indicator",
    "Lesson",
    "Level",
    "Measure",
    "Module",
    "Outcome",
    "Practicum",
    "Programme",
    "ProgrammeModule",
    "ProgrammeStatus",
    "Promotion",
    "Question",
    "QuestionKind",
    "QuestionStep",
    "Quiz",
    "Requirement",
    "RequirementKind",
    "Review",
    "Rubric",
    "TeamActivity",
    "Term",
    "Text",
    "Unit",
]
