"""From our questions to items and back, as far as the other format goes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lms.curriculum.exchange.items import Bank, Item, ItemAnswer, LossKind
from lms.curriculum.rules import Answer, Question, QuestionKind, Text

_SILENT = {QuestionKind.ORDERING, QuestionKind.MATCHING}
"""Kinds whose single answers have no remark in Moodle."""
WITHOUT_ORDERING = frozenset(QuestionKind) - {QuestionKind.ORDERING}
"""What GIFT can say."""


def items_of(
    questions: Iterable[Question],
    language: str,
    kinds: frozenset[QuestionKind] = frozenset(QuestionKind),
) -> Bank:
    """Questions in one language, ready to be written; the report says what stays behind."""
    bank = Bank()
    for question in questions:
        if question.kind not in kinds:
            bank.lose(question.id, LossKind.KIND, question.kind, dropped=True)
        elif question.kind is QuestionKind.SCENARIO:
            bank.lose(question.id, LossKind.STEPS_APART)
            bank.items += _steps(question, language)
        else:
            bank.items.append(_item(question, language))
            if question.kind in _SILENT and any(answer.feedback for answer in question.answers):
                bank.lose(question.id, LossKind.REMARK)
    return bank


def _item(question: Question, language: str) -> Item:
    choices = {choice.id: choice.title[language] for choice in question.choices}
    used = {answer.match for answer in question.answers}
    return Item(
        name=question.id,
        kind=question.kind,
        text=question.text[language],
        feedback=question.feedback[language],
        answers=tuple(
            ItemAnswer(
                answer.text[language],
                answer.correct,
                _said(answer, language),
                choices.get(answer.match or "", ""),
            )
            for answer in question.answers
        ),
        extra=tuple(title for name, title in choices.items() if name not in used),
        accept=tuple(question.accept.get(language, ())),
        model=question.model[language] if question.model else "",
    )


def _steps(question: Question, language: str) -> list[Item]:
    return [
        Item(
            name=f"{question.id}-{step.id}",
            kind=QuestionKind.SINGLE,
            text=f"{question.text[language]} {step.text[language]}",
            feedback=step.feedback[language],
            answers=tuple(
                ItemAnswer(a.text[language], a.correct, _said(a, language)) for a in step.answers
            ),
        )
        for step in question.steps
    ]


def _said(answer: Answer, language: str) -> str:
    return answer.feedback[language] if answer.feedback else ""


# Into our format --------------------------------------------------------------------------------

Place = Mapping[str, str]
"""Where a question belongs: `lesson`, `outcome`, `competency`, and for open ones a `rubric`."""


def tables(
    banks: Mapping[str, Sequence[Item]], first_id: str, place: Place, languages: Sequence[str]
) -> list[dict[str, Any]]:
    """`[[question]]` tables, one an item; `banks` holds the same questions by language.

    A language without a bank gets empty texts: `content check` names each, to be written.
    """
    stem, _, number = first_id.rpartition("q")
    rows = []
    for position, items in enumerate(zip(*banks.values(), strict=True)):
        spoken = dict(zip(banks, items, strict=True))
        rows.append(_table(spoken, f"{stem}q{int(number) + position:02}", place, languages))
    return rows


def alike(banks: Mapping[str, Sequence[Item]]) -> bool:
    """Whether banks of several languages hold the same questions: number, kind, right answers."""
    shapes = {
        tuple((one.kind, tuple(a.correct for a in one.answers), len(one.extra)) for one in items)
        for items in banks.values()
    }
    return len(shapes) <= 1


def _table(
    spoken: Mapping[str, Item], key: str, place: Place, languages: Sequence[str]
) -> dict[str, Any]:
    def each(of: Any) -> Text:
        return {tongue: of(spoken[tongue]) if tongue in spoken else "" for tongue in languages}

    one = next(iter(spoken.values()))
    table: dict[str, Any] = {
        "id": key,
        "kind": one.kind.value,
        "lesson": place["lesson"],
        "outcome": place["outcome"],
        "competency": place["competency"],
    }
    if one.kind is QuestionKind.OPEN:
        table |= {"rubric": place["rubric"], "criteria": [place["competency"]]}
    if one.category:
        table["category"] = one.category
    table |= {"text": each(lambda item: item.text), "feedback": each(_explained)}
    if one.kind is QuestionKind.OPEN:
        table["model"] = each(lambda item: item.model)
    if one.kind is QuestionKind.SHORT:
        table["accept"] = {
            tongue: list(spoken[tongue].accept) if tongue in spoken else [] for tongue in languages
        }
    if one.kind is QuestionKind.MATCHING:
        table["choices"] = _choices(spoken, languages)
    if one.answers:
        table["answers"] = [_answer(one, position, each) for position in range(len(one.answers))]
    return table


def _explained(item: Item) -> str:
    """What is said after answering; where that is nothing, what is said to the right answer."""
    if item.feedback or item.kind is not QuestionKind.SINGLE:
        return item.feedback
    return next((answer.feedback for answer in item.answers if answer.correct), "")


def _answer(one: Item, position: int, each: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"id": _letter(position)}
    if one.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        row["correct"] = one.answers[position].correct
    if one.kind is QuestionKind.MATCHING:
        row["match"] = f"to-{_letter(_matches(one).index(one.answers[position].match))}"
    row |= each(lambda item: item.answers[position].text)
    if one.answers[position].feedback not in {"", _explained(one)}:
        row["feedback"] = each(lambda item: item.answers[position].feedback)
    return row


def _choices(spoken: Mapping[str, Item], languages: Sequence[str]) -> list[dict[str, str]]:
    number = len(_matches(next(iter(spoken.values()))))
    return [
        {"id": f"to-{_letter(position)}"}
        | {
            tongue: _matches(spoken[tongue])[position] if tongue in spoken else ""
            for tongue in languages
        }
        for position in range(number)
    ]


def _matches(item: Item) -> list[str]:
    """What the answers are matched with, each once, and after them what belongs to nothing."""
    return [*dict.fromkeys(answer.match for answer in item.answers), *item.extra]


def _letter(position: int) -> str:
    return chr(ord("a") + position) if position < 26 else f"z{position}"
