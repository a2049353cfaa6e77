"""What practice in the field is noted by, and the grid on which it is scored."""

from dataclasses import dataclass

from lms.curriculum.rules.text import Choice, Indicator, Text


@dataclass(frozen=True, slots=True)
class ActivityType:
    """A kind of practice in the field, and the requirement family that it `counts_as`."""

    id: str
    counts_as: str
    title: Text


@dataclass(frozen=True, slots=True)
class EntryLimits:
    """How late and how much may be noted. Both proposed by us; each release may say otherwise."""

    backdating_days: int = 30
    """Days that may lie between a piece of practice and its reaching the server."""
    minutes_a_day: int = 16 * 60
    """Minutes that one person may claim for one day."""


@dataclass(frozen=True, slots=True)
class Practicum:
    """The lists behind a practicum entry. Sources: D8, D10, D12, D13, D14, D22."""

    types: tuple[ActivityType, ...] = ()
    forms: tuple[Choice, ...] = ()
    stakes: tuple[Choice, ...] = ()
    actor_categories: tuple[Choice, ...] = ()
    limits: tuple[Choice, ...] = ()
    purposes: tuple[Choice, ...] = ()
    roles: tuple[Choice, ...] = ()
    entry: EntryLimits = EntryLimits()


@dataclass(frozen=True, slots=True)
class Level:
    """A behavioural anchor: what one sees and hears at this level."""

    level: int
    text: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One competency that is scored, with its indicators and anchored levels."""

    id: str
    title: Text
    description: Text
    indicators: tuple[Indicator, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The grid on which practice is scored, levels 0 to 4."""

    slug: str
    version: str
    level_names: tuple[Text, ...]
    criteria: tuple[Criterion, ...]
