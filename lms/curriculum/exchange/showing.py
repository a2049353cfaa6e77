"""New questions of a draft and the report on their files, ready to be shown."""

from dataclasses import dataclass
from typing import Any

from lms.core.errors import Refusal
from lms.core.labels import label
from lms.curriculum.corrections import reviewing
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.service import Base
from lms.curriculum.exchange import taking
from lms.curriculum.exchange.labels import FOREIGN
from lms.curriculum.rules import Question, QuestionKind


@dataclass(frozen=True)
class Added:
    """One new question on its draft's page."""

    number: int
    row: dict[str, Any]
    question: Question | None
    missing: int


def added(correction: Correction, base: Base) -> list[Added]:
    """The new questions as they will be taught, with what is still to be mended in each."""
    rows = correction.content["questions"]
    try:
        questions, said = reviewing.looked_at(base.files, correction.module, rows)
    except Refusal:
        questions, said = [None] * len(rows), [{}] * len(rows)
    return [
        Added(number, row, question, sum(map(len, missing.values())))
        for number, (row, question, missing) in enumerate(
            zip(rows, questions, said, strict=True), 1
        )
    ]


def report(correction: Correction) -> dict[str, Any]:
    """What a draft's page says of the files that it came from."""
    content = correction.content
    return {
        "lines": taking.report(content.get("losses", ())),
        "languages": content.get("languages", ()),
        "left_out": content.get("left_out", ()),
        "found": content.get("found", 0),
        "first": content.get("first", 1),
        "in_words": in_words,
    }


def in_words(line: taking.Line) -> str:
    """Why something of a question stayed behind."""
    return " · ".join(
        f"{label(kind)} ({_kind(detail)})" if detail else label(kind)
        for kind, detail in line.losses
    )


def _kind(name: str) -> str:
    if name in set(QuestionKind):
        return label(QuestionKind(name))
    return str(FOREIGN.get(name, name))
