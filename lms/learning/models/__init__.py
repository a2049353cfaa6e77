"""What a trainee has read, answered and handed in."""

from lms.learning.models.mark import LessonMark
from lms.learning.models.progress import LessonCompletion, QuizAttempt
from lms.learning.models.question import LessonQuestion, LessonReply

__all__ = ["LessonCompletion", "LessonMark", "LessonQuestion", "LessonReply", "QuizAttempt"]
