"""Texts of questions: bold, italic, code, lines and lists, in a little of the lessons' Markdown.

They stand in labels and legends, where a page may hold no paragraphs: there lines end in breaks.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

_SPECIAL = re.compile(r"[\\`*]")
_BEGINNING = re.compile(r"^( *)(?:([-+])|(\d{1,9})([.)]))(?=\s|$)", re.MULTILINE)
"""What makes a line an item of a list."""


def _underscore(state: StateInline, silent: bool) -> bool:
    """A place to write on (`_____`) is no emphasis."""
    if state.src[state.pos] != "_":
        return False
    if not silent:
        state.pending += "_"
    state.pos += 1
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"breaks": True})
    parser.enable(["list", "newline", "escape", "backticks", "emphasis"])
    parser.inline.ruler.before("emphasis", "underscore", _underscore)
    return parser


_PARSER = _parser()


@lru_cache(2048)
def phrased(text: str) -> Markup:
    """Safe HTML for wherever words may stand: lists are lines with their sign in front."""
    made = ""
    kinds: list[str] = []
    for token in _PARSER.parse(text):
        if token.type.endswith("_list_open"):
            kinds.append(token.tag)
            made += "<br>" if made and len(kinds) == 1 else ""
        elif token.type.endswith("_list_close"):
            kinds.pop()
        elif token.type == "list_item_open":
            sign = f"{token.info}{token.markup}" if kinds[-1] == "ol" else "–"
            made += f"{'<br>' if made else ''}{sign} "
        elif token.type == "paragraph_open":
            made += "<br><br>" if made and not kinds else ""
        elif token.type == "inline":
            made += _inline(token)
    return Markup(made)  # noqa: S704 - made of escaped words only


def _inline(token: Token) -> str:
    made: str = _PARSER.renderer.render([token], _PARSER.options, {})
    return made.replace("<br>\n", "<br>")


def as_html(text: str) -> str:
    """The same with its paragraphs and lists, for the page of another system."""
    made: str = _PARSER.render(text)
    return made.replace("<br>\n", "<br>").strip()


def is_plain(text: str) -> bool:
    """Whether it reads as it is written, line by line."""
    if not _SPECIAL.search(text) and not _BEGINNING.search(text):
        return True
    return str(phrased(text)) == escapeHtml(text).replace("\n", "<br>")


def literal(text: str) -> str:
    """A text of plain words, so that it reads as it is written."""
    if is_plain(text):
        return text
    marked = _SPECIAL.sub(r"\\\g<0>", text)
    return _BEGINNING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", marked)
