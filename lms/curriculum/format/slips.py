"""Words for what in a Markdown text does not become what its author meant."""

from collections.abc import Iterable, Iterator

from lms.curriculum.markdown import Slip

_WORDS = {
    "bold": (
        "two stars that make nothing bold",
        "Put ** right before and after the words, on one line, inside quotation marks.",
    ),
    "code": ("a backtick without its pair", "Close it, or take it out."),
    "struck": ("two tildes that strike nothing out", "Put ~~ right before and after the words."),
    "link": ("a link that is none", "Write [words](https://address), without blanks in between."),
    "unnamed": ("a link without words", "Write between [ ] where it leads."),
    "heading": ("a heading without words", "Write it, or take the line out."),
    "table": (
        "a table that is none",
        "Give it a heading, a line of | --- | with as many cells, and no text right above it.",
    ),
    "row": (
        "a row with another number of cells than the heading",
        "Give each row as many cells; write \\| for a bar in a text.",
    ),
}


def said(slips: Iterable[Slip]) -> Iterator[tuple[int, str, str]]:
    """Line, message and remedy of each, every line's once."""
    for kind, line in dict.fromkeys((slip.kind, slip.line) for slip in slips):
        yield line, *_WORDS[kind]
