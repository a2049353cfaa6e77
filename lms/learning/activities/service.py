"""A team's round: values written, tallied, agreed as a charter; a contribution written together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.transitions import advance, target
from lms.curriculum.rules import Exercise, TeamActivity
from lms.curriculum.service import release as load_release
from lms.learning.activities.rules import (
    MOST_LINES,
    TRANSITIONS,
    Circle,
    Counted,
    RoundEvent,
    RoundState,
    Side,
    check_values,
    merged,
    tally,
)
from lms.learning.exercises.rules import exercises_of, is_marked
from lms.learning.models import CharterAgreement, ContributionLine, TeamRound, ValueList
from lms.learning.outline import written_modules
from lms.people.models import Person
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


def find_line(session: AnySession, line_id: UUID) -> ContributionLine | None:
    """A line of a contribution that has not been removed."""
    found = session.get(ContributionLine, line_id)
    return found if found is not None and found.removed_at is None else None


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
    if found.state is not EnrolmentState.ENROLLED:
        raise Refusal("enrolment_not_active", state=found.state)
    return found


def begun(
    session: AnySession, actor: Actor, cohort: Cohort, exercise: Exercise, now: datetime
) -> TeamRound:
    """The cohort's round of the exercise, opened now where there is none."""
    known = round_of(session, cohort.id, exercise.id)
    if known is not None:
        session.refresh(known, ["state", "revision"], with_for_update=True)
        return known
    made = TeamRound(
        cohort_id=cohort.id,
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
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        other = round_of(session, cohort.id, exercise.id)
        if other is None:
            raise
        return other
    audit.record(session, actor, "teamround.begin", made, now=now, after=made.state.value)
    return made


# --- values ---


def own_list(session: AnySession, one: TeamRound | None, actor: Actor) -> ValueList | None:
    """What the actor wrote; nobody asks for anybody else's."""
    if one is None or actor.person_id is None:
        return None
    return session.scalars(
        select(ValueList)
        .join(ValueList.enrolment)
        .options(contains_eager(ValueList.enrolment))
        .where(ValueList.round_id == one.id, Enrolment.person_id == actor.person_id)
    ).one_or_none()


def number_of_lists(session: AnySession, one: TeamRound | None) -> int:
    """How many have written theirs."""
    if one is None:
        return 0
    query = select(func.count()).select_from(ValueList).where(ValueList.round_id == one.id)
    return session.scalar(query) or 0


def write_values(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    exercise: Exercise,
    values: Sequence[str],
    now: datetime,
) -> None:
    """Keep five values of the actor, for their eyes only, until the round is closed."""
    _require_kind(exercise, TeamActivity.VALUES)
    enrolment = enrolment_in(session, cohort.id, actor)
    check_values(values)
    one = begun(session, actor, cohort, exercise, now)
    known = own_list(session, one, actor)
    if known is not None and known.words == list(values):
        return
    if one.state is not RoundState.COLLECTING:
        raise Refusal("activity_closed")
    if known is None:
        known = ValueList(round_id=one.id, enrolment=enrolment)
        session.add(known)
    known.words, known.saved_at = list(values), now
    session.flush()


def close_values(
    session: AnySession, actor: Actor, one: TeamRound, seen: int, now: datetime
) -> None:
    """Close the round and count: three lists at least. What each wrote stays with them."""
    if one.state is RoundState.TALLIED:
        return
    _open(one, TeamActivity.VALUES, RoundEvent.CLOSE, seen)
    one.tally = [row.to_json() for row in _tally(session, one, {})]
    one.closed_at = now
    number = number_of_lists(session, one)
    _advance(session, actor, one, TeamActivity.VALUES, RoundEvent.CLOSE, now, lists=number)


def merge(
    session: AnySession,
    actor: Actor,
    one: TeamRound,
    seen: int,
    name: str,
    into: str,
    now: datetime,
) -> None:
    """Count one value as another; a list that holds both counts once."""
    if one.state not in {RoundState.TALLIED, RoundState.PROPOSED}:
        raise Refusal("activity_closed")
    if seen != one.revision:
        raise Stale
    rows = counted(one)
    merges = merged(one.merges, rows, name, into)
    words = {row.key: row.value for row in rows}
    one.merges = merges
    one.tally = [row.to_json() for row in _tally(session, one, merges)]
    one.revision += 1
    session.flush()
    details = {"value": words[name], "into": words[into]}
    audit.record(session, actor, "teamround.merge", one, now=now, details=details)


def counted(one: TeamRound) -> list[Counted]:
    """The tally as it is kept."""
    return [Counted.from_json(row) for row in one.tally]


def _tally(session: AnySession, one: TeamRound, merges: dict[str, str]) -> list[Counted]:
    lists = session.scalars(select(ValueList.words).where(ValueList.round_id == one.id)).all()
    return tally(lists, merges)


def propose(
    session: AnySession, actor: Actor, one: TeamRound, seen: int, text: str, now: datetime
) -> None:
    """Write the charter, or another text of it: who agreed to the one before is asked again."""
    if not text:
        raise Refusal("charter_empty")
    if one.charter == text and one.state is RoundState.PROPOSED:
        return
    if seen != one.revision:
        raise Stale
    if one.state is not RoundState.PROPOSED:
        target(TRANSITIONS[TeamActivity.VALUES], one.state, RoundEvent.PROPOSE)
    one.charter = text
    one.edition += 1
    if one.state is RoundState.PROPOSED:
        one.revision += 1
        session.flush()
        details = {"edition": one.edition}
        audit.record(session, actor, "teamround.rewrite", one, now=now, details=details)
        return
    _advance(session, actor, one, TeamActivity.VALUES, RoundEvent.PROPOSE, now, edition=one.edition)


def agree(session: AnySession, actor: Actor, one: TeamRound, edition: int, now: datetime) -> None:
    """Put one's name under the charter as one has read it. A repeat changes nothing."""
    enrolment = enrolment_in(session, one.cohort_id, actor)
    if one.state is not RoundState.PROPOSED:
        raise Refusal("activity_closed")
    if edition != one.edition:
        raise Stale
    known = session.get(CharterAgreement, (one.id, enrolment.id))
    if known is not None and known.edition == edition:
        return
    if known is None:
        known = CharterAgreement(round_id=one.id, enrolment_id=enrolment.id)
        session.add(known)
    known.edition, known.agreed_at = edition, now
    session.flush()
    details = {"edition": edition}
    audit.record(session, actor, "teamround.agree", one, now=now, details=details)


@dataclass(frozen=True, slots=True)
class Signer:
    """A trainee of the cohort, and when they agreed to the charter as it reads now."""

    person: Person
    agreed_at: datetime | None


def signers(session: AnySession, one: TeamRound) -> list[Signer]:
    """Who follows the cohort now, or has agreed, by name."""
    rows = session.execute(
        select(Person, Enrolment.state, CharterAgreement.edition, CharterAgreement.agreed_at)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(
            CharterAgreement,
            (CharterAgreement.enrolment_id == Enrolment.id) & (CharterAgreement.round_id == one.id),
        )
        .where(Enrolment.cohort_id == one.cohort_id)
        .order_by(Person.sort_name, Person.id)
    )
    found = []
    for person, state, edition, agreed_at in rows:
        agreed = agreed_at if edition == one.edition else None
        if agreed is not None or state is EnrolmentState.ENROLLED:
            found.append(Signer(person, agreed))
    return found


# --- the contribution ---


def add_line(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    exercise: Exercise,
    line_id: UUID,
    side: Side,
    circle: Circle,
    text: str,
    now: datetime,
) -> None:
    """Add a line to the team's sheet. The same key adds it once."""
    _require_kind(exercise, TeamActivity.CONTRIBUTION)
    enrolment = enrolment_in(session, cohort.id, actor)
    one = begun(session, actor, cohort, exercise, now)
    if session.get(ContributionLine, line_id) is not None:
        return
    if one.state is not RoundState.COLLECTING:
        raise Refusal("activity_closed")
    mine = select(func.count()).select_from(ContributionLine).where(
        ContributionLine.round_id == one.id,
        ContributionLine.enrolment_id == enrolment.id,
        ContributionLine.removed_at.is_(None),
    )  # fmt: skip
    if (session.scalar(mine) or 0) >= MOST_LINES:
        raise Refusal("contribution_full", number=MOST_LINES)
    session.add(
        ContributionLine(
            id=line_id,
            round=one,
            enrolment=enrolment,
            side=side,
            circle=circle,
            text=text,
            created_at=now,
        )
    )
    session.flush()


def remove_line(session: AnySession, actor: Actor, line: ContributionLine, now: datetime) -> None:
    """Take a line off the sheet, one's own or as a trainer; as long as it is open."""
    if line.round.state is not RoundState.COLLECTING:
        raise Refusal("activity_closed")
    line.removed_at = now
    session.flush()
    audit.record(session, actor, "contributionline.remove", line, now=now)


def lines_of(session: AnySession, one: TeamRound | None) -> list[ContributionLine]:
    """The sheet, as it was written."""
    if one is None:
        return []
    query = select(ContributionLine).where(
        ContributionLine.round_id == one.id, ContributionLine.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(ContributionLine.id)))


# --- both ---


def settle(
    session: AnySession,
    actor: Actor,
    exercise: Exercise,
    one: TeamRound,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """Make it final. A charter that not everybody has agreed to wants a reason."""
    if one.state is RoundState.SETTLED:
        return
    kind = _kind(exercise)
    _open(one, kind, RoundEvent.SETTLE, seen)
    if kind is TeamActivity.VALUES:
        names = signers(session, one)
        missing = [each.person.name for each in names if each.agreed_at is None]
        if len(missing) == len(names) or (missing and not reason):
            raise Refusal("charter_not_everybody", number=len(missing))
    elif not lines_of(session, one):
        raise Refusal("contribution_empty")
    one.settled_at = now
    _advance(session, actor, one, kind, RoundEvent.SETTLE, now, reason)


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
    _open(one, _kind(exercise), RoundEvent.REOPEN, seen)
    one.settled_at = None
    _advance(session, actor, one, _kind(exercise), RoundEvent.REOPEN, now, reason)


def _kind(exercise: Exercise) -> TeamActivity:
    if exercise.activity is None:
        raise Refusal("activity_closed")
    return exercise.activity


def _require_kind(exercise: Exercise, kind: TeamActivity) -> None:
    if exercise.activity is not kind:
        raise Refusal("activity_closed")


def _open(one: TeamRound, kind: TeamActivity, event: RoundEvent, seen: int) -> None:
    target(TRANSITIONS[kind], one.state, event)
    if seen != one.revision:
        raise Stale


def _advance(
    session: AnySession,
    actor: Actor,
    one: TeamRound,
    kind: TeamActivity,
    event: RoundEvent,
    now: datetime,
    reason: str = "",
    **details: int,
) -> None:
    with session.no_autoflush:
        table = TRANSITIONS[kind]
        advance(session, actor, one, event, table, now=now, reason=reason, details=dict(details))
    one.revision += 1
    session.flush()
