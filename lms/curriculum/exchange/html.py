"""Words of another system's page: plain, or with the little Markdown that our questions have. Pure.

What is written is read again: where it would not say the same words, plain words are taken.
"""

import re
from html import unescape
from html.parser import HTMLParser

from lms.curriculum.exchange.items import MOST_MARKED, MOST_TEXT, LossKind
from lms.curriculum.phrasing import literal, phrased

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
_INSIDE = re.compile(r"data:[\w/+.;=-]{0,80};base64,[A-Za-z0-9+/=\s]*")
"""A picture written into the text."""
_PARAGRAPHS = {
    *("p", "div", "tr", "table", "blockquote", "pre", "section", "article"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_LOST = {
    **{tag: {LossKind.LAYOUT} for tag in ("pre", "table", "sub", "sup", "math")},
    **{
        tag: {LossKind.PICTURE}
        for tag in ("img", "video", "audio", "object", "iframe", "svg", "embed")
    },
}
_SIGNS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "tt": "`", "kbd": "`"}
MOST_DEEP = 8
"""Marks within marks that are heeded; what would take longest to read has thousands."""
_MARK = re.compile(r"[\\`*]")
_TAG = re.compile(r"<[^<>]*>")


def plain(text: str) -> str:
    """HTML without tags as text on one line."""
    return _one_line(unescape(text))


def _one_line(text: str) -> str:
    """Without characters that no text of ours may hold."""
    return " ".join(_HIDDEN.sub(" ", text).split())


def lines(text: str) -> str:
    """Text with its lines, none of them with blanks at its end, no two of them empty."""
    rows = [_blanks(line) for line in _HIDDEN.sub(" ", text.replace("\r\n", "\n")).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()


def as_written(text: str) -> str:
    """A text of plain words, line by line; one that is too long stays behind as a whole."""
    text = lines(text)
    return text if len(text) > MOST_TEXT else literal(text)


def _blanks(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return " " * min(indent, 12) + " ".join(line.split())


def without_pictures(html: str) -> str:
    """A text without the pictures that are written into it."""
    return _INSIDE.sub("", html)


def words_of(html: str) -> tuple[str, set[LossKind]]:
    """The words of a piece of HTML on one line, and what of it is more than words."""
    reader, lost = _read(html)
    return _one_line("".join(reader.words)), lost


def marked_of(html: str) -> tuple[str, set[LossKind]]:
    """The same with bold, italic, lines and lists as we write them."""
    reader, lost = _read(html)
    said = _one_line("".join(reader.words))
    if len(said) > MOST_TEXT:  # it stays behind as a whole
        return said, lost
    text = lines(reader.text())
    shown = _TAG.sub(" ", str(phrased(text))) if len(text) <= 2 * MOST_TEXT else ""
    if _letters(shown) == _letters(said, escaped=False):
        return text, lost
    return literal(said), lost | {LossKind.LAYOUT}


def _letters(text: str, *, escaped: bool = True) -> str:
    """What is said, without blanks and the signs of lists."""
    return re.sub(r"[\s–]|\d+[.)]", "", unescape(text) if escaped else text)


def _read(html: str) -> tuple["_Reader", set[LossKind]]:
    light = without_pictures(html)
    cut = {LossKind.TOO_LONG} if len(light) > MOST_MARKED else set()
    reader = _Reader()
    reader.feed(_whole_tags(light[:MOST_MARKED]))
    reader.close()
    return reader, reader.lost | cut


def _whole_tags(html: str) -> str:
    """Without comments and declarations, nor tags that never end: those take very long to read."""
    first, *others = html.split("<!--")
    kept = "".join([first, *(part.partition("-->")[2] for part in others)])
    kept = kept.replace("<!", "< ").replace("<?", "< ")
    end = kept.rfind(">") + 1
    return kept[:end] + kept[end:].replace("<", "< ")


class _Reader(HTMLParser):
    """Collects words, and beside them the same words with their marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.waiting: list[str] = []
        self.lost: set[LossKind] = set()
        self.hidden = 0
        self.open: list[tuple[str, list[str]]] = [("", [])]
        """Marks begun and not ended, each with what stands in it."""
        self.lists: list[int] = []
        """Lists around this place: the number of the next item, 0 for lists without numbers."""
        self.links: list[str] = []

    def text(self) -> str:
        """Everything, with its marks."""
        self._write()
        while len(self.open) > 1:
            self._end(self.open[-1][0])
        return "".join(self.open[0][1])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A mark, a line, an item, or what cannot be carried."""
        found = dict(attrs)
        self.lost |= _LOST.get(tag, set())
        if tag in {"script", "style"}:
            self.hidden += 1
        elif tag == "img":
            self.handle_data(f" {found.get('alt') or ''} ")
        elif tag == "br":
            self._line("\n")
        elif tag == "li":
            self._item()
        elif tag in {"td", "th"}:
            self.handle_data(" ")
        elif tag == "a":
            self.links.append(found.get("href") or "")
        elif tag in _SIGNS and len(self.open) < MOST_DEEP:
            self._write()
            self.open.append((_SIGNS[tag], []))
        elif tag in {"ul", "ol"}:
            self._line("" if self.lists else "\n\n")
            self.lists.append(_first(found.get("start")) if tag == "ol" else 0)
        elif tag in _PARAGRAPHS and not self.lists:
            self._line("\n\n")

    def handle_endtag(self, tag: str) -> None:
        """The other end of it."""
        if tag in {"script", "style"} and self.hidden:
            self.hidden -= 1
        elif tag == "a" and self.links:
            self._address(self.links.pop())
        elif tag in _SIGNS:
            self._end(_SIGNS[tag])
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self._line("" if self.lists else "\n\n")
        elif tag in _PARAGRAPHS and not self.lists:
            self._line("\n\n")

    def handle_data(self, data: str) -> None:
        """Words; white space in a page is one blank."""
        if self.hidden:
            return
        self.words.append(data)
        self.waiting.append(data)

    def _write(self) -> None:
        """The words since the last tag, in one piece."""
        if not self.waiting:
            return
        text = re.sub(r"\s+", " ", _HIDDEN.sub(" ", "".join(self.waiting)))
        self.waiting.clear()
        self.open[-1][1].append(text if self._in_code else _MARK.sub(r"\\\g<0>", text))

    @property
    def _in_code(self) -> bool:
        return any(sign == "`" for sign, _ in self.open)

    def _line(self, ends: str) -> None:
        self._write()
        self.words.append(" ")
        self.open[-1][1].append(ends)

    def _item(self) -> None:
        depth = min(max(0, len(self.lists) - 1), MOST_DEEP)
        number = self.lists[-1] if self.lists else 0
        if number:
            self.lists[-1] += 1
        self._line(f"\n{' ' * 3 * depth}{f'{number}.' if number else '-'} ")

    def _end(self, sign: str) -> None:
        if all(sign != begun for begun, _ in self.open):
            return
        self._write()
        while True:
            begun, parts = self.open.pop()
            self.open[-1][1].append(_around(begun, "".join(parts), self._inside(begun)))
            if begun == sign:
                return

    def _inside(self, sign: str) -> bool:
        return self._in_code or any(sign == begun for begun, _ in self.open)

    def _address(self, address: str) -> None:
        said = _one_line("".join(self.words[-3:]))
        if address.startswith(("http://", "https://")) and address not in said:
            self.handle_data(f" ({address})")


def _around(sign: str, text: str, inside: bool) -> str:
    """The text between two signs that touch its words; where that cannot be, as it is."""
    core = text.strip()
    if not sign or not core or inside or "\n" in core or ("`" in core and sign == "`"):
        return text
    head, _, tail = text.partition(core)
    return f"{head}{sign}{core}{sign}{tail}"


def _first(start: str | None) -> int:
    return int(start) if start and start.isdecimal() and start.isascii() and len(start) < 6 else 1
