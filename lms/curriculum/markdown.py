"""Lesson text: Markdown to safe HTML once, at publishing, and what an author must mend before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LESSON_LINK = re.compile(r"lesson:([a-z0-9-]+)/([a-z0-9-]+)")
"""A link to another lesson: `[text](lesson:c6-method/02-objectives)`."""

_ALLOWED = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("strong", "em", "code", "pre", "s", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a lesson; `level` as written."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """Where a lesson points."""

    address: str
    line: int

    @property
    def lesson(self) -> str | None:
        """Id of the lesson pointed at, for a `lesson:` link."""
        match = LESSON_LINK.fullmatch(self.address)
        return f"{match.group(1)}/{match.group(2)}" if match else None

    @property
    def outside(self) -> bool:
        """Whether it leads to another site or opens a mail."""
        return self.address.startswith(_SCHEMES)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a check needs to know of a Markdown text; lines count from 1."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    raw_html: tuple[int, ...]
    pictures: tuple[int, ...]
    words: int


class _Renderer(RendererHTML):
    """Headings stay below the page's h1; a table too wide for a phone scrolls, by keyboard too."""

    def heading_open(
        self, tokens: list[Token], idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return f"<{_below_h1(tokens[idx].tag)}>"

    def heading_close(
        self, tokens: list[Token], idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return f"</{_below_h1(tokens[idx].tag)}>\n"

    def table_open(self, *_args: object) -> str:
        return '<table tabindex="0">\n'

    def th_open(self, *_args: object) -> str:
        return '<th scope="col">'

    def td_open(self, *_args: object) -> str:
        return "<td>"

    def link_open(self, tokens: list[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        match = LESSON_LINK.fullmatch(str(token.attrs.get("href", "")))
        if match:
            # A lesson's page is …/<module>/<lesson>, so a link beside it needs no enrolment.
            token.attrs["href"] = f"../{match.group(1)}/{match.group(2)}"
        elif not str(token.attrs.get("href", "")).startswith("mailto:"):
            token.attrs["rel"] = "noopener noreferrer"
        token.attrs.pop("title", None)
        return self.renderToken(tokens, idx, options, env)


def _below_h1(tag: str) -> str:
    return "h2" if tag == "h1" else tag


def _parser(*, html: bool) -> MarkdownIt:
    return MarkdownIt(
        "commonmark", {"html": html, "typographer": False}, renderer_cls=_Renderer
    ).enable(["table", "strikethrough"])


_TO_RENDER = _parser(html=False)
_TO_INSPECT = _parser(html=True)


def render(source: str) -> str:
    """Safe HTML of a lesson: no raw HTML, no h1, links to lessons relative to a lesson's page."""
    return nh3.clean(
        _TO_RENDER.render(source),
        tags=_ALLOWED,
        attributes={"a": {"href", "rel"}, "th": {"scope"}, "table": {"tabindex"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def outline(source: str) -> Outline:
    """Headings, links, raw HTML, pictures and number of words of a Markdown text."""
    headings: list[Heading] = []
    links: list[Link] = []
    raw_html: list[int] = []
    pictures: list[int] = []
    words = 0
    opened = 0
    for token, line in _walk(_TO_INSPECT.parse(source)):
        if token.type == "heading_open":
            opened = int(token.tag[1:])
        elif token.type == "inline" and opened:
            headings.append(Heading(opened, token.content, line))
            opened = 0
        elif token.type == "link_open":
            links.append(Link(str(token.attrs.get("href", "")), line))
        elif token.type in {"html_block", "html_inline"}:
            raw_html.append(line)
        elif token.type == "image":
            pictures.append(line)
        if token.type in {"text", "code_inline"}:
            words += len(token.content.split())
    return Outline(tuple(headings), tuple(links), tuple(raw_html), tuple(pictures), words)


def _walk(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Every token with its line; those inside a paragraph count its line ends."""
    line = 1
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        yield token, line
        within = line
        for child in token.children or ():
            yield child, within
            if child.type in {"softbreak", "hardbreak"}:
                within += 1
