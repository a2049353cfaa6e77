"""A month of entries, week by week."""

import calendar
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms.fieldwork.models import PracticumEntry

_MONTH = re.compile(r"(20\d\d|19\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Day:
    """One day of the calendar."""

    on: date
    within: bool
    """Whether it belongs to the month, or only fills a week."""
    today: bool
    entries: Sequence[PracticumEntry]

    @property
    def minutes(self) -> int:
        """Minutes of all its entries."""
        return sum(entry.minutes_total for entry in self.entries)


def month_asked(text: str, today: date) -> date:
    """The first day of the month in an address (`2026-05`); of today's where it says none."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def after(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def weeks(first: date, entries: Collection[PracticumEntry], today: date) -> list[list[Day]]:
    """The weeks that touch a month, from Monday, each day with its entries."""
    by_day: dict[date, list[PracticumEntry]] = {}
    for entry in entries:
        by_day.setdefault(entry.held_on, []).append(entry)
    rows = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [
        [Day(day, day.month == first.month, day == today, by_day.get(day, ())) for day in row]
        for row in rows
    ]
