"""Looking ahead: when a requirement will be met at the present pace, and who falls behind. Pure.

The pace is that of the last eight weeks' counted rows; what waits for a supervisor is no pace yet.
Where there is too little to tell, that is what is said. All thresholds are our proposal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.assessment.rules.standing import PACED, WINDOW, Standing, Standings
from lms.curriculum.rules import Measure, Requirement, RequirementKind

LEAST_DAYS = 21
"""With fewer days behind it a pace says nothing."""
LEAST_ROWS = 2
"""With fewer rows in the window a pace says nothing."""
HORIZON = timedelta(days=5 * 365)
"""A date further away than this is not told."""
SHORTFALL_FROM = 25
"""Percent of practice or time from which on supervision is looked at."""


class Outlook(StrEnum):
    """What can be said about when a requirement will be met."""

    DONE = "done"
    IN_TIME = "in_time"
    TOO_LATE = "too_late"
    STANDSTILL = "standstill"
    TOO_EARLY = "too_early"
    OVER = "over"
    PLANNED = "planned"
    """Of what goes by a timetable and has no pace: enough is planned."""
    TOO_FEW = "too_few"
    """The same: not yet."""


class Risk(StrEnum):
    """Why a trainee may not get there; the gravest first."""

    OVERDUE = "overdue"
    STANDSTILL = "standstill"
    PACE = "pace"
    SUPERVISION = "supervision"


class Yardstick(StrEnum):
    """What supervision is measured against."""

    PRACTICE = "practice"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a trainee has: from joining the cohort to its end."""

    begins_on: date
    ends_on: date

    def share(self, today: date) -> int:
        """Percent of the time that has gone by."""
        whole = (self.ends_on - self.begins_on).days
        if whole <= 0:
            return 100 if today >= self.ends_on else 0
        return max(0, min(100, 100 * (today - self.begins_on).days // whole))


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a requirement will be met. `on` is there for `in_time`, and for `too_late` if near."""

    outlook: Outlook
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Supervision that falls behind practice or time, seen early enough to be made up."""

    requirement: str
    share: int
    """Percent of the supervision that is done."""
    due: int
    """Percent of practice, or of the time, that lies behind."""
    by: Yardstick
    short: int
    """Minutes that would bring supervision level."""


_WITHOUT_PACE = frozenset({Outlook.DONE, Outlook.PLANNED, Outlook.TOO_FEW})


@dataclass(frozen=True, slots=True)
class Prospect:
    """All that can be said about one trainee's way ahead."""

    forecasts: Mapping[str, Forecast]
    shortfall: Shortfall | None
    risks: tuple[Risk, ...]

    @property
    def last(self) -> Forecast | None:
        """The forecast for everything that has a pace: that of what comes last.

        None when nothing has a pace or something stands still or cannot be told yet.
        """
        open_ones = [f for f in self.forecasts.values() if f.outlook not in _WITHOUT_PACE]
        if not open_ones or any(f.on is None for f in open_ones):
            return None
        return max(open_ones, key=lambda f: f.on or date.min)


def forecast(standing: Standing, span: Span, today: date) -> Forecast:
    """When the requirement will be met if the trainee goes on as in the last eight weeks."""
    if standing.done:
        return Forecast(Outlook.DONE)
    if today > span.ends_on:
        return Forecast(Outlook.OVER)
    days = min(WINDOW.days, (today - span.begins_on).days)
    if days < LEAST_DAYS:
        return Forecast(Outlook.TOO_EARLY)
    if standing.recent_rows == 0 and days == WINDOW.days:
        return Forecast(Outlook.STANDSTILL)
    if standing.recent_rows < LEAST_ROWS:
        return Forecast(Outlook.TOO_EARLY)
    if standing.recent <= 0:
        return Forecast(Outlook.STANDSTILL)
    more = -(-standing.missing * days // standing.recent)
    if more > HORIZON.days:
        return Forecast(Outlook.TOO_LATE)
    on = today + timedelta(days=more)
    return Forecast(Outlook.IN_TIME if on <= span.ends_on else Outlook.TOO_LATE, on)


def timetable(standing: Standing, span: Span, today: date) -> Forecast:
    """Whether what is planned will meet the requirement, of one that goes by a timetable."""
    if standing.done:
        return Forecast(Outlook.DONE)
    if today > span.ends_on:
        return Forecast(Outlook.OVER)
    enough = standing.waiting >= standing.missing
    return Forecast(Outlook.PLANNED if enough else Outlook.TOO_FEW)


def shortfall(
    requirements: Iterable[Requirement], found: Standings, span: Span, today: date
) -> Shortfall | None:
    """The supervision that is less than half as far as practice or time; None if all is well."""
    needs = list(requirements)
    practice, time = _practice_share(needs, found), span.share(today)
    due, by = max((practice, Yardstick.PRACTICE), (time, Yardstick.TIME), key=lambda pair: pair[0])
    if due < SHORTFALL_FROM:
        return None
    for line in found.lines:
        if line.kind is RequirementKind.SUPERVISION and 2 * line.share < due:
            short = line.needed * due // 100 - line.counted
            return Shortfall(line.requirement, line.share, due, by, short)
    return None


def _practice_share(needs: Iterable[Requirement], found: Standings) -> int:
    """Percent of the whole practice, or of what comes nearest to it."""
    practice = [need for need in needs if need.kind is RequirementKind.PRACTICE_MINUTES]
    practice.sort(key=lambda need: need.measure is not Measure.TOTAL)
    line = found.line(practice[0].id) if practice else None
    return line.share if line else 0


def prospect(
    requirements: Iterable[Requirement], found: Standings, span: Span, today: date
) -> Prospect:
    """Forecasts of what has a pace or a timetable, the shortfall of supervision, and the risks.

    Risks are told from the hours: a single activity still to come is no risk yet.
    """
    forecasts = {
        line.requirement: forecast(line, span, today) for line in found.lines if line.kind in PACED
    } | {
        line.requirement: timetable(line, span, today)
        for line in found.lines
        if line.kind is RequirementKind.TRAINING_DAYS
    }
    if found.is_complete:
        return Prospect(forecasts, None, ())
    short = shortfall(requirements, found, span, today)
    hours = {
        forecasts[line.requirement].outlook
        for line in found.lines
        if line.kind is RequirementKind.PRACTICE_MINUTES
    }
    holds = {
        Risk.OVERDUE: today > span.ends_on,
        Risk.STANDSTILL: Outlook.STANDSTILL in hours,
        Risk.PACE: Outlook.TOO_LATE in hours,
        Risk.SUPERVISION: short is not None,
    }
    return Prospect(forecasts, short, tuple(risk for risk, there in holds.items() if there))
