"""Questions as a page shows them: by number and place, so that no id tells what is right. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.curriculum.rules import Answer, Choice, Question, QuestionStep
from lms.learning.quizzes.rules.drawing import Drawn
from lms.learning.quizzes.rules.scoring import Given, is_answered


@dataclass(frozen=True, slots=True)
class Shown:
    """One question of an attempt, in the order shown, with what was given."""

    number: int
    question: Question
    given: Given
    answers: Sequence[Answer]
    choices: Sequence[Choice]
    steps: Sequence[tuple[QuestionStep, Sequence[Answer]]]

    @property
    def name(self) -> str:
        """What its fields are called in a form."""
        return f"q-{self.number}"

    @property
    def kind(self) -> str:
        """For templates."""
        return self.question.kind.value

    @property
    def is_answered(self) -> bool:
        """Whether nothing is missing."""
        return is_answered(self.question, self.given)

    @property
    def repeats_a_place(self) -> bool:
        """Whether an ordering gives two answers the same place."""
        return len(set(self.given.values())) < len(self.given)

    def title_of(self, choice_id: object) -> Choice | None:
        """The choice that was matched."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


def shown(asked: Iterable[tuple[Question, Drawn]], answers: Mapping[str, Given]) -> list[Shown]:
    """All questions of an attempt."""
    rows = []
    for number, (question, drawn) in enumerate(asked, start=1):
        offered = {answer.id: answer for answer in question.answers}
        choices = {choice.id: choice for choice in question.choices}
        rows.append(
            Shown(
                number=number,
                question=question,
                given=answers.get(question.id, {}),
                answers=[offered[name] for name in drawn.answers],
                choices=[choices[name] for name in drawn.choices],
                steps=[(step, _of_step(step, drawn)) for step in question.steps],
            )
        )
    return rows


def _of_step(step: QuestionStep, drawn: Drawn) -> Sequence[Answer]:
    offered = {answer.id: answer for answer in step.answers}
    return [offered[name] for name in drawn.steps[step.id]]
