"""A supervision session's life: planned, moved, held and written down, corrected, cancelled."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.timetable.meetings import keys_of, lead_on, require_open, touch, with_keys
from lms.cohorts.timetable.people import enrolled
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.fieldwork.models import SupervisionAction, SupervisionPresence, SupervisionSession
from lms.fieldwork.rules import (
    PresenceState,
    SupervisionEvent,
    SupervisionState,
)
from lms.fieldwork.supervision import telling
from lms.fieldwork.supervision.queries import CLOSED
from lms.fieldwork.supervision.rules import Minutes, Plan, check_held, check_plan, concerned
from lms.policy.actor import Actor


def find_session(session: AnySession, session_id: UUID) -> SupervisionSession | None:
    """A supervision session by key."""
    return session.get(SupervisionSession, session_id)


def find_action(session: AnySession, action_id: UUID) -> SupervisionAction | None:
    """Something agreed, by key."""
    return session.get(SupervisionAction, action_id)


def private_notes(session: AnySession, meeting: SupervisionSession) -> str:
    """What its supervisor wrote for themselves; only for who may read it."""
    query = select(SupervisionSession.private_notes).where(SupervisionSession.id == meeting.id)
    return session.scalars(query).one()


# --- planning ---


def plan(
    session: AnySession, actor: Actor, cohort: Cohort, first_id: UUID, asked: Plan, now: datetime
) -> list[SupervisionSession]:
    """Plan one session, or one a week, and tell the trainees. The same key plans once."""
    keys = keys_of(first_id, len(asked.starts_at))
    known = session.get(SupervisionSession, first_id)
    if known is not None:
        if known.supervisor_id != actor.person_id:
            raise Refusal("supervision_of_another")
        return with_keys(session, SupervisionSession, keys)
    if actor.person_id is None or cohort.state in CLOSED:
        raise Refusal("meeting_cohort_closed", state=cohort.state)
    check_plan(asked, cohort.starts_on, cohort.ends_on, cohort.time_zone, now)
    invited = _invited(session, actor, cohort, asked.enrolment_ids)
    made = []
    for key, moment in zip(keys, asked.starts_at, strict=True):
        meeting = SupervisionSession(
            id=key,
            cohort_id=cohort.id,
            supervisor_id=actor.person_id,
            state=SupervisionState.PLANNED,
            revision=1,
            created_at=now,
            presences=[SupervisionPresence(enrolment=one) for one in invited],
        )
        _fill(meeting, asked, moment)
        session.add(meeting)
        made.append(meeting)
    session.flush()
    for meeting in made:
        audit.record(
            session, actor, "supervision.plan", meeting, now=now, after=meeting.state.value
        )
    telling.planned(session, made, invited, now)
    return made


def _fill(meeting: SupervisionSession, asked: Plan, moment: datetime) -> None:
    meeting.kind, meeting.starts_at, meeting.minutes = asked.kind, moment, asked.minutes
    meeting.place, meeting.link, meeting.topic = asked.place, asked.link, asked.topic


def _invited(
    session: AnySession, actor: Actor, cohort: Cohort, keys: Iterable[UUID]
) -> list[Enrolment]:
    """The trainees asked for, in a steady order. Raises Refusal for any who cannot be."""
    wanted = set(keys)
    found = [one for one in enrolled(session, cohort.id) if one.id in wanted]
    if len(found) != len(wanted):
        raise Refusal("supervision_not_enrolled")
    if any(one.person_id == actor.person_id for one in found):
        raise Refusal("self_supervision")
    return found


def change(
    session: AnySession,
    actor: Actor,
    meeting: SupervisionSession,
    seen: int,
    asked: Plan,
    now: datetime,
) -> None:
    """Another time, place, topic, or other trainees; those concerned are told."""
    require_open(meeting, SupervisionEvent.HOLD, seen)
    cohort = meeting.cohort
    check_plan(asked, cohort.starts_on, cohort.ends_on, cohort.time_zone, now)
    before, known = meeting.starts_at, {one.enrolment_id: one for one in meeting.presences}
    invited = _invited(session, actor, cohort, asked.enrolment_ids - set(known))
    gone = [one for key, one in known.items() if key not in asked.enrolment_ids]
    moved = (before, meeting.minutes, meeting.place, meeting.link) != (
        asked.starts_at[0], asked.minutes, asked.place, asked.link,
    )  # fmt: skip
    stay = [one.enrolment for key, one in known.items() if key in asked.enrolment_ids]
    for one in gone:
        meeting.presences.remove(one)
        session.delete(one)
    meeting.presences += [SupervisionPresence(enrolment=one) for one in invited]
    _fill(meeting, asked, asked.starts_at[0])
    touch(meeting, now)
    session.flush()
    details = {"before": before.isoformat(), "after": meeting.starts_at.isoformat()}
    audit.record(session, actor, "supervision.change", meeting, now=now, details=details)
    telling.changed(session, meeting, stay if moved else [], before, now)
    telling.planned(session, [meeting], invited, now)
    telling.cancelled(session, meeting, [one.enrolment for one in gone], now)


def cancel(
    session: AnySession,
    actor: Actor,
    meeting: SupervisionSession,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """It will not take place; trainees are told why."""
    require_open(meeting, SupervisionEvent.CANCEL, seen)
    if not reason:
        raise Refusal("reason_needed")
    meeting.cancel_reason = reason
    lead_on(session, actor, meeting, SupervisionEvent.CANCEL, now, reason)
    telling.cancelled(session, meeting, [one.enrolment for one in meeting.presences], now)


# --- writing down ---


def hold(
    session: AnySession,
    actor: Actor,
    meeting: SupervisionSession,
    seen: int,
    minutes: Minutes,
    now: datetime,
) -> None:
    """Write down who came, for how long, what was said and agreed. From now on it counts."""
    require_open(meeting, SupervisionEvent.HOLD, seen)
    check_held(meeting.starts_at, [one.enrolment_id for one in meeting.presences], minutes, now)
    _agree(session, meeting, minutes)
    for one in meeting.presences:
        said = minutes.presences[one.enrolment_id]
        one.came = said.state
        one.reason = said.reason if said.state is not PresenceState.PRESENT else ""
    meeting.minutes = minutes.minutes
    meeting.shared_notes, meeting.private_notes = minutes.shared_notes, minutes.private_notes
    there = sum(one.state is PresenceState.PRESENT for one in meeting.presences)
    details: dict[str, object] = {
        "minutes": minutes.minutes,
        "present": there,
        "invited": len(meeting.presences),
    }
    meeting.held_at = now
    lead_on(session, actor, meeting, SupervisionEvent.HOLD, now, details=details)


def _agree(session: AnySession, meeting: SupervisionSession, minutes: Minutes) -> None:
    """What was agreed, trainee by trainee; what stood there before keeps its tick."""
    before = {
        (action.enrolment_id, action.text): action
        for action in session.scalars(
            select(SupervisionAction).where(SupervisionAction.session_id == meeting.id)
        ).unique()
    }
    for agreed in minutes.agreed:
        for key in concerned(agreed, minutes.presences):
            known = before.pop((key, agreed.text), None)
            if known is not None:
                known.due_on = agreed.due_on
                continue
            session.add(
                SupervisionAction(
                    session_id=meeting.id, enrolment_id=key, text=agreed.text, due_on=agreed.due_on
                )
            )
    for forgotten in before.values():
        session.delete(forgotten)


def reopen(
    session: AnySession,
    actor: Actor,
    meeting: SupervisionSession,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """Correct what was written down: it counts again once written down anew."""
    require_open(meeting, SupervisionEvent.REOPEN, seen)
    if not reason:
        raise Refusal("reason_needed")
    if any(one.locked_at is not None for one in meeting.presences):
        raise Refusal("supervision_locked")
    meeting.held_at = None
    lead_on(session, actor, meeting, SupervisionEvent.REOPEN, now, reason)


def write_private(session: AnySession, meeting: SupervisionSession, seen: int, text: str) -> None:
    """Notes that nobody else reads, before the session or after it."""
    if seen != meeting.revision:
        raise Stale
    if meeting.state is SupervisionState.CANCELLED:
        raise Late("illegal_transition", state=meeting.state)
    meeting.private_notes = text
    meeting.revision += 1
    session.flush()


def tick(session: AnySession, action: SupervisionAction, now: datetime, *, done: bool) -> None:
    """It is done, or it is not after all. Saying it twice changes nothing."""
    if done != (action.done_at is not None):
        action.done_at = now if done else None
        session.flush()
