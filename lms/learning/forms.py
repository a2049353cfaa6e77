"""The form of an attempt: its version, and the answers under names of their own."""

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from lms.core.forms import VersionedForm
from lms.curriculum.rules import Question, QuestionKind
from lms.learning.rules import Drawn


class AttemptForm(VersionedForm):
    """Token against forgery, and the version of the answers that the person saw."""


def read_answers(
    sent: MultiDict[str, str], questions: Iterable[tuple[Question, Drawn]]
) -> dict[str, dict[str, int]]:
    """What was chosen or typed: question id → answer id → 1, or its position in an ordering.

    A choice arrives as `q-<question>`, a position as `q-<question>-<answer>`. Anything else that
    was sent is left aside.
    """
    answers: dict[str, dict[str, int]] = {}
    for question, drawn in questions:
        name = f"q-{question.id}"
        if question.kind is QuestionKind.ORDERING:
            positions = {one: _position(sent.get(f"{name}-{one}", "")) for one in drawn.answers}
            answers[question.id] = {one: place for one, place in positions.items() if place}
        else:
            answers[question.id] = dict.fromkeys(sent.getlist(name), 1)
    return answers


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
