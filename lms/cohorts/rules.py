"""Lifecycles of cohorts and enrolments."""

from enum import StrEnum


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
