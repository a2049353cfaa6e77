"""What a trainee has read, answered and handed in."""

from lms.learning.models.activity import (
    CharterAgreement,
    ContributionLine,
    TeamRound,
    ValueList,
)
from lms.learning.models.exercise import ExerciseFile, ExerciseVersion, ExerciseWork
from lms.learning.models.mark import LessonMark
from lms.learning.models.progress import LessonCompletion
from lms.learning.models.question import LessonQuestion, LessonReply
from lms.learning.models.quiz import ExtraTime, OpenMark, QuizAttempt

__all__ = [
    "CharterAgreement",
    "ContributionLine",
    "ExerciseFile",
    "ExerciseVersion",
    "ExerciseWork",
    "ExtraTime",
    "LessonCompletion",
    "LessonMark",
    "LessonQuestion",
    "LessonReply",
    "OpenMark",
    "QuizAttempt",
    "TeamRound",
    "ValueList",
]
