"""A text with one gap, as Moodle writes it into the text itself. Pure.

`Water boils at {1:SHORTANSWER:=100#Yes~%50%99} degrees.` (docs.moodle.org, Embedded answers)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLANK = "_____"
"""What stands where the answer belongs."""
_GAP = re.compile(r"\{(\d{0,3}):([A-Z_]{2,24}):((?:\\.|[^\\{}])*)\}", re.IGNORECASE | re.DOTALL)
_ANSWER = re.compile(r"\s*(?:(=)|%(-?[\d.,]+)%)?((?:\\.|[^\\#])*)(?:#(.*))?", re.DOTALL)
_BETWEEN = re.compile(r"((?:\\.|[^\\~])*)(?:~|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

SHORT, SINGLE, SEVERAL, NUMBER = "short", "single", "several", "number"
_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), SHORT),
    **dict.fromkeys(("NUMERICAL", "NM"), NUMBER),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), SINGLE),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS"), SINGLE),
    **dict.fromkeys(("MULTICHOICE_HS", "MCHS"), SINGLE),
    **dict.fromkeys(("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"), SEVERAL),
    **dict.fromkeys(("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"), SEVERAL),
}


@dataclass(frozen=True, slots=True)
class GapAnswer:
    """One answer of a gap: its words and what is said to it, both as HTML."""

    text: str
    fraction: float
    feedback: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A text with one gap."""

    text: str
    kind: str
    answers: tuple[GapAnswer, ...]


def gaps(html: str) -> int:
    """How many gaps a text has."""
    return sum(1 for _ in _GAP.finditer(html))


def only_gap(html: str) -> Gap | None:
    """The text with a blank in place of its gap; None where it has none, several, or a strange one.

    Source: question/type/multianswer/questiontype.php of Moodle names the kinds.
    """
    found = list(_GAP.finditer(html))
    kind = _KINDS.get(found[0].group(2).upper()) if len(found) == 1 else None
    if kind is None:
        return None
    (gap,) = found
    text = f"{html[: gap.start()]}{BLANK}{html[gap.end() :]}"
    return Gap(text, kind, tuple(_answers(gap.group(3))))


def _answers(inside: str) -> Iterator[GapAnswer]:
    for match in _BETWEEN.finditer(inside):
        if not match.group(1).strip():
            continue
        sign, percent, words, said = _ANSWER.match(match.group(1)).groups()  # type: ignore[union-attr]  # matches anything
        fraction = 100.0 if sign else _percent(percent)
        yield GapAnswer(_freed(words), fraction, _freed(said or ""))


def _percent(text: str | None) -> float:
    try:
        return float((text or "0").replace(",", "."))
    except ValueError:
        return 0.0


def _freed(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).strip()
