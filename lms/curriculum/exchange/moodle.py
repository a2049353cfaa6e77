"""Moodle XML, as Moodle 4 writes and reads it (docs.moodle.org, Moodle XML format)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from lms.curriculum.exchange import cloze, items
from lms.curriculum.exchange.html import (
    as_written,
    lines,
    marked_of,
    plain,
    without_pictures,
    words_of,
)
from lms.curriculum.exchange.items import (
    MOST_MARKED,
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
from lms.curriculum.phrasing import as_html, is_plain
from lms.curriculum.rules import QuestionKind

_CATEGORY = "category"
_SLASH = re.compile(r"(?<!/)/(?!/)")
"""Between two categories; a slash in a name is doubled."""


def read(data: bytes, language: str) -> Bank:
    """The questions of a bank in one language. Raises UnreadableBank.

    Where a text holds several languages (Moodle's multilang filters), that one is taken.
    """
    root = _parse(data)
    bank = Bank()
    category = ""
    for number, element in enumerate(root.iter("question"), start=1):
        kind = element.get("type", "")
        if number > MOST_READ:
            raise UnreadableBank(0, BankFault.MANY)
        if kind == _CATEGORY:
            category = category_of(_words(element.find(_CATEGORY), language))
        else:
            name = _words(element.find("name"), language) or f"{number}"
            _question(
                bank,
                element,
                kind,
                Item(name, QuestionKind.SINGLE, "", category=category),
                language,
            )
    return bank


def category_of(path: str) -> str:
    """`$course$/top/Limits/Money` → `Limits / Money`."""
    names = [name.replace("//", "/").strip() for name in _SLASH.split(path)]
    while names and (re.fullmatch(r"\$\w+\$", names[0]) or names[0] in {"top", ""}):
        names.pop(0)
    return " / ".join(filter(None, names))[:200]


_ENCODING = re.compile(rb"""\s*<\?xml[^>]*\bencoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
"""Declares letters of another kind than those of a file that says nothing."""
_REFUSED = {
    b"\0": BankFault.NUL,
    b"<!DOCTYPE": BankFault.DOCTYPE,
    b"<!ENTITY": BankFault.DOCTYPE,
}


def _check_letters(data: bytes) -> None:
    """Refuse what says UTF-8 and is not: to the XML reader it looks merely broken."""
    if not _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf")):
        try:
            data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise UnreadableBank(line, BankFault.ENCODING) from error


def _parse(data: bytes) -> Element:
    # a document type may hold entities that grow without end; no bank needs one
    for sign, fault in _REFUSED.items():
        if sign in data:
            raise UnreadableBank(data.count(b"\n", 0, data.index(sign)) + 1, fault)
    _check_letters(data)
    try:
        root = ET.fromstring(data)  # noqa: S314 - without a document type there are no entities
    except ET.ParseError as error:
        raise UnreadableBank(error.position[0], BankFault.BROKEN) from error
    except (ValueError, LookupError) as error:  # an encoding that is not known
        raise UnreadableBank(1, BankFault.ENCODING) from error
    if root.tag not in {"quiz", "question"}:
        raise UnreadableBank(1)
    return root


def _question(bank: Bank, element: Element, kind: str, item: Item, language: str) -> None:
    name = item.name
    if len(element) > MOST_PARTS:
        bank.lose(name, LossKind.UNREADABLE, dropped=True)
        return
    asked = element.find("questiontext")
    gap = None
    if kind in _CLOZE:
        raw = in_language(without_pictures(_raw(asked)), language)
        if len(raw) > MOST_MARKED:
            bank.lose(name, LossKind.TOO_LONG, dropped=True)
            return
        gap = cloze.only_gap(raw)
        if gap is None:
            number = cloze.gaps(raw)
            bank.lose(name, LossKind.GAPS if number > 1 else LossKind.KIND, kind, dropped=True)
            return
    text, lost = marked_of(gap.text) if gap else _text(asked, language)
    feedback, also = _text(element.find("generalfeedback"), language)
    if not text:
        bank.lose(name, LossKind.UNREADABLE, dropped=True)
        return
    reader = _READERS.get(kind)
    if reader is None and gap is None:
        bank.lose(name, LossKind.KIND, kind, dropped=True)
        return
    for loss in sorted(lost | also):
        bank.lose(name, loss)
    item = replace(item, text=text, feedback=feedback)
    if gap is not None:
        _gap(bank, gap, item)
    elif reader is not None:
        reader(bank, element, item, language)


def _multichoice(bank: Bank, element: Element, item: Item, language: str) -> None:
    answers = [_answer(bank, item, one, language) for one in element.findall("answer")]
    single = (element.findtext("single") or "true").strip().lower() in {"true", "1"}
    fractions = [_fraction(one) for one in element.findall("answer")]
    items.choice(bank, replace(item, answers=tuple(answers)), fractions, single=single)


def _true_or_false(bank: Bank, element: Element, item: Item, language: str) -> None:
    yes, no = items.YES_NO.get(language, items.YES_NO["en"])
    rows = element.findall("answer")
    answers = []
    for row in rows:
        answer = _answer(bank, item, row, language)
        words = yes if answer.text.lower() == "true" else no
        answers.append(ItemAnswer(words, feedback=answer.feedback))
    found = replace(item, answers=tuple(answers))
    items.choice(bank, found, [_fraction(row) for row in rows], single=True)


def _short(bank: Bank, element: Element, item: Item, language: str) -> None:
    accepted: dict[str, float] = {}
    for row in element.findall("answer"):
        words = _words(row, language)
        accepted[words] = max(_fraction(row), accepted.get(words, 0.0))
    items.short(bank, _remarked(bank, element, item, language), accepted)


def _number(bank: Bank, element: Element, item: Item, language: str) -> None:
    wanted = [
        Number(_words(row, language), _float(row.findtext("tolerance")), _fraction(row))
        for row in element.findall("answer")
    ]
    items.number(bank, _remarked(bank, element, item, language), wanted)


def _remarked(bank: Bank, element: Element, item: Item, language: str) -> Item:
    """With what is said to the right answer as its explanation, where it has none of its own."""
    said = [
        (_text(row.find("feedback"), language)[0], _fraction(row))
        for row in element.findall("answer")
    ]
    return items.remarked(bank, item, said)


def _gap(bank: Bank, gap: cloze.Gap, item: Item) -> None:
    said = [(marked_of(one.feedback)[0], one.fraction) for one in gap.answers]
    plain_words = [words_of(one.text)[0] for one in gap.answers]
    fractions = [one.fraction for one in gap.answers]
    if gap.kind == cloze.SHORT:
        accepted: dict[str, float] = {}
        for words, fraction in zip(plain_words, fractions, strict=True):
            accepted[words] = max(fraction, accepted.get(words, 0.0))
        items.short(bank, items.remarked(bank, item, said), accepted)
    elif gap.kind == cloze.NUMBER:
        wanted = [
            Number(words.partition(":")[0], _float(words.partition(":")[2]), fraction)
            for words, fraction in zip(plain_words, fractions, strict=True)
        ]
        items.number(bank, items.remarked(bank, item, said), wanted)
    else:
        answers = tuple(
            ItemAnswer(marked_of(one.text)[0], feedback=words)
            for one, (words, _) in zip(gap.answers, said, strict=True)
        )
        single = gap.kind == cloze.SINGLE
        items.choice(bank, replace(item, answers=answers), fractions, single=single)


def _matching(bank: Bank, element: Element, item: Item, language: str) -> None:
    answers, extra = [], []
    for row in element.findall("subquestion"):
        left = _text(row, language)[0]
        right = _words(row.find("answer"), language)
        if left:
            answers.append(ItemAnswer(left, match=right))
        elif right:
            extra.append(right)
    items.matching(bank, replace(item, answers=tuple(answers), extra=tuple(extra)))


def _ordering(bank: Bank, element: Element, item: Item, language: str) -> None:
    answers = tuple(
        ItemAnswer(_answer(bank, item, row, language).text) for row in element.findall("answer")
    )
    if len({answer.text for answer in answers}) != len(answers) or len(answers) < 2:
        bank.lose(item.name, LossKind.TOO_FEW_ANSWERS, dropped=True)
    else:
        bank.items.append(replace(item, kind=QuestionKind.ORDERING, answers=answers))


def _essay(bank: Bank, element: Element, item: Item, language: str) -> None:
    model = _text(element.find("graderinfo"), language)[0]
    bank.items.append(replace(item, kind=QuestionKind.OPEN, model=model))


_CLOZE = {"cloze", "multianswer"}
_READERS = {
    "multichoice": _multichoice,
    "multichoiceset": _multichoice,
    "truefalse": _true_or_false,
    "shortanswer": _short,
    "numerical": _number,
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
    return _float(row.get("fraction"))


def _float(text: str | None) -> float:
    try:
        return float((text or "0").replace(",", "."))
    except ValueError:
        return 0.0


def _raw(element: Element | None) -> str:
    if element is None:
        return ""
    found = element.find("text")
    return (element.text or "") if found is None else "".join(found.itertext())


_PLAIN = {"plain_text", "plain"}


def _text(element: Element | None, language: str) -> tuple[str, set[LossKind]]:
    """A text with its formatting, and what of it stays behind."""
    chosen = in_language(_raw(element), language)
    shape = element.get("format", "html") if element is not None else "plain"
    if shape in _PLAIN or (shape == "moodle_auto_format" and "<" not in chosen):
        return as_written(chosen), set()
    return (lines(chosen), set()) if shape == "markdown" else marked_of(chosen)


def _words(element: Element | None, language: str) -> str:
    """A text of plain words, on one line."""
    chosen = in_language(_raw(element), language)
    if element is not None and element.get("format") in _PLAIN:
        return " ".join(lines(chosen).split())
    return words_of(chosen)[0] if "<" in chosen else plain(chosen)


# Writing ----------------------------------------------------------------------------------------


def write(found: Iterable[Item], category: str) -> bytes:
    """A bank that Moodle's import takes."""
    root = ET.Element("quiz")
    top = ET.SubElement(root, "question", type="category")
    _put(ET.SubElement(top, "category"), f"$course$/top/{category.replace('/', '//')}")
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
    element.append(_formatted("questiontext", item.text))
    element.append(_formatted("generalfeedback", item.feedback))
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
            yield _row(answer, share if answer.correct else wrong)
    elif item.kind is QuestionKind.ORDERING:
        yield _leaf("layouttype", "VERTICAL")
        yield _leaf("selecttype", "ALL")
        yield _leaf("gradingtype", "ALL_OR_NOTHING")
        for number, answer in enumerate(item.answers, start=1):
            yield _row(replace(answer, feedback=""), float(number))
    elif item.kind is QuestionKind.MATCHING:
        yield _leaf("shuffleanswers", "true")
        pairs = [(answer.text, answer.match) for answer in item.answers]
        for left, right in [*pairs, *(("", extra) for extra in item.extra)]:
            row = _formatted("subquestion", left)
            _put(ET.SubElement(row, "answer", format="plain_text"), right)
            yield row
    elif item.kind is QuestionKind.SHORT:
        yield _leaf("usecase", "0")
        for words in item.accept:
            row = ET.Element("answer", fraction="100", format="plain_text")
            _put(row, words)
            row.append(_formatted("feedback", ""))
            yield row
    else:
        yield _leaf("responseformat", "plain")
        yield _formatted("graderinfo", item.model)


def _leaf(tag: str, text: str) -> Element:
    element = ET.Element(tag)
    element.text = text
    return element


def _row(answer: ItemAnswer, fraction: float) -> Element:
    row = _formatted("answer", answer.text)
    row.set("fraction", f"{fraction:.5f}".rstrip("0").rstrip("."))
    row.append(_formatted("feedback", answer.feedback))
    return row


def _formatted(tag: str, text: str) -> Element:
    """A text as HTML where that comes back as it was; plain words and all else in their format."""
    text, shape = lines(text), "plain_text"
    if not is_plain(text):
        html = as_html(text)
        shape, text = ("html", html) if marked_of(html) == (text, set()) else ("markdown", text)
    element = ET.Element(tag, format=shape)
    _put(element, text)
    return element


def _put(element: Element, text: str) -> None:
    ET.SubElement(element, "text").text = text
