"""A team's values: five of each for themselves, counted, agreed as a charter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.transitions import target
from lms.curriculum.rules import Exercise, TeamActivity
from lms.learning.activities.rules import (
    VALUES_TRANSITIONS,
    Counted,
    RoundEvent,
    RoundState,
    check_values,
    merged,
    tally,
)
from lms.learning.activities.service import (
    begun,
    enrolment_in,
    lead_on,
    require_kind,
    require_open,
)
from lms.learning.models import CharterAgreement, TeamRound, ValueList
from lms.people.models import Person
from lms.policy.actor import Actor


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


def write_list(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    exercise: Exercise,
    values: Sequence[str],
    now: datetime,
) -> None:
    """Keep five values of the actor, for their eyes only, until the round is closed."""
    require_kind(exercise, TeamActivity.VALUES)
    enrolment = enrolment_in(session, cohort.id, actor)
    check_values(values)
    one = begun(session, actor, cohort, exercise, now)
    known = own_list(session, one, actor)
    if known is not None and known.words == list(values):
        return
    if one.state is not RoundState.COLLECTING:
        raise Late("activity_closed")
    if known is None:
        known = ValueList(round_id=one.id, enrolment=enrolment)
        session.add(known)
    known.words, known.saved_at = list(values), now
    session.flush()


def close(session: AnySession, actor: Actor, one: TeamRound, seen: int, now: datetime) -> None:
    """Close the round and count: three lists at least. What each wrote stays with them."""
    if one.state is RoundState.TALLIED:
        return
    require_open(one, TeamActivity.VALUES, RoundEvent.CLOSE, seen)
    one.tally = [row.to_json() for row in _tally(session, one, {})]
    one.closed_at = now
    number = number_of_lists(session, one)
    lead_on(session, actor, one, TeamActivity.VALUES, RoundEvent.CLOSE, now, lists=number)


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
        raise Late("activity_closed")
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
        target(VALUES_TRANSITIONS, one.state, RoundEvent.PROPOSE)
    one.charter = text
    one.edition += 1
    if one.state is RoundState.PROPOSED:
        one.revision += 1
        session.flush()
        details = {"edition": one.edition}
        audit.record(session, actor, "teamround.rewrite", one, now=now, details=details)
        return
    lead_on(session, actor, one, TeamActivity.VALUES, RoundEvent.PROPOSE, now, edition=one.edition)


def agree(session: AnySession, actor: Actor, one: TeamRound, edition: int, now: datetime) -> None:
    """Put one's name under the charter as one has read it. A repeat changes nothing."""
    enrolment = enrolment_in(session, one.cohort_id, actor)
    if one.state is not RoundState.PROPOSED:
        raise Late("activity_closed")
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


def settle(
    session: AnySession, actor: Actor, one: TeamRound, seen: int, reason: str, now: datetime
) -> None:
    """Make the charter final. One that not everybody has agreed to wants a reason."""
    if one.state is RoundState.SETTLED:
        return
    require_open(one, TeamActivity.VALUES, RoundEvent.SETTLE, seen)
    names = signers(session, one)
    missing = [each.person.name for each in names if each.agreed_at is None]
    if len(missing) == len(names) or (missing and not reason):
        raise Refusal("charter_not_everybody", number=len(missing))
    one.settled_at = now
    lead_on(session, actor, one, TeamActivity.VALUES, RoundEvent.SETTLE, now, reason)
