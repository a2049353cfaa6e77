"""Lifecycles of cohorts and enrolments."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from lms.core.errors import Refusal


class CohortState(StrEnum):
    """Where a cohort stands."""

    PLANNED = "planned"
    OPEN = "open"
    RUNNING = "running"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class CohortEvent(StrEnum):
    """What happens to a cohort."""

    OPEN = "open"
    START = "start"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"


COHORT_TRANSITIONS: dict[tuple[CohortState, CohortEvent], CohortState] = {
    (CohortState.PLANNED, CohortEvent.OPEN): CohortState.OPEN,
    (CohortState.PLANNED, CohortEvent.CANCEL): CohortState.CANCELLED,
    (CohortState.OPEN, CohortEvent.START): CohortState.RUNNING,
    (CohortState.OPEN, CohortEvent.CANCEL): CohortState.CANCELLED,
    (CohortState.RUNNING, CohortEvent.CLOSE): CohortState.CLOSED,
    (CohortState.CLOSED, CohortEvent.REOPEN): CohortState.RUNNING,
}


class EnrolmentState(StrEnum):
    """Where one person's way through a cohort stands."""

    ENROLLED = "enrolled"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    COMPLETED = "completed"


class EnrolmentEvent(StrEnum):
    """What happens to an enrolment."""

    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    COMPLETE = "complete"


ENROLMENT_TRANSITIONS: dict[tuple[EnrolmentState, EnrolmentEvent], EnrolmentState] = {
    (EnrolmentState.ENROLLED, EnrolmentEvent.PAUSE): EnrolmentState.PAUSED,
    (EnrolmentState.ENROLLED, EnrolmentEvent.WITHDRAW): EnrolmentState.WITHDRAWN,
    (EnrolmentState.ENROLLED, EnrolmentEvent.TRANSFER): EnrolmentState.TRANSFERRED,
    (EnrolmentState.ENROLLED, EnrolmentEvent.COMPLETE): EnrolmentState.COMPLETED,
    (EnrolmentState.PAUSED, EnrolmentEvent.RESUME): EnrolmentState.ENROLLED,
    (EnrolmentState.PAUSED, EnrolmentEvent.WITHDRAW): EnrolmentState.WITHDRAWN,
    (EnrolmentState.PAUSED, EnrolmentEvent.TRANSFER): EnrolmentState.TRANSFERRED,
    (EnrolmentState.WITHDRAWN, EnrolmentEvent.RESUME): EnrolmentState.ENROLLED,
}

GONE = frozenset({EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED})
"""Who is no longer of the cohort."""
ENDED = frozenset({EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED, EnrolmentState.COMPLETED})
"""States in which an enrolment is over, and the trainee's role in the cohort with it."""

TAKES_PEOPLE = frozenset({CohortState.PLANNED, CohortState.OPEN, CohortState.RUNNING})
"""States in which people may still be enrolled."""

REASON_OPTIONAL = frozenset({CohortEvent.OPEN, CohortEvent.START})
"""Events of a cohort that explain themselves; all others want a reason."""


def events_from(state: CohortState) -> tuple[CohortEvent, ...]:
    """What may happen next to a cohort."""
    return tuple(event for event in CohortEvent if (state, event) in COHORT_TRANSITIONS)


def enrolment_events_from(state: EnrolmentState) -> tuple[EnrolmentEvent, ...]:
    """What may happen next to an enrolment."""
    return tuple(event for event in EnrolmentEvent if (state, event) in ENROLMENT_TRANSITIONS)


@dataclass(frozen=True)
class CohortData:
    """What a form says about a cohort."""

    country_code: str
    centre_id: UUID | None
    programme: str
    release_id: str
    name: str
    starts_on: date
    ends_on: date
    time_zone: str
    note: str = ""


def check_dates(starts_on: date, ends_on: date) -> None:
    """A cohort ends after it began, and within ten years. Raises Refusal."""
    if ends_on < starts_on:
        raise Refusal("cohort_dates_reversed")
    if ends_on.year - starts_on.year > 10:
        raise Refusal("cohort_dates_far")


def may_transfer(
    *, programme: str, country: str, to_programme: str, to_country: str, to_state: CohortState
) -> bool:
    """A transfer stays within the programme and the country, into a cohort that takes people."""
    return programme == to_programme and country == to_country and to_state in TAKES_PEOPLE
