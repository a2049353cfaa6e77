"""A bank's file in, a file out: which format it is, and what of it became questions of ours."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.curriculum.corrections.writing import table
from lms.curriculum.exchange import carry, gift, moodle
from lms.curriculum.exchange.items import Bank, Loss
from lms.curriculum.rules import Content, Module, Question, QuestionKind

MAX_BYTES = 8 * 1024 * 1024
"""Of one bank: those with pictures inside are large."""
FORMATS = {"moodle": "xml", "gift": "txt"}
"""Name of a format → extension of its files."""

_NUMBER = re.compile(r"(.+-q)(\d+)")


@dataclass(frozen=True, slots=True)
class Carried:
    """Questions of ours as text of `questions.toml`, and the report of what is missing."""

    toml: str
    ids: tuple[str, ...]
    losses: Mapping[str, Sequence[Loss]]
    """By language."""
    alike: bool
    """Whether the banks of all languages held the same questions."""


def read(data: bytes, language: str) -> Bank:
    """A bank in either format. Raises UnreadableBank."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return moodle.read(data, language) if start == b"<" else gift.read(data, language)


def carried(banks: Mapping[str, Bank], content: Content, place: carry.Place) -> Carried:
    """What the banks, one a language, become in a module of ours."""
    home = place["lesson"].partition("/")[0]
    same = carry.alike({language: bank.items for language, bank in banks.items()})
    kept = banks if same else dict(list(banks.items())[:1])
    rows = carry.tables(
        {language: bank.items for language, bank in kept.items()},
        first_id(content, home),
        {**place, "lesson": place["lesson"].partition("/")[2]},
        content.languages,
    )
    return Carried(
        toml="\n".join(
            line for row in rows for line in ("[[question]]", *table(row, "question"), "")
        ),
        ids=tuple(str(row["id"]) for row in rows),
        losses={language: bank.losses for language, bank in banks.items()},
        alike=same,
    )


def first_id(content: Content, module: str) -> str:
    """The id after the last of a module: `c9-q12` after `c9-q11`."""
    own = [q.id for q in content.questions.values() if q.lesson.startswith(f"{module}/")]
    found = [match for match in map(_NUMBER.fullmatch, own) if match]
    if not found:
        return f"{module.partition('-')[0]}-q01"
    stem, number = max((match.groups() for match in found), key=lambda pair: int(pair[1]))
    return f"{stem}{int(number) + 1:02}"


def default_place(content: Content, module: Module, lesson: str) -> dict[str, str]:
    """Where a question goes until somebody says better: the module's first outcome."""
    competency = module.competencies[0] if module.competencies else ""
    rubric = next(
        (r.slug for r in content.rubrics.values() if competency in {c.id for c in r.criteria}), ""
    )
    outcome = module.outcomes[0].id if module.outcomes else ""
    return {"lesson": lesson, "outcome": outcome, "competency": competency, "rubric": rubric}


def written(
    questions: Iterable[Question], name: str, category: str, language: str
) -> tuple[bytes, Bank]:
    """A bank in a format, and the report of what it cannot say."""
    kinds = carry.WITHOUT_ORDERING if name == "gift" else frozenset(QuestionKind)
    bank = carry.items_of(questions, language, kinds)
    return (gift if name == "gift" else moodle).write(bank.items, category), bank
