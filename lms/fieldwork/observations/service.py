"""An observation's life: noted in the field, shared, countersigned or commented on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.files import FileStore, Upload, store
from lms.core.transitions import advance, target
from lms.curriculum.rules import Rubric
from lms.fieldwork.entries.rules import local_date
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.observations.rules import EDITABLE, check_scores, check_sharing
from lms.fieldwork.rules import (
    OBSERVATION_TRANSITIONS,
    EntryState,
    ObservationEvent,
    ObservationState,
)
from lms.policy.actor import Actor


@dataclass(frozen=True)
class ObservationContent:
    """What a trainer noted."""

    observed_on: date
    place: str
    setting: str
    setting_note: str
    entry_id: UUID | None
    scores: Mapping[str, int]
    feedback: str
    notes: Mapping[str, str] = field(default_factory=dict)
    """Indicator id → a short note."""


def begin(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    observation_id: UUID,
    content: ObservationContent,
    rubric: Rubric,
    now: datetime,
) -> Observation:
    """Note an observation, as a draft. The same key makes it once."""
    known = session.get(Observation, observation_id)
    if known is not None:
        if known.trainer_id != actor.person_id:
            raise Refusal("observation_of_another")
        return known
    if enrolment.state is not EnrolmentState.ENROLLED:
        raise Refusal("enrolment_not_active", state=enrolment.state)
    if actor.person_id is None or actor.person_id == enrolment.person_id:
        raise Refusal("observation_of_oneself")
    observation = Observation(
        id=observation_id,
        enrolment=enrolment,
        trainer_id=actor.person_id,
        rubric=rubric.slug,
        state=ObservationState.DRAFT,
        version=1,
        claimed_at=now,
        received_at=now,
    )
    _fill(session, observation, content, rubric, now)
    session.add(observation)
    session.flush()
    audit.record(
        session, actor, "observation.create", observation, now=now, after=observation.state.value
    )
    return observation


def edit(
    session: AnySession,
    actor: Actor,
    observation: Observation,
    seen: int,
    content: ObservationContent,
    rubric: Rubric,
    now: datetime,
) -> None:
    """Change a draft, or correct what the trainee commented on."""
    if observation.state not in EDITABLE:
        raise Late("illegal_transition", state=observation.state)
    if seen != observation.version:
        raise Stale
    before = dict(observation.scores)
    _fill(session, observation, content, rubric, now)
    observation.version += 1
    session.flush()
    if observation.state is ObservationState.COMMENTED:
        details = {"before": before, "after": dict(observation.scores)}
        audit.record(session, actor, "observation.correct", observation, now=now, details=details)


def _fill(
    session: AnySession,
    observation: Observation,
    content: ObservationContent,
    rubric: Rubric,
    now: datetime,
) -> None:
    cohort = observation.enrolment.cohort
    indicators = [each.id for criterion in rubric.criteria for each in criterion.indicators]
    check_scores(content.scores, indicators)
    if not set(content.notes) <= set(indicators):
        raise Refusal("observation_scores_strange")
    if content.observed_on > local_date(now, cohort.time_zone):
        raise Refusal("entry_in_future")
    if not cohort.starts_on <= content.observed_on <= cohort.ends_on:
        raise Refusal("entry_outside_cohort")
    if content.entry_id is not None:
        entry = session.get(PracticumEntry, content.entry_id)
        if entry is None or entry.enrolment_id != observation.enrolment.id or not entry.handed_in:
            raise Refusal("entry_of_another")
    observation.observed_on = content.observed_on
    observation.place = content.place
    observation.setting = content.setting
    observation.setting_note = content.setting_note
    observation.entry_id = content.entry_id
    observation.scores = dict(content.scores)
    observation.feedback = content.feedback
    observation.notes = dict(content.notes)


def attach(
    session: AnySession,
    actor: Actor,
    observation: Observation,
    photo: Upload | None,
    files: FileStore,
    now: datetime,
) -> None:
    """Keep a photo as evidence, in place of the one before."""
    if photo is not None and observation.state in EDITABLE:
        observation.file = store(session, files, photo, actor.person_id, now)
        session.flush()


def share(session: AnySession, actor: Actor, observation: Observation, now: datetime) -> None:
    """Show it to the trainee, to be countersigned or commented on."""
    target(OBSERVATION_TRANSITIONS, observation.state, ObservationEvent.SHARE)
    check_sharing(observation.scores, observation.feedback)
    observation.shared_at = now
    details = {"version": observation.version, "scores": dict(observation.scores)}
    _advance(session, actor, observation, ObservationEvent.SHARE, now, "", details)


def countersign(
    session: AnySession,
    actor: Actor,
    observation: Observation,
    seen: int,
    comment: str,
    now: datetime,
) -> None:
    """The trainee agrees that this was seen; from now on it counts."""
    if seen != observation.version:
        raise Stale
    target(OBSERVATION_TRANSITIONS, observation.state, ObservationEvent.COUNTERSIGN)
    observation.trainee_comment = comment or observation.trainee_comment
    observation.countersigned_at = now
    details: dict[str, object] = {"version": observation.version}
    _advance(session, actor, observation, ObservationEvent.COUNTERSIGN, now, "", details)


def comment(
    session: AnySession,
    actor: Actor,
    observation: Observation,
    seen: int,
    words: str,
    now: datetime,
) -> None:
    """The trainee sees it otherwise, and says why; the trainer may correct and share again."""
    if not words:
        raise Refusal("comment_needed")
    if seen != observation.version:
        raise Stale
    target(OBSERVATION_TRANSITIONS, observation.state, ObservationEvent.COMMENT)
    observation.trainee_comment = words
    _advance(session, actor, observation, ObservationEvent.COMMENT, now, words)


def _advance(
    session: AnySession,
    actor: Actor,
    observation: Observation,
    event: ObservationEvent,
    now: datetime,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    with session.no_autoflush:
        advance(
            session,
            actor,
            observation,
            event,
            OBSERVATION_TRANSITIONS,
            now=now,
            reason=reason,
            details=details,
        )
    observation.version += 1
    session.flush()


def recent_entries(session: AnySession, enrolment: Enrolment) -> list[PracticumEntry]:
    """The trainee's entries handed in last, which an observation may belong to."""
    return list(
        session.scalars(
            select(PracticumEntry)
            .where(
                PracticumEntry.enrolment_id == enrolment.id,
                PracticumEntry.state.not_in(
                    [
                        EntryState.DRAFT,
                        EntryState.DELETED,
                        EntryState.WITHDRAWN,
                        EntryState.REVOKED,
                    ]
                ),
            )
            .order_by(PracticumEntry.held_on.desc(), PracticumEntry.id.desc())
            .limit(10)
        )
    )
