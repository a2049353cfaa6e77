"""Moodle XML, as Moodle 4 writes and reads it (docs.moodle.org, Moodle XML format)."""

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

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
from lms.curriculum.rules import QuestionKind

_SILENT = {"category"}
"""What a bank holds besides questions: nothing is lost by leaving it out."""
_MARK = re.compile(
    r"<span\b([^<>]{0,300})>|(</span>)|\{mlang +([a-z]{2}|other)[^{}]{0,20}\}|(\{mlang\})",
    re.IGNORECASE,
)
"""Where a language begins or ends."""
_SPOKEN = re.compile(r"\blang=[\"']?([a-z]{2})", re.IGNORECASE)


def read(data: bytes, language: str) -> Bank:
    """The questions of a bank in one language. Raises UnreadableBank.

    Where a text holds several languages (Moodle's multilang filters), that one is taken.
    """
    root = _parse(data)
    bank = Bank()
    for number, element in enumerate(root.iter("question"), start=1):
        kind = element.get("type", "")
        if number > MOST_READ:
            raise UnreadableBank(0, BankFault.MANY)
        if kind not in _SILENT:
            name = _text(element.find("name"), language)[0] or f"{number}"
            _question(bank, element, kind, name, language)
    return bank


_REFUSED = {
    b"\0": BankFault.NUL,
    b"<!DOCTYPE": BankFault.DOCTYPE,
    b"<!ENTITY": BankFault.DOCTYPE,
}


def _parse(data: bytes) -> Element:
    # a document type may hold entities that grow without end; no bank needs one
    for sign, fault in _REFUSED.items():
        if sign in data:
            raise UnreadableBank(data.count(b"\n", 0, data.index(sign)) + 1, fault)
    try:
        root = ET.fromstring(data)  # noqa: S314 - without a document type there are no entities
    except ET.ParseError as error:
        raise UnreadableBank(error.position[0], BankFault.BROKEN) from error
    except (ValueError, LookupError) as error:  # an encoding that is not known
        raise UnreadableBank(1, BankFault.ENCODING) from error
    if root.tag not in {"quiz", "question"}:
        raise UnreadableBank(1)
    return root


def _question(bank: Bank, element: Element, kind: str, name: str, language: str) -> None:
    if len(element) > MOST_PARTS:
        bank.lose(name, LossKind.UNREADABLE, dropped=True)
        return
    text, lost = _text(element.find("questiontext"), language)
    feedback, also = _text(element.find("generalfeedback"), language)
    for loss in sorted(lost | also):
        bank.lose(name, loss)
    if not text:
        bank.lose(name, LossKind.UNREADABLE, dropped=True)
        return
    item = Item(name, QuestionKind.SINGLE, text, feedback)
    reader = _READERS.get(kind)
    if reader is None:
        bank.lose(name, LossKind.KIND, kind, dropped=True)
    else:
        reader(bank, element, item, language)


def _multichoice(bank: Bank, element: Element, item: Item, language: str) -> None:
    answers = [_answer(bank, item, one, language) for one in element.findall("answer")]
    single = (element.findtext("single") or "true").strip().lower() in {"true", "1"}
    fractions = [_fraction(one) for one in element.findall("answer")]
    found = Item(item.name, item.kind, item.text, item.feedback, tuple(answers))
    items.choice(bank, found, fractions, single=single)


def _true_or_false(bank: Bank, element: Element, item: Item, language: str) -> None:
    yes, no = items.YES_NO.get(language, items.YES_NO["en"])
    rows = element.findall("answer")
    answers = []
    for row in rows:
        answer = _answer(bank, item, row, language)
        words = yes if answer.text.lower() == "true" else no
        answers.append(ItemAnswer(words, feedback=answer.feedback))
    found = Item(item.name, item.kind, item.text, item.feedback, tuple(answers))
    items.choice(bank, found, [_fraction(row) for row in rows], single=True)


def _short(bank: Bank, element: Element, item: Item, language: str) -> None:
    accepted = {
        _answer(bank, item, row, language).text: _fraction(row) for row in element.findall("answer")
    }
    items.short(bank, item.name, item.text, item.feedback, accepted)


def _matching(bank: Bank, element: Element, item: Item, language: str) -> None:
    answers, extra = [], []
    for row in element.findall("subquestion"):
        left = _text(row, language)[0]
        right = _text(row.find("answer"), language)[0]
        if left:
            answers.append(ItemAnswer(left, match=right))
        elif right:
            extra.append(right)
    items.matching(
        bank,
        Item(
            item.name,
            QuestionKind.MATCHING,
            item.text,
            item.feedback,
            tuple(answers),
            extra=tuple(extra),
        ),
    )


def _ordering(bank: Bank, element: Element, item: Item, language: str) -> None:
    answers = tuple(
        ItemAnswer(_answer(bank, item, row, language).text) for row in element.findall("answer")
    )
    if len({answer.text for answer in answers}) != len(answers) or len(answers) < 2:
        bank.lose(item.name, LossKind.TOO_FEW_ANSWERS, dropped=True)
    else:
        found = Item(item.name, QuestionKind.ORDERING, item.text, item.feedback, answers)
        bank.items.append(found)


def _essay(bank: Bank, element: Element, item: Item, language: str) -> None:
    model = _text(element.find("graderinfo"), language)[0]
    bank.items.append(Item(item.name, QuestionKind.OPEN, item.text, item.feedback, model=model))


_READERS = {
    "multichoice": _multichoice,
    "truefalse": _true_or_false,
    "shortanswer": _short,
    "matching": _matching,
    "match": _matching,
    "ddmatch": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "essayautograde": _essay,
}


def _answer(bank: Bank, item: Item, row: Element, language: str) -> ItemAnswer:
    text, lost = _text(row, language)
    feedback, also = _text(row.find("feedback"), language)
    for loss in sorted(lost | also):
        bank.lose(item.name, loss)
    return ItemAnswer(text, feedback=feedback)


def _fraction(row: Element) -> float:
    try:
        return float(row.get("fraction", "0").replace(",", "."))
    except ValueError:
        return 0.0


def _text(element: Element | None, language: str) -> tuple[str, set[LossKind]]:
    if element is None:
        return "", set()
    found = element.find("text")
    raw = (found.text if found is not None else element.text) or ""
    chosen = in_language(raw, language)
    if element.get("format", "html") in {"plain_text", "plain"}:
        return items.plain(chosen), set()
    return items.words_of(chosen)


def in_language(text: str, language: str) -> str:
    """A text of Moodle's multilang filters in one language; any other text as it is."""
    pieces = list(_by_language(text))
    spoken = {tongue for tongue, _words in pieces if tongue}
    if not spoken:
        return text
    wanted = language if language in spoken else "other" if "other" in spoken else min(spoken)
    return "".join(words for tongue, words in pieces if tongue in {"", wanted})


def _by_language(text: str) -> Iterator[tuple[str, str]]:
    """The pieces of a text with their language; '' for what is said in all."""
    tongue, end, done, begun = "", "", 0, 0
    for match in _MARK.finditer(text):
        if not tongue:
            tongue, end = _opened(match)
            if tongue:
                yield "", text[done : match.start()]
                begun, done = match.start(), match.end()
        elif match.group().lower() == end:
            yield tongue, text[done : match.start()]
            tongue, done = "", match.end()
    yield "", text[begun if tongue else done :]


def _opened(match: re.Match[str]) -> tuple[str, str]:
    """The language that begins here, and the mark that ends it."""
    if match.group(3):
        return match.group(3).lower(), "{mlang}"
    inside = match.group(1) or ""
    spoken = _SPOKEN.search(inside) if "multilang" in inside else None
    return (spoken.group(1).lower(), "</span>") if spoken else ("", "")


_TOLD = re.compile(
    rb"\{mlang +([a-z]{2})\b|\blang\\?=\\?(?:[\"']|&quot;)([a-z]{2})\b", re.IGNORECASE
)


def languages_in(data: bytes) -> frozenset[str]:
    """The languages that a bank says it holds beside each other."""
    if b"multilang" not in data and b"{mlang" not in data:
        return frozenset()
    told = (one or other for one, other in _TOLD.findall(data))
    return frozenset(code.decode().lower() for code in told)


# Writing ----------------------------------------------------------------------------------------


def write(found: Iterable[Item], category: str) -> bytes:
    """A bank that Moodle's import takes."""
    root = ET.Element("quiz")
    top = ET.SubElement(root, "question", type="category")
    _put(ET.SubElement(top, "category"), f"$course$/top/{category}")
    for item in found:
        root.append(_written(item))
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


_TYPES = {
    QuestionKind.SINGLE: "multichoice",
    QuestionKind.MULTIPLE: "multichoice",
    QuestionKind.ORDERING: "ordering",
    QuestionKind.MATCHING: "matching",
    QuestionKind.SHORT: "shortanswer",
    QuestionKind.OPEN: "essay",
}


def _written(item: Item) -> Element:
    element = ET.Element("question", type=_TYPES[item.kind])
    _put(ET.SubElement(element, "name"), item.name)
    _put(ET.SubElement(element, "questiontext", format="plain_text"), item.text)
    _put(ET.SubElement(element, "generalfeedback", format="plain_text"), item.feedback)
    for tag, value in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0")):
        ET.SubElement(element, tag).text = value
    ET.SubElement(element, "idnumber").text = item.name
    for child in _parts(item):
        element.append(child)
    return element


def _parts(item: Item) -> Iterator[Element]:
    if item.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        single = item.kind is QuestionKind.SINGLE
        yield _leaf("single", str(single).lower())
        yield _leaf("shuffleanswers", "true")
        share = 100 / max(1, sum(answer.correct for answer in item.answers))
        for answer in item.answers:
            wrong = 0.0 if single else -share
            yield _row("answer", answer.text, share if answer.correct else wrong, answer.feedback)
    elif item.kind is QuestionKind.ORDERING:
        yield _leaf("layouttype", "VERTICAL")
        yield _leaf("selecttype", "ALL")
        yield _leaf("gradingtype", "ALL_OR_NOTHING")
        for number, answer in enumerate(item.answers, start=1):
            yield _row("answer", answer.text, float(number), "")
    elif item.kind is QuestionKind.MATCHING:
        yield _leaf("shuffleanswers", "true")
        pairs = [(answer.text, answer.match) for answer in item.answers]
        for left, right in [*pairs, *(("", extra) for extra in item.extra)]:
            row = ET.Element("subquestion", format="plain_text")
            _put(row, left)
            _put(ET.SubElement(row, "answer"), right)
            yield row
    elif item.kind is QuestionKind.SHORT:
        yield _leaf("usecase", "0")
        for words in item.accept:
            yield _row("answer", words, 100.0, "")
    else:
        yield _leaf("responseformat", "plain")
        model = ET.Element("graderinfo", format="plain_text")
        _put(model, item.model)
        yield model


def _leaf(tag: str, text: str) -> Element:
    element = ET.Element(tag)
    element.text = text
    return element


def _row(tag: str, text: str, fraction: float, feedback: str) -> Element:
    row = ET.Element(tag, fraction=f"{fraction:.5f}".rstrip("0").rstrip("."), format="plain_text")
    _put(row, text)
    _put(ET.SubElement(row, "feedback", format="plain_text"), feedback)
    return row


def _put(element: Element, text: str) -> None:
    ET.SubElement(element, "text").text = text
