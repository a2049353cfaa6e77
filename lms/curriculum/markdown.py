"""Lesson text: Markdown to safe HTML once, at publishing, and what an author must mend before."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LESSON_LINK = re.compile(r"lesson:([a-z0-9-]+)/([a-z0-9-]+)")
"""A link to another lesson: `[text](lesson:c6-method/02-objectives)`."""

PICTURE = re.compile(r"media:([a-z0-9]+(?:-[a-z0-9]+)*\.(?:svg|png|jpg|webp))")
"""A picture of the lesson's module: `![what it tells](media:cycle.svg)`."""

ALLOWED = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("strong", "em", "code", "pre", "s", "a", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
"""All elements that a lesson's text may become."""
GLOSSARY = "/glossary#"
KEPT = 1_000
"""Texts whose HTML and outline are remembered: a correction changes one of some hundreds."""
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
class Picture:
    """A picture as a lesson names it, and its text alternative."""

    address: str
    alternative: str
    line: int

    @property
    def name(self) -> str | None:
        """Its file's name, for a `media:` picture."""
        match = PICTURE.fullmatch(self.address)
        return match.group(1) if match else None


@dataclass(frozen=True, slots=True)
class Slip:
    """Something that does not become what its author meant."""

    kind: str
    """`bold`, `code`, `struck`, `link`: signs left as they are; `unnamed`: a link without words;
    `heading`: one without words; `table`: lines that make none; `row`: too many or few cells."""
    line: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a picture is served, and its size, so that the page does not jump."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What to look for in a text: one pattern of all forms, and whose form each is."""

    pattern: re.Pattern[str]
    forms: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a lesson's text may point at: pictures by name, terms of the glossary."""

    pictures: Mapping[str, Shown] = field(default_factory=dict, hash=False)
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """What a check needs to know of a Markdown text; lines count from 1."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    raw_html: tuple[int, ...]
    pictures: tuple[Picture, ...]
    words: int
    slips: tuple[Slip, ...]


class _Renderer(RendererHTML):
    """Headings stay below the page's h1; a table too wide for a phone scrolls, by keyboard too."""

    def heading_open(
        self, tokens: list[Token], idx: int, _options: OptionsDict, env: EnvType
    ) -> str:
        numbers: Iterator[int] | None = env["numbers"]
        place = f' id="s{next(numbers)}"' if numbers else ""
        return f"<{_below_h1(tokens[idx].tag)}{place}>"

    def heading_close(
        self, tokens: list[Token], idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        return f"</{_below_h1(tokens[idx].tag)}>\n"

    def image(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType) -> str:
        match = PICTURE.fullmatch(str(tokens[idx].attrs.get("src", "")))
        pictures = env["around"].pictures
        shown = pictures.get(match.group(1)) if match else None
        if shown is None:
            return ""
        size = f' width="{shown.width}" height="{shown.height}"' if shown.width else ""
        words = escapeHtml(tokens[idx].content)
        return f'<img src="{shown.address}" alt="{words}"{size} loading="lazy">'

    def table_open(self, *_args: object) -> str:
        return '<table tabindex="0">\n'

    def th_open(self, tokens: list[Token], idx: int, *_args: object) -> str:
        """The empty corner of a matrix heads nothing."""
        return '<th scope="col">' if tokens[idx + 1].content else "<td>"

    def th_close(self, tokens: list[Token], idx: int, *_args: object) -> str:
        return "</th>\n" if tokens[idx - 1].content else "</td>\n"

    def td_open(self, *_args: object) -> str:
        return "<td>"

    def link_open(self, tokens: list[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        match = LESSON_LINK.fullmatch(str(token.attrs.get("href", "")))
        if match:
            # A lesson's page is …/<module>/<lesson>, so a link beside it needs no enrolment.
            token.attrs["href"] = f"../{match.group(1)}/{match.group(2)}"
        elif not str(token.attrs.get("href", "")).startswith(("mailto:", GLOSSARY)):
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


@lru_cache(KEPT)
def render(source: str, around: Surroundings | None = None) -> str:
    """Safe HTML of a lesson: no raw HTML, no h1, links to lessons relative to a lesson's page.

    With its surroundings, a lesson's headings are numbered, `s1`, `s2` …: the same in all
    languages, so that a reader who changes the language keeps the place.
    """
    numbers = count(1) if around else None
    around = around or Surroundings()
    tokens = _TO_RENDER.parse(source)
    if around.terms:
        _link_terms(tokens, around.terms)
    return nh3.clean(
        _TO_RENDER.renderer.render(
            tokens, _TO_RENDER.options, {"around": around, "numbers": numbers}
        ),
        tags=ALLOWED,
        attributes={
            **{heading: {"id"} for heading in ("h2", "h3", "h4", "h5", "h6")},
            "a": {"href", "rel"},
            "th": {"scope"},
            "table": {"tabindex"},
            "ol": {"start"},
            "img": {"src", "alt", "width", "height", "loading"},
        },
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


_ANCHOR = re.compile(r'<(h[2-6]) id="(s\d+)">')


def apart(html: str, prefix: str) -> str:
    """A lesson's HTML for a page of several: its headings' names begin with `prefix`."""
    return _ANCHOR.sub(rf'<\1 id="{prefix}\2">', html)


def below(html: str, base: str) -> str:
    """A lesson's HTML on a page that stands elsewhere: other lessons are `<base>/<lesson>`."""
    return _TO_LESSON.sub(rf'<a href="{escapeHtml(base)}/\1">', html)


_TO_LESSON = re.compile(r'<a href="\.\./([a-z0-9-]+/[a-z0-9-]+)">')
_LESSON_ANCHOR = re.compile(r'<a href="\.\./([a-z0-9-]+/[a-z0-9-]+)">(.*?)</a>', re.DOTALL)


def among(html: str, lessons: Collection[str]) -> str:
    """A lesson's HTML where only `lessons` are in reach: links to others are plain text."""
    return _LESSON_ANCHOR.sub(lambda m: m.group(0 if m.group(1) in lessons else 2), html)


def _link_terms(tokens: list[Token], terms: Terms) -> None:
    """Lead from the first occurrence of each term to the glossary; headings stay plain."""
    seen: set[str] = set()
    in_heading = False
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            in_heading = token.type == "heading_open"
        elif token.type == "inline" and token.children and not in_heading:
            token.children = list(_with_links(token.children, terms, seen))


def _with_links(children: list[Token], terms: Terms, seen: set[str]) -> Iterator[Token]:
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text" and not depth:
            yield from _split(child, terms, seen)
        else:
            yield child


def _split(token: Token, terms: Terms, seen: set[str]) -> Iterator[Token]:
    text, start = token.content, 0
    for match in terms.pattern.finditer(text):
        term = terms.forms.get(match.group(1).casefold(), "")
        if not term or term in seen:
            continue
        seen.add(term)
        yield _text(text[start : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": f"{GLOSSARY}{term}"})
        yield _text(match.group(0))
        yield Token("link_close", "a", -1)
        start = match.end()
    yield _text(text[start:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


@lru_cache(KEPT)
def outline(source: str) -> Outline:
    """Headings, links, raw HTML, pictures and number of words of a Markdown text."""
    headings: list[Heading] = []
    links: list[Link] = []
    raw_html: list[int] = []
    pictures: list[Picture] = []
    words = 0
    opened = 0
    tokens = _TO_INSPECT.parse(source)
    for token, line in _walk(tokens):
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
            pictures.append(Picture(str(token.attrs.get("src", "")), token.content, line))
        if token.type in {"text", "code_inline"}:
            words += len(token.content.split())
    slips = tuple(_slips(tokens, source.split("\n")))
    return Outline(tuple(headings), tuple(links), tuple(raw_html), tuple(pictures), words, slips)


_LEFT = {"**": "bold", "`": "code", "~~": "struck", "](": "link"}
"""Signs that stand in a text only where they did not do what they are for."""
_CELL_END = re.compile(r"(?<!\\)\|")


def _slips(tokens: list[Token], lines: Sequence[str]) -> Iterator[Slip]:
    before, columns = "", 0
    for token, line in _walk(tokens):
        if token.type == "text":
            yield from (Slip(kind, line) for sign, kind in _LEFT.items() if sign in token.content)
        elif token.type == "link_close" and before == "link_open":
            yield Slip("unnamed", line)
        elif token.type == "inline":
            yield from _slips_in_block(token, before, line)
        elif token.type == "tr_open" and token.map:
            cells = len(_CELL_END.split(lines[token.map[0]].strip().strip("|")))
            columns = cells if before == "thead_open" else columns
            if cells != columns:
                yield Slip("row", line)
        before = token.type


def _slips_in_block(token: Token, before: str, line: int) -> Iterator[Slip]:
    if before == "heading_open" and not token.content.strip():
        yield Slip("heading", line)
    if before == "paragraph_open":
        for number, row in enumerate(token.content.split("\n")):
            if row.startswith("|"):
                yield Slip("table", line + number)
                return


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
