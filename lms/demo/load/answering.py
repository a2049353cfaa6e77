"""What people of the demonstration answer in quizzes. Pure; the same person answers the same.

Some know more than others, some questions are harder than others, and of the wrong answers some
tempt more: question statistics then have something to tell. One question misleads those who know
most, as a badly worded one does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp

from lms.curriculum.rules import Answer, Question, QuestionKind
from lms.learning.quizzes.rules.scoring import Given, right_answer

MISLEADING = {"c1-q11": "c"}
"""A question → the wrong answer that those who know most give to it."""
KNOWS_MUCH = 0.9
STEEP = 2.4
"""How far being right depends on the person, and not on chance."""
LEARNT = 1.0
"""How much more is known at the next attempt."""
TEMPTING = (0.5, 0.3, 0.2)
"""How the wrong answers share those who are wrong; further ones are never taken."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One point lost: by a question, or by one step of a scenario."""

    question: Question
    step: str
    by: float
    """How far from right."""


def answers(
    questions: Sequence[Question], who: str, number: int = 1, may_lose: int | None = None
) -> dict[str, Given]:
    """What `who` answers at their attempt `number`, losing at most so many points."""
    slips = sorted(_slips(questions, who, number), key=lambda slip: slip.by, reverse=True)
    given: dict[str, Given] = {question.id: right_answer(question) for question in questions}
    for slip in slips[:may_lose]:
        given[slip.question.id] = _wrong(slip, given[slip.question.id], who)
    return given


def _slips(questions: Sequence[Question], who: str, number: int) -> Iterator[Slip]:
    known = _ability(who) + LEARNT * (number - 1)
    for question in questions:
        for step in [step.id for step in question.steps] or [""]:
            chance = _part(who, question.id, step, str(number))
            by = chance - _likely(known, question, step)
            if by > 0:
                yield Slip(question, step, by)


def _likely(known: float, question: Question, step: str) -> float:
    """How likely the right answer is: a logistic curve, as in Rasch's model."""
    if question.id in MISLEADING:
        return 0.15 if known > KNOWS_MUCH else 0.75
    hard = 2.4 * _part("hard", question.id, step) - 1.4
    return 1 / (1 + exp(STEEP * (hard - known)))


def _ability(who: str) -> float:
    return 2.6 * _part("able", who) - 0.4


def _wrong(slip: Slip, right: Given, who: str) -> Given:
    question = slip.question
    match question.kind:
        case QuestionKind.SINGLE:
            return {_tempted(question.answers, question.id, who): 1}
        case QuestionKind.SCENARIO:
            (step,) = (step for step in question.steps if step.id == slip.step)
            return {**right, step.id: _tempted(step.answers, f"{question.id}/{step.id}", who)}
        case QuestionKind.MULTIPLE:
            return _one_off(question, right, who)
        case QuestionKind.ORDERING | QuestionKind.MATCHING:
            return _two_changed_places(right, _part("place", question.id, who))
        case QuestionKind.SHORT | QuestionKind.OPEN:
            return {}


def _tempted(offered: Sequence[Answer], name: str, who: str) -> str:
    """One of the wrong answers, each person the same one; some tempt more than others."""
    wrong = [answer.id for answer in offered if not answer.correct]
    if name in MISLEADING and _ability(who) > KNOWS_MUCH:
        return MISLEADING[name]
    wrong.sort(key=lambda answer: _part("tempts", name, answer))
    left = _part("takes", name, who) * sum(TEMPTING[: len(wrong)])
    for answer, share in zip(wrong, TEMPTING, strict=False):
        left -= share
        if left < 0:
            return answer
    return wrong[0]


def _one_off(question: Question, right: Given, who: str) -> Given:
    """A wrong answer ticked as well, or where there is none, or for every third, one forgotten."""
    wrong = [answer for answer in question.answers if not answer.correct]
    if wrong and (len(right) < 2 or _part("forgets", question.id, who) > 1 / 3):
        return {**right, _tempted(wrong, question.id, who): 1}
    return dict(list(right.items())[1:])


def _two_changed_places(right: Given, chance: float) -> Given:
    names = list(right)
    first = int(chance * (len(names) - 1))
    one, other = names[first : first + 2]
    return {**right, one: right[other], other: right[one]}


def _part(*words: str) -> float:
    """A number from 0 to 1 that looks like chance, always the same for the same words."""
    digest = sha256("\0".join(words).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
