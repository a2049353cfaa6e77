"""GIFT, Moodle's format of plain text (docs.moodle.org, GIFT format)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lms.curriculum.exchange import items
from lms.curriculum.exchange.cloze import BLANK
from lms.curriculum.exchange.html import as_written, lines, marked_of, plain, words_of
from lms.curriculum.exchange.items import (
    MOST_PARTS,
    MOST_READ,
    Bank,
    BankFault,
    Item,
    ItemAnswer,
    LossKind,
    Number,
    UnreadableBank,
)
from lms.curriculum.exchange.languages import in_language
from lms.curriculum.exchange.moodle import category_of
from lms.curriculum.phrasing import is_plain
from lms.curriculum.rules import QuestionKind

_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_MARKS = {mark: chr(0xFDD0 + number) for number, mark in enumerate("~=#{}:\\n")}
"""Escaped signs while the text around them is taken apart (no characters, says Unicode)."""
_BACK = {sign: "\n" if mark == "n" else mark for mark, sign in _MARKS.items()}
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|plain|markdown|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?[\d.,]+)%")
_CATEGORY = "$CATEGORY:"


@dataclass(frozen=True, slots=True)
class _Choice:
    """One answer as written: `=` or `~`, its percent, its words, what is said to it."""

    sign: str
    weight: float | None
    text: str
    feedback: str

    @property
    def fraction(self) -> float:
        """Percent of the mark."""
        if self.weight is not None:
            return self.weight
        return 100.0 if self.sign == "=" else 0.0


@dataclass(frozen=True, slots=True)
class _Words:
    """How the texts of one question are read: in which language, and by default as what."""

    language: str
    shape: str = "moodle"

    def shaped(self, text: str) -> tuple["_Words", str]:
        """What its first sign says of its format, and the text after it."""
        match = _FORMAT.match(text)
        if match is None:
            return self, text
        return replace(self, shape=match.group(1).lower()), text[match.end() :]

    def marked(self, text: str) -> tuple[str, set[LossKind]]:
        """A text with its formatting, and what of it stays behind."""
        here, text = self.shaped(text)
        chosen = in_language(_unhidden(text), self.language)
        if here.shape == "markdown":
            return lines(chosen), set()
        if here.shape != "plain" and "<" in chosen:
            return marked_of(chosen)
        return as_written(chosen), set()

    def plain(self, text: str) -> str:
        """A text of plain words, on one line."""
        here, text = self.shaped(text)
        chosen = in_language(_unhidden(text), self.language)
        if here.shape in {"plain", "markdown"}:
            return " ".join(lines(chosen).split())
        return words_of(chosen)[0] if "<" in chosen else plain(chosen)


def _unhidden(text: str) -> str:
    """The signs again; lines end only where that is written."""
    joined = " ".join(line.strip() for line in text.split("\n"))
    return "".join(_BACK.get(sign, sign) for sign in joined)


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
    for number, (category, block) in enumerate(_blocks(text), start=1):
        if number > MOST_READ:
            raise UnreadableBank(0, BankFault.MANY)
        _question(
            bank, block, Item(f"{number}", QuestionKind.SINGLE, "", category=category), language
        )
    return bank


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The questions, each with its category: parts between empty lines, without comments.

    An empty line inside braces belongs to the question.
    """
    hidden = _ESCAPED.sub(lambda match: _MARKS[match.group(1)], text.replace("\r\n", "\n"))
    kept: list[str] = []
    depth, category = 0, ""
    for line in [*hidden.split("\n"), ""]:
        if line.lstrip().startswith("//"):
            continue
        if line.startswith(_CATEGORY):
            category = category_of(plain(_unhidden(line.removeprefix(_CATEGORY))))
            continue
        if not line.strip() and depth == 0:
            if kept:
                yield category, "\n".join(kept)
            kept = []
            continue
        depth = max(0, depth + line.count("{") - line.count("}"))
        kept.append(line)
    if kept:
        yield category, "\n".join(kept)


def _question(bank: Bank, block: str, item: Item, language: str) -> None:
    words = _Words(language)
    if match := _TITLE.match(block):
        item = replace(item, name=words.plain(match.group(1)) or item.name)
        block = block[match.end() :]
    words, block = words.shaped(block)
    stem, braces, rest = block.partition("{")
    if not braces:
        bank.lose(item.name, LossKind.KIND, "description", dropped=True)
        return
    inside, closed, after = rest.rpartition("}")
    if not closed or inside.count("=") + inside.count("~") > MOST_PARTS:
        bank.lose(item.name, LossKind.UNREADABLE, dropped=True)
        return
    inside, _, said = inside.partition("####")
    blank = f" {BLANK} {after}" if after.strip() and not after.strip().startswith('";') else ""
    text, lost = words.marked(stem + blank)
    feedback, also = words.marked(said)
    if not text:
        bank.lose(item.name, LossKind.UNREADABLE, dropped=True)
        return
    for loss in sorted(lost | also):
        bank.lose(item.name, loss)
    _answers(bank, replace(item, text=text, feedback=feedback), inside.strip(), words)


def _answers(bank: Bank, item: Item, inside: str, words: _Words) -> None:
    if not inside:
        bank.items.append(replace(item, kind=QuestionKind.OPEN))
    elif inside.startswith("#"):
        _number(bank, item, inside.removeprefix("#"), words)
    elif re.match(r"(T|TRUE|F|FALSE)\s*(#|$)", inside):
        _true_or_false(bank, item, inside, words)
    else:
        found = list(_choices(inside))
        if not found:
            bank.lose(item.name, LossKind.UNREADABLE, dropped=True)
        elif all(one.sign == "=" and "->" in one.text for one in found):
            _matching(bank, item, found, words)
        elif all(one.sign == "=" for one in found):
            _short(bank, item, found, words)
        else:
            _choice(bank, item, found, words)


def _true_or_false(bank: Bank, item: Item, inside: str, words: _Words) -> None:
    word, *said = inside.split("#")
    truth = word.strip().startswith("T")
    wrong, right = (*(words.marked(text)[0] for text in said), "", "")[:2]
    yes, no = items.YES_NO.get(words.language, items.YES_NO["en"])
    answers = (
        ItemAnswer(yes, feedback=right if truth else wrong),
        ItemAnswer(no, feedback=wrong if truth else right),
    )
    fractions = [100.0, 0.0] if truth else [0.0, 100.0]
    items.choice(bank, replace(item, answers=answers), fractions, single=True)


def _short(bank: Bank, item: Item, found: list[_Choice], words: _Words) -> None:
    accepted: dict[str, float] = {}
    for one in found:
        text = words.plain(one.text)
        accepted[text] = max(one.fraction, accepted.get(text, 0.0))
    items.short(bank, _remarked(bank, item, found, words), accepted)


def _number(bank: Bank, item: Item, inside: str, words: _Words) -> None:
    """`3:0.5`, `3.1..3.2`, or several of them with `=` in front."""
    found = list(_choices(inside)) if "=" in inside else []
    if not found:
        figure, _, said = inside.partition("#")
        found = [_Choice("=", None, figure.partition("~")[0], said)]
    wanted = [_wanted(words.plain(one.text), one.fraction) for one in found]
    items.number(bank, _remarked(bank, item, found, words), wanted)


def _wanted(text: str, fraction: float) -> Number:
    least, dots, most = text.partition("..")
    if dots:
        return Number(least.strip(), 0.0 if least.strip() == most.strip() else 1.0, fraction)
    figure, _, tolerance = text.partition(":")
    return Number(figure.strip(), _float(tolerance), fraction)


def _remarked(bank: Bank, item: Item, found: list[_Choice], words: _Words) -> Item:
    said = [(words.marked(one.feedback)[0], one.fraction) for one in found]
    return items.remarked(bank, item, said)


def _matching(bank: Bank, item: Item, found: list[_Choice], words: _Words) -> None:
    answers, extra = [], []
    for one in found:
        left, _, right = one.text.partition("->")
        left, right = words.marked(left)[0], words.plain(right)
        if left:
            answers.append(ItemAnswer(left, match=right))
        elif right:
            extra.append(right)
    items.matching(bank, replace(item, answers=tuple(answers), extra=tuple(extra)))


def _choice(bank: Bank, item: Item, found: list[_Choice], words: _Words) -> None:
    weights = [one.fraction for one in found]
    answers = []
    for one in found:
        text, lost = words.marked(one.text)
        for loss in sorted(lost):
            bank.lose(item.name, loss)
        answers.append(ItemAnswer(text, feedback=words.marked(one.feedback)[0]))
    single = any(one.sign == "=" for one in found) or max(weights) >= items.RIGHT
    items.choice(bank, replace(item, answers=tuple(answers)), weights, single=single)


def _choices(inside: str) -> Iterator[_Choice]:
    for match in re.finditer(r"([=~])([^=~]*)", inside):
        words, weight = match.group(2), None
        if found := _WEIGHT.match(words):
            words, weight = words[found.end() :], _float(found.group(1))
        text, _, said = words.partition("#")
        if text.strip():
            yield _Choice(match.group(1), weight, text, said)


def _float(text: str) -> float:
    try:
        return float((text or "0").replace(",", "."))
    except ValueError:
        return 0.0


# Writing ----------------------------------------------------------------------------------------


def write(found: Iterable[Item], category: str) -> bytes:
    """A bank that Moodle's import takes. GIFT knows no ordering: that one is left to Moodle XML."""
    blocks = [f"{_CATEGORY} $course$/top/{' '.join(category.split()).replace('/', '//')}"]
    blocks += ["\n".join(_written(item)) for item in found]
    return ("\n\n".join(blocks) + "\n").encode()


def _written(item: Item) -> Iterator[str]:
    texts = [item.text, item.feedback, *(t for a in item.answers for t in (a.text, a.feedback))]
    shape = "plain" if all(map(is_plain, texts)) else "markdown"
    yield f"::{_safe(item.name)}::[{shape}]{_safe(item.text, shape)} {{"
    right = sum(answer.correct for answer in item.answers)
    for answer in item.answers:
        words = _safe(answer.text, shape)
        said = f" #{_safe(answer.feedback, shape)}" if answer.feedback else ""
        if item.kind is QuestionKind.MATCHING:
            yield f"= {words} -> {_safe(answer.match, shape)}"
        elif item.kind is QuestionKind.SINGLE:
            yield f"{'=' if answer.correct else '~'} {words}{said}"
        else:
            share = f"{(100 if answer.correct else -100) / right:.5f}".rstrip("0").rstrip(".")
            yield f"~%{share}% {words}{said}"
    for extra in item.extra:
        yield f"=  -> {_safe(extra, shape)}"
    for accepted in item.accept:
        yield f"=%100% {_safe(accepted, shape)}"
    if item.feedback:
        yield f"#### {_safe(item.feedback, shape)}"
    yield "}"


def _safe(text: str, shape: str = "") -> str:
    """Words in which no sign of GIFT is left; a format in front where they begin like one."""
    escaped = re.sub(r"([~=#{}:\\])", r"\\\1", lines(text)).replace("\n", "\\n")
    begins = _FORMAT.match(text) or _WEIGHT.match(text)
    return f"[{shape}]{escaped}" if shape and begins else escaped
