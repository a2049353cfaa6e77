"""Rules of a supervision session: what may be planned, what may be written down as held."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from lms.cohorts.timetable.rules import Slot, check_planned
from lms.core.errors import Refusal
from lms.fieldwork.rules import CountedSupervision, PresenceState, SupervisionKind

LEAST_MINUTES = 10
MOST_MINUTES = 480
MOST_TRAINEES = 25
"""In one group session."""
MOST_ACTIONS = 12
"""That one session agrees on."""
BACK_DAYS = 30
"""How long after the day a session that nobody had planned may still be entered."""
ABSENT = frozenset({PresenceState.ABSENT, PresenceState.EXCUSED})


@dataclass(frozen=True)
class Plan:
    """What a supervisor plans, or changes."""

    kind: SupervisionKind
    starts_at: tuple[datetime, ...]
    minutes: int
    place: str
    link: str
    topic: str
    enrolment_ids: frozenset[UUID]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The time that each date takes."""
        return tuple(Slot(moment, self.minutes) for moment in self.starts_at)


@dataclass(frozen=True)
class Agreed:
    """One thing that was agreed: with one trainee, or with all who were there."""

    text: str
    enrolment_id: UUID | None
    due_on: date | None


@dataclass(frozen=True)
class Presence:
    """Whether one trainee came."""

    state: PresenceState
    reason: str = ""


@dataclass(frozen=True)
class Minutes:
    """What a session's page says once it was held."""

    minutes: int
    presences: Mapping[UUID, Presence]
    """By enrolment."""
    shared_notes: str
    private_notes: str
    agreed: tuple[Agreed, ...]


# --- what may be planned, what may be held ---


def check_plan(plan: Plan, starts_on: date, ends_on: date, zone: str, now: datetime) -> None:
    """Whether a session may be planned so, in a cohort with these dates. Raises Refusal."""
    if plan.kind is SupervisionKind.INDIVIDUAL and len(plan.enrolment_ids) != 1:
        raise Refusal("supervision_one_trainee")
    if plan.kind is SupervisionKind.GROUP and len(plan.enrolment_ids) < 2:
        raise Refusal("supervision_two_trainees")
    if len(plan.enrolment_ids) > MOST_TRAINEES:
        raise Refusal("supervision_too_many_trainees", limit=MOST_TRAINEES)
    check_minutes(plan.minutes)
    check_planned(plan, starts_on, ends_on, zone, now, BACK_DAYS)


def check_minutes(minutes: int) -> None:
    """Whether a session may last so long. Raises Refusal."""
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise Refusal("supervision_minutes", least=LEAST_MINUTES, most=MOST_MINUTES)


def check_held(
    starts_at: datetime, invited: Collection[UUID], minutes: Minutes, now: datetime
) -> None:
    """Whether a session may be written down as held. Raises Refusal."""
    if starts_at > now:
        raise Refusal("supervision_in_future")
    if starts_at + timedelta(minutes=minutes.minutes) > now + timedelta(minutes=LEAST_MINUTES):
        raise Refusal("supervision_not_over")
    check_minutes(minutes.minutes)
    if set(minutes.presences) != set(invited) or any(
        one.state is PresenceState.EXPECTED for one in minutes.presences.values()
    ):
        raise Refusal("supervision_presence_missing")
    if any(
        one.state is PresenceState.EXCUSED and not one.reason for one in minutes.presences.values()
    ):
        raise Refusal("supervision_excuse_missing")
    there = {key for key, one in minutes.presences.items() if one.state not in ABSENT}
    if not there:
        raise Refusal("supervision_nobody_there")
    if len(minutes.agreed) > MOST_ACTIONS:
        raise Refusal("supervision_too_many_actions", limit=MOST_ACTIONS)
    if any(one.enrolment_id not in {None, *invited} for one in minutes.agreed):
        raise Refusal("supervision_action_of_another")


def concerned(agreed: Agreed, presences: Mapping[UUID, Presence]) -> tuple[UUID, ...]:
    """Whose action it is: the one named, or everybody who was there."""
    if agreed.enrolment_id is not None:
        return (agreed.enrolment_id,)
    return tuple(key for key, one in presences.items() if one.state is PresenceState.PRESENT)


# --- what it comes to ---


@dataclass(frozen=True)
class Share:
    """Minutes of supervision of one trainee."""

    individual: int = 0
    group: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.individual + self.group

    @property
    def percent(self) -> int | None:
        """How much of it was individual, rounded down; None when there was nothing."""
        return 100 * self.individual // self.total if self.total else None


def share(counted: Iterable[CountedSupervision]) -> Share:
    """What the sessions that count come to, by kind."""
    found = dict.fromkeys(SupervisionKind, 0)
    for one in counted:
        found[one.kind] += one.minutes
    return Share(found[SupervisionKind.INDIVIDUAL], found[SupervisionKind.GROUP])
