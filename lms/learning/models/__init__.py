"""What a trainee has read, answered and handed in."""

from lms.learning.models.progress import LessonCompletion, QuizAttempt

__all__ = ["LessonCompletion", "QuizAttempt"]
