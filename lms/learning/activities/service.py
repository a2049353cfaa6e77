"""The rounds of a cohort's team exercises: found, begun, led on, taken up again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.transitions import advance, target
from lms.curriculum.rules import Exercise, TeamActivity
from lms.curriculum.service import release as load_release
from lms.learning.activities.rules import TRANSITIONS, RoundEvent, RoundState
from lms.learning.exercises.rules import exercises_of, is_marked
from lms.learning.models import TeamRound
from lms.learning.outline import written_modules
from lms.learning.service import require_active
from lms.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Team:
    """A cohort before one of the team exercises of its programme."""

    cohort: Cohort
    exercise: Exercise

    @property
    def cohort_id(self) -> UUID:
        """The cohort's key."""
        return self.cohort.id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code


def team_exercises(session: AnySession, cohort: Cohort) -> list[Exercise]:
    """Those of the programme's written modules, in order; a shared lesson's only once."""
    release = load_release(session, cohort.release_id)
    found = {
        one.id: one
        for module in written_modules(release, release.content.programmes[cohort.programme])
        for one in exercises_of(release, module)
        if not is_marked(one)
    }
    return list(found.values())


def find_team(session: AnySession, cohort_id: UUID, exercise: str) -> Team | None:
    """A cohort with the team exercise of that id, if its programme has it."""
    cohort = session.get(Cohort, cohort_id)
    if cohort is None:
        return None
    found = next((one for one in team_exercises(session, cohort) if one.id == exercise), None)
    return Team(cohort, found) if found is not None else None


def round_of(session: AnySession, cohort_id: UUID, exercise_id: str) -> TeamRound | None:
    """The cohort's round of an exercise, once somebody has begun it."""
    return session.scalars(
        select(TeamRound).where(TeamRound.cohort_id == cohort_id, TeamRound.exercise == exercise_id)
    ).one_or_none()


def rounds_of(session: AnySession, cohort_id: UUID) -> dict[str, TeamRound]:
    """All rounds of a cohort, by exercise."""
    query = select(TeamRound).where(TeamRound.cohort_id == cohort_id)
    return {one.exercise: one for one in session.scalars(query)}


def enrolment_in(session: AnySession, cohort_id: UUID, actor: Actor) -> Enrolment:
    """The actor's own enrolment in the cohort, under way. Raises Refusal."""
    found = session.scalars(
        select(Enrolment).where(
            Enrolment.cohort_id == cohort_id, Enrolment.person_id == actor.person_id
        )
    ).one_or_none()
    if found is None:
        raise Refusal("activity_for_trainees")
    require_active(found)
    return found


def begun(
    session: AnySession, actor: Actor, cohort: Cohort, exercise: Exercise, now: datetime
) -> TeamRound:
    """The cohort's round of the exercise, opened now where there is none."""
    known = round_of(session, cohort.id, exercise.id)
    if known is not None:
        return known
    made = TeamRound(
        cohort=cohort,
        exercise=exercise.id,
        opened_at=now,
        tally=[],
        merges={},
        charter="",
        edition=0,
        revision=1,
        state=RoundState.COLLECTING,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "teamround.begin", made, now=now, after=made.state.value)
    return made


def reopen(
    session: AnySession,
    actor: Actor,
    exercise: Exercise,
    one: TeamRound,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """Take it up again, with a reason: the charter's text, or the sheet's lines."""
    if not reason:
        raise Refusal("reason_needed")
    kind = activity_of(exercise)
    require_open(one, kind, RoundEvent.REOPEN, seen)
    one.settled_at = None
    lead_on(session, actor, one, kind, RoundEvent.REOPEN, now, reason)


# --- what its two kinds share ---


def activity_of(exercise: Exercise) -> TeamActivity:
    """What the team does in it. Raises Refusal for an exercise of one's own."""
    if exercise.activity is None:
        raise Late("activity_closed")
    return exercise.activity


def require_kind(exercise: Exercise, kind: TeamActivity) -> None:
    """Raises Refusal where the team does something else."""
    if exercise.activity is not kind:
        raise Late("activity_closed")


def require_open(one: TeamRound, kind: TeamActivity, event: RoundEvent, seen: int) -> None:
    """Whether a round is open to an event, as the trainer saw it. Raises Stale and Refusal."""
    target(TRANSITIONS[kind], one.state, event)
    if seen != one.revision:
        raise Stale


def lead_on(
    session: AnySession,
    actor: Actor,
    one: TeamRound,
    kind: TeamActivity,
    event: RoundEvent,
    now: datetime,
    reason: str = "",
    **details: int,
) -> None:
    """Lead a round on by an event; `details` go to the trail."""
    with session.no_autoflush:
        table = TRANSITIONS[kind]
        advance(session, actor, one, event, table, now=now, reason=reason, details=details)
    one.revision += 1
    session.flush()
