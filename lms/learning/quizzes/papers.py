"""What can be taken: a module's quiz, or the final exam of a programme. Pure."""

from dataclasses import dataclass

from lms.curriculum.release import Release
from lms.curriculum.rules import Module, Programme, Question, Quiz
from lms.learning.outline import written_modules
from lms.learning.quizzes.rules.attempts import EXAM
from lms.learning.quizzes.rules.scoring import out_of


@dataclass(frozen=True, slots=True)
class Paper:
    """A quiz with its settings and the questions that it draws from."""

    key: str
    """Slug of the module, or `@exam`."""
    quiz: Quiz
    pool: tuple[Question, ...]
    programme: Programme
    module: Module | None = None
    """None for the exam."""

    @property
    def points_vary(self) -> bool:
        """Whether what is drawn decides how many points there are."""
        return out_of(self.pool) != len(self.pool)


def paper_of(release: Release, programme: Programme, key: str) -> Paper | None:
    """The quiz of a module, or the exam under `@exam`; None where there is no such."""
    if key == EXAM:
        return exam_of(release, programme)
    module = release.module(key)
    if module is None:
        return None
    return Paper(key, module.quiz, release.question_pool(key), programme, module)


def exam_of(release: Release, programme: Programme) -> Paper | None:
    """The final exam: it asks about every lesson of the written modules, each once."""
    if programme.exam is None:
        return None
    lessons = {
        lesson for module in written_modules(release, programme) for lesson in module.lessons
    }
    pool = tuple(q for q in release.content.questions.values() if q.lesson in lessons)
    return Paper(EXAM, programme.exam, pool, programme)
