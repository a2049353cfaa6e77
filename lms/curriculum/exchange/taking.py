"""From files sent in to what a correction keeps: questions of ours and the report. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.curriculum.exchange import carry, files
from lms.curriculum.exchange.carry import Place
from lms.curriculum.exchange.items import Bank, Loss, LossKind
from lms.curriculum.rules import Content, Module

MOST = 50
"""Questions of one proposal: somebody has to read each of them."""
MOST_LOSSES = 400


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of the files."""

    rows: Sequence[Mapping[str, Any]]
    losses: Mapping[str, Sequence[Loss]]
    languages: tuple[str, ...]
    """Those whose texts were taken."""
    left_out: tuple[str, ...]
    """Those whose file held other questions."""
    found: int
    """Questions that can be carried, before only some of them were taken."""
    first: int

    @property
    def content(self) -> dict[str, Any]:
        """What a correction keeps."""
        return {
            "questions": [dict(row) for row in self.rows],
            "languages": list(self.languages),
            "left_out": list(self.left_out),
            "found": self.found,
            "first": self.first,
            "losses": [
                {
                    "language": language,
                    "question": loss.question[:200],
                    "kind": loss.kind.value,
                    "detail": loss.detail[:60],
                    "dropped": loss.dropped,
                }
                for language, losses in self.losses.items()
                for loss in losses
            ][:MOST_LOSSES],
        }


def place_of(content: Content, module: Module, lesson: str, outcome: str, competency: str) -> Place:
    """Where the questions go; the grid for open ones follows from the competency."""
    place = files.default_place(content, module, lesson)
    rubric = next(
        (r.slug for r in content.rubrics.values() if competency in {c.id for c in r.criteria}), ""
    )
    return {**place, "outcome": outcome, "competency": competency, "rubric": rubric}


def take(banks: Mapping[str, Bank], content: Content, place: Place, first: int = 1) -> Taken:
    """The questions from the `first` on, as many as one proposal holds."""
    some = {
        language: replace(bank, items=bank.items[first - 1 : first - 1 + MOST])
        for language, bank in banks.items()
    }
    same = carry.alike({language: bank.items for language, bank in banks.items()})
    kept = some if same else dict(list(some.items())[:1])
    carried = files.carried(kept, content, place)
    alike = _said_alike(kept)
    return Taken(
        rows=carried.rows,
        losses={
            language: [*bank.losses, *alike.get(language, ())] for language, bank in banks.items()
        },
        languages=tuple(kept),
        left_out=tuple(language for language in banks if language not in kept),
        found=len(next(iter(banks.values())).items),
        first=first,
    )


def _said_alike(banks: Mapping[str, Bank]) -> dict[str, list[Loss]]:
    """Questions that another language before asks in the same words: nobody translated them."""
    found: dict[str, list[Loss]] = {language: [] for language in banks}
    for items in zip(*(bank.items for bank in banks.values()), strict=True):
        known: set[str] = set()
        for language, item in zip(banks, items, strict=True):
            if item.text in known:
                found[language].append(Loss(item.name, LossKind.SAME_WORDS))
            known.add(item.text)
    return found


# The report ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one question, in all languages of the files."""

    question: str
    dropped: bool
    losses: Sequence[tuple[LossKind, str]]


def report(losses: Sequence[Mapping[str, Any]]) -> list[Line]:
    """What stayed behind or was changed, question by question; those left behind first."""
    found: dict[str, dict[tuple[LossKind, str], bool]] = {}
    for loss in losses:
        key = (LossKind(loss["kind"]), str(loss["detail"]))
        said = found.setdefault(str(loss["question"]), {})
        said[key] = said.get(key, False) or bool(loss["dropped"])
    lines = [Line(name, any(said.values()), tuple(said)) for name, said in found.items()]
    return sorted(lines, key=lambda line: not line.dropped)


def as_rows(losses: Sequence[Loss]) -> list[dict[str, Any]]:
    """Losses as `report` wants them."""
    return [
        {"question": one.question, "kind": one.kind, "detail": one.detail, "dropped": one.dropped}
        for one in losses
    ]
