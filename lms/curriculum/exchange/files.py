"""A bank's file in, a file out: which format it is, and what of it became questions of ours."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.curriculum.corrections.adding import block
from lms.curriculum.exchange import carry, gift, languages, moodle
from lms.curriculum.exchange.items import (
    MOST_TEXT,
    Bank,
    BankFault,
    Item,
    Loss,
    LossKind,
    UnreadableBank,
)
from lms.curriculum.rules import Content, Module, Question, QuestionKind

MAX_BYTES = 8 * 1024 * 1024
"""Of one bank: those with pictures inside are large."""
FORMATS = {"moodle": "xml", "gift": "txt"}
"""Name of a format → extension of its files."""

_NUMBER = re.compile(r"(.+-q)(\d+)")


@dataclass(frozen=True, slots=True)
class Carried:
    """Questions of ours as text of `questions.toml`, and the report of what is missing."""

    rows: Sequence[Mapping[str, Any]]
    """`[[question]]` tables."""
    losses: Mapping[str, Sequence[Loss]]
    """By language."""
    alike: bool
    """Whether the banks of all languages held the same questions."""

    @property
    def toml(self) -> str:
        """As text of `questions.toml`."""
        return toml_of(self.rows)

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the questions, in their order."""
        return tuple(str(row["id"]) for row in self.rows)


def toml_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """`[[question]]` tables as text."""
    lines = (line for row in rows for line in (*block(row), ""))
    return "\n".join(lines)


_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")


def read(data: bytes, language: str) -> Bank:
    """A bank in either format. Raises UnreadableBank."""
    if len(data) > MAX_BYTES:
        raise UnreadableBank(0, BankFault.LARGE)
    if data.startswith(_PACKED):
        raise UnreadableBank(0, BankFault.PACKED)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    bank = moodle.read(data, language) if start == b"<" else gift.read(data, language)
    for item in [one for one in bank.items if max(map(len, _texts(one))) > MOST_TEXT]:
        bank.items.remove(item)
        bank.lose(item.name, LossKind.TOO_LONG, dropped=True)
    return bank


def _texts(item: Item) -> list[str]:
    """Every text of a question."""
    said = [text for a in item.answers for text in (a.text, a.feedback, a.match)]
    return [item.text, item.feedback, item.model, *said, *item.extra, *item.accept]


def read_all(sent: Mapping[str, bytes], spoken: Sequence[str]) -> dict[str, Bank]:
    """Banks by language. One file that holds several languages beside each other gives them all.

    Raises UnreadableBank.
    """
    if len(sent) == 1:
        (data,) = sent.values()
        told = [one for one in spoken if one in languages.languages_in(data)]
        if len(told) > 1:
            return {language: read(data, language) for language in told}
    return {language: read(data, language) for language, data in sent.items()}


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
        rows=rows,
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
    if name == "gift":
        for item in bank.items:
            if item.model:
                bank.lose(item.name, LossKind.MODEL)
    return (gift if name == "gift" else moodle).write(bank.items, category), bank
