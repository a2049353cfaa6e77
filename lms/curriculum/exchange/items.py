"""A question between two formats, in one language, and what got lost on the way. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape
from html.parser import HTMLParser

from lms.curriculum.rules import QuestionKind


class LossKind(StrEnum):
    """Why something of a bank was not carried."""

    KIND = "kind"
    UNREADABLE = "unreadable"
    PARTIAL = "partial"
    PICTURE = "picture"
    LAYOUT = "layout"
    WILDCARD = "wildcard"
    NO_RIGHT_ANSWER = "no_right_answer"
    TOO_FEW_ANSWERS = "too_few_answers"
    DUPLICATE_ANSWER = "duplicate_answer"
    STEPS_APART = "steps_apart"
    TOO_LONG = "too_long"


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
    """One answer; `match` is the text that belongs to it, for a matching."""

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
        if loss not in self.losses[-8:]:
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
        bank.items.append(Item(item.name, kind, item.text, item.feedback, answers))


def matching(bank: Bank, item: Item) -> None:
    """Add a matching, unless there is nothing to match."""
    if len(item.answers) < 2 or len({a.match for a in item.answers} | set(item.extra)) < 2:
        bank.lose(item.name, LossKind.TOO_FEW_ANSWERS, dropped=True)
    else:
        bank.items.append(item)


def short(bank: Bank, name: str, text: str, feedback: str, accepted: Mapping[str, float]) -> None:
    """Add a short answer: what is wholly right counts, whatever its case and accents."""
    right = [words for words, fraction in accepted.items() if fraction >= RIGHT and words]
    if any(0 < fraction < RIGHT for fraction in accepted.values()):
        bank.lose(name, LossKind.PARTIAL)
    plain = [words for words in right if "*" not in words]
    if len(plain) != len(right):
        bank.lose(name, LossKind.WILDCARD, dropped=not plain)
    elif not plain:
        bank.lose(name, LossKind.NO_RIGHT_ANSWER, dropped=True)
    if plain:
        bank.items.append(
            Item(name, QuestionKind.SHORT, text, feedback, accept=tuple(dict.fromkeys(plain)))
        )


# Words of a page as plain words -----------------------------------------------------------------


class _Words(HTMLParser):
    """Collects text; a picture leaves its text alternative, and is noted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lost: set[LossKind] = set()
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"pre", "table", "sub", "sup", "math"}:
            self.lost.add(LossKind.LAYOUT)
        elif tag in {"video", "audio", "object", "iframe", "svg"}:
            self.lost.add(LossKind.PICTURE)
        if tag in {"script", "style"}:
            self.hidden += 1
        elif tag == "img":
            self.lost.add(LossKind.PICTURE)
            self.parts.append(f" {dict(attrs).get('alt') or ''} ")
        elif tag in {"p", "br", "div", "li", "tr", "td", "h1", "h2", "h3", "h4"}:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"} and self.hidden:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def plain(text: str) -> str:
    """Text on one line, without characters that no text of ours may hold."""
    return " ".join(_HIDDEN.sub(" ", unescape(text)).split())


_INSIDE = re.compile(r"data:[\w/+.;=-]{0,80};base64,[A-Za-z0-9+/=\s]*")
"""A picture written into the text."""


def words_of(html: str) -> tuple[str, set[LossKind]]:
    """The words of a piece of HTML on one line, and what of it is more than words."""
    light = _INSIDE.sub("", html)
    cut = {LossKind.TOO_LONG} if len(light) > MOST_MARKED else set()
    reader = _Words()
    reader.feed(_whole_tags(light[:MOST_MARKED]))
    reader.close()
    return plain("".join(reader.parts)), reader.lost | cut


def _whole_tags(html: str) -> str:
    """Without comments and declarations, nor tags that never end: those take very long to read."""
    first, *others = html.split("<!--")
    kept = "".join([first, *(part.partition("-->")[2] for part in others)])
    kept = kept.replace("<!", "< ").replace("<?", "< ")
    end = kept.rfind(">") + 1
    return kept[:end] + kept[end:].replace("<", "< ")
