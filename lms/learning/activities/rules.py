"""Rules of what a cohort does as a team: rounds, the tally of values, who has agreed. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms.core.errors import Refusal
from lms.core.folding import fold
from lms.curriculum.rules import TeamActivity

VALUES = 5
"""Values that each writes (D6)."""
LEAST_LISTS = 3
"""Below this a tally would tell who wrote what."""
MOST_LINES = 30
"""Lines of the contribution that one person may add."""


class RoundState(StrEnum):
    """Where a team's round stands."""

    COLLECTING = "collecting"
    TALLIED = "tallied"
    PROPOSED = "proposed"
    SETTLED = "settled"


class RoundEvent(StrEnum):
    """What can happen to it."""

    CLOSE = "close"
    PROPOSE = "propose"
    SETTLE = "settle"
    REOPEN = "reopen"


VALUES_TRANSITIONS: dict[tuple[RoundState, RoundEvent], RoundState] = {
    (RoundState.COLLECTING, RoundEvent.CLOSE): RoundState.TALLIED,
    (RoundState.TALLIED, RoundEvent.PROPOSE): RoundState.PROPOSED,
    (RoundState.PROPOSED, RoundEvent.SETTLE): RoundState.SETTLED,
    (RoundState.SETTLED, RoundEvent.REOPEN): RoundState.PROPOSED,
}
"""Lists are never collected again: two tallies that differ by one list would tell that list."""

CONTRIBUTION_TRANSITIONS: dict[tuple[RoundState, RoundEvent], RoundState] = {
    (RoundState.COLLECTING, RoundEvent.SETTLE): RoundState.SETTLED,
    (RoundState.SETTLED, RoundEvent.REOPEN): RoundState.COLLECTING,
}

TRANSITIONS = {
    TeamActivity.VALUES: VALUES_TRANSITIONS,
    TeamActivity.CONTRIBUTION: CONTRIBUTION_TRANSITIONS,
}


class Side(StrEnum):
    """What a line of the contribution speaks of (D6: valeur ajoutée, production)."""

    ADDED = "added"
    PRODUCED = "produced"


class Circle(StrEnum):
    """For whom it is."""

    TEAM = "team"
    TERRITORY = "territory"
    OTHERS = "others"


# Values ----------------------------------------------------------------------------------------

_ARTICLE = re.compile(r"(?:the|an?|les?|la|des?|du|une?) +|[ld]'|ال(?=..)")


def key(value: str) -> str:
    """What makes two spellings one value: no case, accents, hamza, or article before it."""
    folded = fold(value)
    return _ARTICLE.sub("", folded, count=1) if _ARTICLE.match(folded) else folded


def check_values(values: Sequence[str]) -> None:
    """Five, all different. Raises Refusal."""
    keys = [key(value) for value in values if value]
    if len(keys) != VALUES or "" in keys:
        raise Refusal("values_five", number=VALUES)
    if len(set(keys)) != VALUES:
        raise Refusal("values_twice")


@dataclass(frozen=True, slots=True)
class Counted:
    """A value in the tally: how many lists hold it. `key` is what it is merged by."""

    key: str
    value: str
    number: int

    def to_json(self) -> dict[str, Any]:
        """What is kept with the round."""
        return {"key": self.key, "value": self.value, "number": self.number}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Counted":
        """The reverse of `to_json`."""
        return cls(row["key"], row["value"], row["number"])


def tally(lists: Sequence[Sequence[str]], merges: Mapping[str, str]) -> list[Counted]:
    """How many lists hold each value, the most frequent first. Raises Refusal for too few lists.

    `merges` says which key counts as which other. A list that holds two that are merged counts
    once. Each value is shown in the spelling used most, of the key that others were merged into.
    """
    if len(lists) < LEAST_LISTS:
        raise Refusal("values_too_few_lists", number=LEAST_LISTS)
    numbers: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for values in lists:
        numbers.update({final(key(value), merges) for value in values})
        for value in values:
            spellings.setdefault(key(value), Counter())[value] += 1
    pooled: dict[str, Counter[str]] = {}
    for name, counted in spellings.items():
        pooled.setdefault(final(name, merges), Counter()).update(counted)
    shown = {name: _usual(spellings.get(name) or pooled[name]) for name in numbers}
    found = [Counted(name, shown[name], number) for name, number in numbers.items()]
    return sorted(found, key=lambda row: (-row.number, row.key))


def _usual(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda text: (-spellings[text], text))


def final(name: str, merges: Mapping[str, str]) -> str:
    """What a key counts as in the end; rings are not followed round."""
    seen = {name}
    while (after := merges.get(name)) is not None and after not in seen:
        seen.add(after)
        name = after
    return name


def merged(
    merges: Mapping[str, str], rows: Iterable[Counted], name: str, into: str
) -> dict[str, str]:
    """The merges with one more: both stand in the tally and differ. Raises Refusal."""
    known = {row.key for row in rows}
    if name == into or not {name, into} <= known:
        raise Refusal("values_merge")
    return {**merges, name: into}
