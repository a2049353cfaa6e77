"""Words in each language of the content, and the small things that are nothing but words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Text: TypeAlias = Mapping[str, str]
"""The same words in each language of the content: language code → text."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list that people pick from: a stake, a limit, a role."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to look for when observing a criterion."""

    id: str
    text: Text
