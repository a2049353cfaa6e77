"""Open answers that wait for the trainer, one marked anew, and one person with extra time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from lms.cohorts.models import Enrolment
from lms.curriculum.rules import QuestionKind
from lms.demo.load.stage import Stage
from lms.learning.models import QuizAttempt
from lms.learning.quizzes import extra, marking
from lms.learning.quizzes import service as quizzes
from lms.learning.quizzes.papers import paper_of
from lms.learning.quizzes.rules.scoring import TEXT, right_answer

MODULE = "c6-method"
WORDS = (
    (
        "Je commencerais par écouter ceux qui ne viennent pas aux réunions : les femmes de la "
        "coopérative et les jeunes partis en ville. Je noterais ce que chacun attend et redoute, "
        "puis je le redirais devant tous, sans nommer personne."
    ),
    (
        "D’abord le cadre : qui m’a demandé quoi, et ce que je ne ferai pas. Ensuite une rencontre "
        "courte avec chaque partie, avant de réunir tout le monde."
    ),
)


READ_TOO_FAST = "J’avais lu trop vite : le cadre est posé dès la première phrase."


def load(stage: Stage, enrolments: Sequence[Enrolment]) -> None:
    """Two trainees answer in their own words; a third has half as much time again.

    One had answered before: marked too low, and corrected the day after.
    """
    for enrolment in enrolments[1:2]:
        if attempt := _answer(stage, enrolment, WORDS[0], days=6):
            _mark_twice(stage, attempt)
    for turn, enrolment in enumerate(enrolments[:2]):
        _answer(stage, enrolment, WORDS[turn % len(WORDS)], days=2 - turn)
    for enrolment in enrolments[2:3]:
        trainer = stage.cast["trainer"].actor
        reason = "Lit avec une loupe : demande faite au centre."
        extra.give(stage.session, trainer, enrolment, 50, reason, 0, stage.ago(20))


def _mark_twice(stage: Stage, attempt: QuizAttempt) -> None:
    trainer, rows = stage.cast["trainer"].actor, marking.open_answers(stage.release, attempt)

    def marks(level: int) -> marking.Marks:
        return {
            row.question.id: ({criterion.id: level for criterion in criteria}, "")
            for row, criteria in rows
        }

    marking.mark(stage.session, trainer, attempt, marks(1), stage.ago(5))
    marking.correct(
        stage.session, trainer, attempt, len(rows), marks(3), READ_TOO_FAST, stage.ago(4)
    )


def _answer(stage: Stage, enrolment: Enrolment, words: str, days: int) -> QuizAttempt | None:
    """Take a quiz that asks for at least one answer in one's own words."""
    programme = stage.release.content.programmes[enrolment.cohort.programme]
    paper = paper_of(stage.release, programme, MODULE)
    opened = [q for q in paper.pool if q.kind is QuestionKind.OPEN] if paper else []
    if paper is None or not opened:
        return None
    others = [q for q in paper.pool if q.kind is not QuestionKind.OPEN]
    pool = (opened[0], *others[: paper.quiz.draw - 1])
    at = stage.ago(days)
    attempt = quizzes.start_attempt(
        stage.session, enrolment.person.actor, enrolment, replace(paper, pool=pool), at
    )
    answers = {q.id: right_answer(q) for q in pool} | {opened[0].id: {TEXT: words}}
    later = at + timedelta(minutes=17)
    quizzes.save_answers(stage.session, attempt, answers, attempt.version, later)
    quizzes.submit(stage.session, enrolment.person.actor, attempt, attempt.version, later)
    return attempt
