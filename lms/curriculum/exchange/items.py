"""A question between two formats, in one language, and what got lost on the way. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lms.curriculum.rules import QuestionKind


class LossKind(StrEnum):
    """Why something of a bank was not carried."""

    KIND = "kind"
    UNREADABLE = "unreadable"
    PARTIAL = "partial"
    PICTURE = "picture"
    LAYOUT = "layout"
    WILDCARD = "wildcard"
    RANGE = "range"
    NUMBER = "number"
    GAPS = "gaps"
    REMARK = "remark"
    MODEL = "model"
    NO_RIGHT_ANSWER = "no_right_answer"
    TOO_FEW_ANSWERS = "too_few_answers"
    DUPLICATE_ANSWER = "duplicate_answer"
    STEPS_APART = "steps_apart"
    TOO_LONG = "too_long"
    DEDUCTION = "deduction"
    SAME_WORDS = "same_words"


class BankFault(StrEnum):
    """Why a file is no bank that is read here."""

    FORMAT = "format"
    BROKEN = "broken"
    DOCTYPE = "doctype"
    NUL = "nul"
    ENCODING = "encoding"
    PACKED = "packed"
    MANY = "many"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that was not carried, or not quite."""

    question: str
    kind: LossKind
    detail: str = ""
    dropped: bool = False
    """Whether the question as a whole stayed behind."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One answer; `match` is the text that belongs to it, for a matching.

    Text and feedback are in the Markdown of `curriculum.phrasing`; `match` is plain words.
    """

    text: str
    correct: bool = False
    feedback: str = ""
    match: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A question in one language. For an ordering, answers stand in their right order."""

    name: str
    kind: QuestionKind
    text: str
    feedback: str = ""
    answers: tuple[ItemAnswer, ...] = ()
    extra: tuple[str, ...] = ()
    """For a matching: choices that belong to nothing."""
    accept: tuple[str, ...] = ()
    model: str = ""
    category: str = ""
    """Where it stood in the bank, from the outermost: `Limits / Money`."""


@dataclass(slots=True)
class Bank:
    """What was read: questions that can be carried, and the report of the rest."""

    items: list[Item] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    def lose(
        self, question: str, kind: LossKind, detail: str = "", *, dropped: bool = False
    ) -> None:
        """Note that something did not come along, each thing once a question."""
        loss = Loss(question, kind, detail, dropped)
        if dropped or loss not in self.losses[-8:]:
            self.losses.append(loss)


class UnreadableBank(ValueError):
    """The file is not of the format; `line` says where, 0 where that is unknown."""

    def __init__(self, line: int = 0, fault: BankFault = BankFault.FORMAT) -> None:
        super().__init__(line, fault)
        self.line, self.fault = line, fault


MOST_READ = 2_000
"""Questions of one file; each costs time, and nobody looks at so many."""
MOST_PARTS = 200
"""Answers of one question, and what else belongs to it."""
MOST_TEXT = 4_000
"""Characters of a text that may be carried: what the form of a question takes."""
MOST_MARKED = 40_000
"""Characters of a text with its tags; pictures written into it are taken out before."""


YES_NO = {"fr": ("Vrai", "Faux"), "en": ("True", "False"), "ar": ("صحيح", "خطأ")}
"""The answers to a question of true or false, by language."""
RIGHT = 100.0
"""Percent of the mark that a right answer of a single choice gives."""


def choice(bank: Bank, item: Item, fractions: Sequence[float], *, single: bool) -> None:
    """Add a question with answers to choose from; what is graded by halves becomes yes or no."""
    if any(0 < fraction < RIGHT for fraction in fractions) and single:
        bank.lose(item.name, LossKind.PARTIAL)
    if any(fraction < 0 for fraction in fractions) and single:
        bank.lose(item.name, LossKind.DEDUCTION)
    best = max(fractions, default=0)
    right = [
        fraction >= RIGHT or (fraction == best > 0) if single else fraction > 0
        for fraction in fractions
    ]
    texts = [answer.text.casefold() for answer in item.answers]
    if len(texts) < 2:
        bank.lose(item.name, LossKind.TOO_FEW_ANSWERS, dropped=True)
    elif len(set(texts)) != len(texts):
        bank.lose(item.name, LossKind.DUPLICATE_ANSWER, dropped=True)
    elif not any(right):
        bank.lose(item.name, LossKind.NO_RIGHT_ANSWER, dropped=True)
    else:
        kind = QuestionKind.MULTIPLE if sum(right) > 1 else QuestionKind.SINGLE
        answers = tuple(
            ItemAnswer(answer.text, is_right, answer.feedback)
            for answer, is_right in zip(item.answers, right, strict=True)
        )
        bank.items.append(replace(item, kind=kind, answers=answers))


def matching(bank: Bank, item: Item) -> None:
    """Add a matching, unless there is nothing to match."""
    if len(item.answers) < 2 or len({a.match for a in item.answers} | set(item.extra)) < 2:
        bank.lose(item.name, LossKind.TOO_FEW_ANSWERS, dropped=True)
    else:
        bank.items.append(replace(item, kind=QuestionKind.MATCHING))


def remarked(bank: Bank, item: Item, said: Sequence[tuple[str, float]]) -> Item:
    """An item that has no remarks on single answers, with the one on the right answer kept.

    `said`: each remark with the part of the mark that its answer gives.
    """
    right = [words for words, fraction in said if words and fraction >= RIGHT]
    kept = item.feedback or (right[0] if right else "")
    if any(words and words != kept for words, _fraction in said):
        bank.lose(item.name, LossKind.REMARK)
    return replace(item, feedback=kept)


def short(bank: Bank, item: Item, accepted: Mapping[str, float]) -> None:
    """Add a short answer: what is wholly right counts, whatever its case and accents."""
    right = [words for words, fraction in accepted.items() if fraction >= RIGHT and words]
    if any(0 < fraction < RIGHT for fraction in accepted.values()):
        bank.lose(item.name, LossKind.PARTIAL)
    plain = [words for words in right if "*" not in words]
    if len(plain) != len(right):
        bank.lose(item.name, LossKind.WILDCARD, dropped=not plain)
    elif not plain:
        bank.lose(item.name, LossKind.NO_RIGHT_ANSWER, dropped=True)
    if plain:
        found = replace(item, kind=QuestionKind.SHORT, accept=tuple(dict.fromkeys(plain)))
        bank.items.append(found)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is asked for: how exactly, and what part of the mark it gives."""

    value: str
    tolerance: float
    fraction: float


def number(bank: Bank, item: Item, wanted: Sequence[Number]) -> None:
    """Add a question about a number as a short answer, where exactly this number is right."""
    right = [one for one in wanted if one.fraction >= RIGHT]
    exact = [one for one in right if one.tolerance == 0 and _figure(one.value) is not None]
    if any(0 < one.fraction < RIGHT for one in wanted):
        bank.lose(item.name, LossKind.PARTIAL)
    if not right:
        bank.lose(item.name, LossKind.NO_RIGHT_ANSWER, dropped=True)
    elif len(exact) != len(right):
        bank.lose(item.name, LossKind.RANGE, dropped=True)
    else:
        bank.lose(item.name, LossKind.NUMBER)
        written = [way for one in exact for way in _ways(one.value.strip())]
        found = replace(item, kind=QuestionKind.SHORT, accept=tuple(dict.fromkeys(written)))
        bank.items.append(found)


def _figure(text: str) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _ways(figure: str) -> list[str]:
    """A number with its point as people write it, in French too."""
    return [figure, figure.replace(".", ",")] if "." in figure else [figure]
