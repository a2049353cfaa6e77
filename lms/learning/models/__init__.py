"""What a trainee has read, answered and handed in."""

from lms.learning.models.activity import (
    CharterAgreement,
    ContributionLine,
    TeamRound,
    ValueList,
)
from lms.learning.models.exercise import ExerciseFile, ExerciseVersion, ExerciseWork
from lms.learning.models.mark import LessonMark
from lms.learning.models.progress import LessonCompletion, QuizAttempt
from lms.learning.models.question import LessonQuestion, LessonReply

__all__ = ["LessonCompletion", "CharterAgreement",
    "ContributionLine",
    "ExerciseFile",
    "ExerciseVersion",
    "ExerciseWork",
    "TeamRound",
    "ValueList",
    "LessonMark", "LessonQuestion", "LessonReply", "QuizAttempt"]
