"""What people write to each other: a little Markdown, made safe each time it is shown.

Emphasis, lists, quotations, code, links. No headings, pictures, tables or HTML. Each paragraph
finds its own direction, since people mix Arabic and French.
"""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
_DIRECTED = {"paragraph_open", "blockquote_open", "bullet_list_open", "ordered_list_open"}
_ADDRESS = re.compile(r"https?://[^\s<>\"'«»]+[^\s<>\"'«».,;:!?)\]]", re.IGNORECASE)
_LINKS = "nofollow ugc noopener noreferrer"


def _directions(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in _DIRECTED:
            token.attrSet("dir", "auto")


def _addresses(state: StateCore) -> None:
    """Addresses typed as they are become links."""
    for block in state.tokens:
        if block.type != "inline" or "://" not in block.content:
            continue
        within, found = 0, []
        for token in block.children or []:
            within += token.nesting if token.type in {"link_open", "link_close"} else 0
            found += [token] if within or token.type != "text" else _cut(token.content)
        block.children = found


def _cut(text: str) -> list[Token]:
    parts, place = [], 0
    for match in _ADDRESS.finditer(text):
        parts += [_text(text[place : match.start()])]
        parts += [Token("link_open", "a", 1, attrs={"href": match.group()})]
        parts += [_text(match.group()), Token("link_close", "a", -1)]
        place = match.end()
    return [*parts, _text(text[place:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    parser.disable(["heading", "lheading", "hr", "image", "html_block", "html_inline"])
    parser.enable("strikethrough")
    parser.core.ruler.push("addresses", _addresses)
    parser.core.ruler.push("directions", _directions)
    return parser


_PARSER = _parser()


def _kept(_tag: str, name: str, value: str) -> str | None:
    """Whole addresses only: a link to a page of ours might be one that acts. No titles."""
    if name == "href":
        whole = value.lower().startswith(("http://", "https://", "mailto:"))
        return value if whole else None
    return value if name in {"start", "dir", "rel"} else None


@lru_cache(512)
def shown(text: str) -> Markup:
    """Safe HTML of what somebody wrote; search engines are asked to leave its links alone."""
    clean = nh3.clean(
        _PARSER.render(text),
        tags=_TAGS,
        attributes={
            "a": {"href"},
            "ol": {"start", "dir"},
            **{key: {"dir"} for key in ("p", "blockquote", "ul")},
        },
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto"},
        link_rel=_LINKS,
    )
    return Markup(clean)  # noqa: S704 - cleaned above


def excerpt(text: str, length: int = 140) -> str:
    """The beginning, on one line."""
    line = " ".join(re.sub(r"[*_`>#\[\]]+", " ", text).split())
    return line if len(line) <= length else f"{line[:length].rsplit(' ', 1)[0]}…"
