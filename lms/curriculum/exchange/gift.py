"""GIFT, Moodle's format of plain text (docs.moodle.org, GIFT format)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.curriculum.exchange import items
from lms.curriculum.exchange.items import (
    MOST_PARTS,
    MOST_READ,
    Bank,
    BankFault,
    Item,
    ItemAnswer,
    LossKind,
    UnreadableBank,
)
from lms.curriculum.exchange.moodle import in_language
from lms.curriculum.rules import QuestionKind

_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_MARKS = {mark: chr(0xE000 + number) for number, mark in enumerate("~=#{}:\\n")}
"""Escaped signs while the text around them is taken apart (a private area of Unicode)."""
_BACK = {
    chr(0xE000 + number): "\n" if mark == "n" else mark for number, mark in enumerate("~=#{}:\\n")
}
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|plain|markdown|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?[\d.,]+)%")
_BLANK = "_____"


@dataclass(frozen=True, slots=True)
class _Choice:
    """One answer as written: `=` or `~`, its percent, its words, what is said to it."""

    sign: str
    weight: float | None
    text: str
    feedback: str


def read(data: bytes, language: str) -> Bank:
    """The questions of a bank in one language. Raises UnreadableBank."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableBank(line, BankFault.ENCODING) from error
    if "\0" in text:
        raise UnreadableBank(text.count("\n", 0, text.index("\0")) + 1, BankFault.NUL)
    bank = Bank()
    for number, block in enumerate(_blocks(text), start=1):
        if number > MOST_READ:
            raise UnreadableBank(0, BankFault.MANY)
        _question(bank, block, number, language)
    return bank


def _blocks(text: str) -> Iterator[str]:
    """The questions: parts between empty lines, comments and categories left out.

    An empty line inside braces belongs to the question.
    """
    hidden = _ESCAPED.sub(lambda match: _MARKS[match.group(1)], text.replace("\r\n", "\n"))
    kept: list[str] = []
    depth = 0
    for line in [*hidden.split("\n"), ""]:
        if line.lstrip().startswith("//") or line.startswith("$CATEGORY:"):
            continue
        if not line.strip() and depth == 0:
            if kept:
                yield "\n".join(kept)
            kept = []
            continue
        depth = max(0, depth + line.count("{") - line.count("}"))
        kept.append(line)
    if kept:
        yield "\n".join(kept)


def _question(bank: Bank, block: str, number: int, language: str) -> None:
    name = f"{number}"
    if match := _TITLE.match(block):
        name, block = _plain(match.group(1), language)[0] or name, block[match.end() :]
    stem, braces, rest = block.partition("{")
    if not braces:
        bank.lose(name, LossKind.KIND, "description", dropped=True)
        return
    inside, closed, after = rest.rpartition("}")
    if not closed or inside.count("=") + inside.count("~") > MOST_PARTS:
        bank.lose(name, LossKind.UNREADABLE, dropped=True)
        return
    inside, _, said = inside.partition("####")
    blank = f" {_BLANK} {after}" if after.strip() else ""
    text, lost = _plain(stem + blank, language)
    feedback, also = _plain(said, language)
    for loss in sorted(lost | also):
        bank.lose(name, loss)
    if not text:
        bank.lose(name, LossKind.UNREADABLE, dropped=True)
        return
    _answers(bank, Item(name, QuestionKind.SINGLE, text, feedback), inside.strip(), language)


def _answers(bank: Bank, item: Item, inside: str, language: str) -> None:
    if not inside:
        bank.items.append(Item(item.name, QuestionKind.OPEN, item.text, item.feedback))
    elif inside.startswith("#"):
        bank.lose(item.name, LossKind.KIND, "numerical", dropped=True)
    elif re.match(r"(T|TRUE|F|FALSE)\s*(#|$)", inside):
        _true_or_false(bank, item, inside, language)
    else:
        found = list(_choices(inside, language))
        if not found:
            bank.lose(item.name, LossKind.UNREADABLE, dropped=True)
        elif all(one.sign == "=" and "->" in one.text for one in found):
            _matching(bank, item, found)
        elif all(one.sign == "=" for one in found):
            accepted = {one.text: 100.0 if one.weight is None else one.weight for one in found}
            items.short(bank, item.name, item.text, item.feedback, accepted)
        else:
            _choice(bank, item, found)


def _true_or_false(bank: Bank, item: Item, inside: str, language: str) -> None:
    word, *said = inside.split("#")
    truth = word.strip().startswith("T")
    wrong, right = (*(_plain(text, language)[0] for text in said), "", "")[:2]
    yes, no = items.YES_NO.get(language, items.YES_NO["en"])
    answers = (
        ItemAnswer(yes, feedback=right if truth else wrong),
        ItemAnswer(no, feedback=wrong if truth else right),
    )
    found = Item(item.name, item.kind, item.text, item.feedback, answers)
    items.choice(bank, found, [100.0, 0.0] if truth else [0.0, 100.0], single=True)


def _matching(bank: Bank, item: Item, found: list[_Choice]) -> None:
    answers, extra = [], []
    for one in found:
        left, _, right = (part.strip() for part in one.text.partition("->"))
        if left:
            answers.append(ItemAnswer(left, match=right))
        elif right:
            extra.append(right)
    kind = QuestionKind.MATCHING
    items.matching(
        bank, Item(item.name, kind, item.text, item.feedback, tuple(answers), tuple(extra))
    )


def _choice(bank: Bank, item: Item, found: list[_Choice]) -> None:
    weights = [
        one.weight if one.weight is not None else (100.0 if one.sign == "=" else 0.0)
        for one in found
    ]
    answers = tuple(ItemAnswer(one.text, feedback=one.feedback) for one in found)
    single = any(one.sign == "=" for one in found) or max(weights) >= items.RIGHT
    whole = Item(item.name, item.kind, item.text, item.feedback, answers)
    items.choice(bank, whole, weights, single=single)


def _choices(inside: str, language: str) -> Iterator[_Choice]:
    for match in re.finditer(r"([=~])([^=~]*)", inside):
        words, weight = match.group(2), None
        if found := _WEIGHT.match(words):
            words, weight = words[found.end() :], _number(found.group(1))
        text, _, said = words.partition("#")
        shown = _plain(text, language)[0]
        if shown:
            yield _Choice(match.group(1), weight, shown, _plain(said, language)[0])


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def _plain(text: str, language: str) -> tuple[str, set[LossKind]]:
    html = True
    if match := _FORMAT.match(text):
        html, text = match.group(1).lower() in {"html", "moodle"}, text[match.end() :]
    text = "".join(_BACK.get(sign, sign) for sign in text)
    chosen = in_language(text, language)
    return items.words_of(chosen) if html and "<" in chosen else (items.plain(chosen), set())


# Writing ----------------------------------------------------------------------------------------


def write(found: Iterable[Item], category: str) -> bytes:
    """A bank that Moodle's import takes. GIFT knows no ordering: that one is left to Moodle XML."""
    blocks = [f"$CATEGORY: $course$/top/{_safe(category)}"]
    blocks += ["\n".join(_written(item)) for item in found]
    return ("\n\n".join(blocks) + "\n").encode()


def _written(item: Item) -> Iterator[str]:
    yield f"::{_safe(item.name)}::[plain]{_safe(item.text)} {{"
    right = sum(answer.correct for answer in item.answers)
    for answer in item.answers:
        said = f" #{_safe(answer.feedback)}" if answer.feedback else ""
        if item.kind is QuestionKind.MATCHING:
            yield f"= {_safe(answer.text)} -> {_safe(answer.match)}"
        elif item.kind is QuestionKind.SINGLE:
            yield f"{'=' if answer.correct else '~'} {_safe(answer.text)}{said}"
        else:
            share = f"{(100 if answer.correct else -100) / right:.5f}".rstrip("0").rstrip(".")
            yield f"~%{share}% {_safe(answer.text)}{said}"
    for extra in item.extra:
        yield f"=  -> {_safe(extra)}"
    for words in item.accept:
        yield f"=%100% {_safe(words)}"
    if item.feedback:
        yield f"#### {_safe(item.feedback)}"
    yield "}"


def _safe(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", " ".join(text.split()))
