"""The plain text of a lesson, under its headings."""

from functools import lru_cache
from html.parser import HTMLParser

from lms.curriculum.search.rules import Passage

_BLOCKS = {"p", "li", "td", "th", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "br", "tr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self._anchor, self._heading = "", ""
        self._text: list[str] = []
        self._title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A heading begins a passage; a picture is what its text alternative says."""
        given = dict(attrs)
        if tag in {"h2", "h3"}:
            self.end_passage()
            self._anchor, self._title = given.get("id") or "", []
        elif tag == "img":
            self._text.append(f" {given.get('alt') or ''} ")
        elif tag in _BLOCKS:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Ends of blocks part words."""
        if tag in {"h2", "h3"}:
            self._heading, self._title = " ".join("".join(self._title or []).split()), None
        elif tag in _BLOCKS:
            self._text.append(" · " if tag in {"td", "th"} else " ")

    def handle_data(self, data: str) -> None:
        """Text."""
        (self._text if self._title is None else self._title).append(data)

    def end_passage(self) -> None:
        """Keep what was read since the last heading."""
        text = " ".join("".join(self._text).split())
        if text or self._heading:
            self.passages.append(Passage(self._anchor, self._heading, text))
        self._anchor, self._heading, self._text = "", "", []


@lru_cache(1024)
def passages(html: str) -> tuple[Passage, ...]:
    """A lesson's text as it is read, heading by heading."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_passage()
    return tuple(reader.passages)
