"""What was answered, and what it is worth."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from lms.core.folding import fold
from lms.curriculum.rules import Question, QuestionKind

Given: TypeAlias = Mapping[str, int | str]
"""What a person answered: answer id → 1 where chosen; for an ordering, the position typed; for a
matching, the id of the choice; for a scenario, step id → answer id; for words, `TEXT` → them."""
Levels: TypeAlias = Mapping[str, int]
"""What a trainer gave an open answer: criterion id → level."""

TEXT = "text"
LENGTHS = {QuestionKind.SHORT: 200, QuestionKind.OPEN: 4_000}
"""Most characters of an answer in words (our proposal)."""
HIGHEST_LEVEL = 4
GOOD_LEVEL = 2
"""An open answer is right when the mean of its levels reaches this."""


def tidy(question: Question, given: Given) -> dict[str, int | str]:
    """Only what belongs to the question. A half-done ordering is kept as it was typed."""
    known = [answer.id for answer in question.answers]
    match question.kind:
        case QuestionKind.SINGLE:
            return dict.fromkeys([name for name in known if _is_place(given.get(name), 1)][:1], 1)
        case QuestionKind.MULTIPLE:
            return dict.fromkeys([name for name in known if _is_place(given.get(name), 1)], 1)
        case QuestionKind.ORDERING:
            return {name: given[name] for name in known if _is_place(given.get(name), len(known))}
        case QuestionKind.MATCHING:
            choices = {choice.id for choice in question.choices}
            return {name: given[name] for name in known if given.get(name) in choices}
        case QuestionKind.SCENARIO:
            offered = {step.id: {answer.id for answer in step.answers} for step in question.steps}
            return {step: given[step] for step in offered if given.get(step) in offered[step]}
        case QuestionKind.SHORT | QuestionKind.OPEN:
            text = clean(given.get(TEXT), LENGTHS[question.kind])
            return {TEXT: text} if text else {}


def _is_place(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def clean(value: object, most: int) -> str:
    """Words without what no keyboard types: databases refuse some of it."""
    text = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()[:most].strip()


def is_answered(question: Question, given: Given) -> bool:
    """Whether the answer is complete: an ordering, say, needs every position exactly once."""
    if question.kind is QuestionKind.ORDERING:
        return sorted(map(int, given.values())) == list(range(1, len(question.answers) + 1))
    if question.kind is QuestionKind.MATCHING:
        return len(given) == len(question.answers)
    if question.kind is QuestionKind.SCENARIO:
        return len(given) == len(question.steps)
    return bool(given)


def same_words(given: str, accepted: str) -> bool:
    """Whether two short answers are the same to a reader, in spite of accents, hamza and spaces."""
    return bool(_letters(given)) and _letters(given) == _letters(accepted)


def _letters(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum())


# Points ----------------------------------------------------------------------------------------


def points(question: Question) -> int:
    """What a question is worth: one, or one for each step of a scenario."""
    return len(question.steps) if question.kind is QuestionKind.SCENARIO else 1


def earned(question: Question, given: Given, levels: Levels | None = None) -> int:
    """Points of an answer. All or nothing, but for a scenario, whose steps count one by one."""
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return int(set(given) == {answer.id for answer in question.answers if answer.correct})
        case QuestionKind.ORDERING:
            in_order = sorted(given, key=lambda name: given[name])
            right = [answer.id for answer in question.answers]
            return int(is_answered(question, given) and in_order == right)
        case QuestionKind.MATCHING:
            return int(all(given.get(answer.id) == answer.match for answer in question.answers))
        case QuestionKind.SCENARIO:
            return sum(is_right_step(question, step.id, given) for step in question.steps)
        case QuestionKind.SHORT:
            words = str(given.get(TEXT, ""))
            accepted = [each for texts in question.accept.values() for each in texts]
            return int(any(same_words(words, each) for each in accepted))
        case QuestionKind.OPEN:
            return int(bool(given) and is_good(levels))


def is_right_step(question: Question, step_id: str, given: Given) -> bool:
    """Whether one step of a scenario was answered rightly."""
    step = next(step for step in question.steps if step.id == step_id)
    return given.get(step_id) in {answer.id for answer in step.answers if answer.correct}


def is_good(levels: Levels | None) -> bool:
    """Whether a trainer's levels make an open answer right: their mean is two or more."""
    return bool(levels) and sum((levels or {}).values()) >= GOOD_LEVEL * len(levels or {})


def is_right(question: Question, given: Given, levels: Levels | None = None) -> bool:
    """Whether nothing is missing."""
    return earned(question, given, levels) == points(question)


def out_of(questions: Iterable[Question]) -> int:
    """Most points that can be reached."""
    return sum(points(question) for question in questions)


def score(
    questions: Iterable[Question],
    answers: Mapping[str, Given],
    marks: Mapping[str, Levels] | None = None,
) -> int:
    """Points of a whole attempt; what was not answered earns none."""
    marks = marks or {}
    return sum(
        earned(question, answers.get(question.id, {}), marks.get(question.id))
        for question in questions
    )


def to_mark(questions: Sequence[Question], answers: Mapping[str, Given]) -> list[Question]:
    """The open questions that were answered: a trainer must read them."""
    return [q for q in questions if q.kind is QuestionKind.OPEN and answers.get(q.id)]


def percent(score: int, out_of: int) -> int:
    """The score as a percentage, rounded down: a score just below the mark never looks like it."""
    return score * 100 // out_of if out_of else 0


def is_pass(score: int, out_of: int, pass_percent: int) -> bool:
    """Whether the score reaches the pass mark."""
    return out_of > 0 and score * 100 >= pass_percent * out_of


def needed(out_of: int, pass_percent: int) -> int:
    """The least number of points that passes."""
    return -(-pass_percent * out_of // 100)


def right_answer(question: Question) -> dict[str, int | str]:
    """An answer that earns every point; of an open question, what its model says."""
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return {answer.id: 1 for answer in question.answers if answer.correct}
        case QuestionKind.ORDERING:
            return {answer.id: place for place, answer in enumerate(question.answers, start=1)}
        case QuestionKind.MATCHING:
            return {answer.id: answer.match or "" for answer in question.answers}
        case QuestionKind.SCENARIO:
            return {
                step.id: answer.id
                for step in question.steps
                for answer in step.answers
                if answer.correct
            }
        case QuestionKind.SHORT:
            return {TEXT: next(texts[0] for texts in question.accept.values())}
        case QuestionKind.OPEN:
            return {TEXT: next(iter((question.model or {"": ""}).values()))}
