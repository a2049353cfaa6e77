"""Who came: by the trainer's list, by the code on the screen, announced beforehand, corrected."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.cohorts.models import Attendance, Enrolment, TrainingSession
from lms.cohorts.rules import EnrolmentState
from lms.cohorts.training import codes
from lms.cohorts.training.queries import Line, attendances, lines
from lms.cohorts.training.rules import (
    THERE,
    Attended,
    Noting,
    Tick,
    TrainingState,
    counted_halves,
    takes_code,
)
from lms.core import audit, throttle
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.throttle import Limit
from lms.policy.actor import Actor

CODE_LIMIT = Limit(tries=10, window=timedelta(minutes=10))
"""Wrong codes of one person; a classroom behind one address does not share them."""


def _planned(meeting: TrainingSession) -> None:
    if meeting.state is not TrainingState.PLANNED:
        raise Late("training_list_closed")


def _begin(session: AnySession, meeting: TrainingSession, enrolment: Enrolment) -> Attendance:
    made = Attendance(session_id=meeting.id, enrolment=enrolment, mark=Attended.EXPECTED, halves=0)
    session.add(made)
    return made


# --- the list ---


def note(
    session: AnySession,
    meeting: TrainingSession,
    ticks: Mapping[UUID, Tick],
    now: datetime,
) -> int:
    """Note what a trainer has ticked; gives how many it changed.

    Raises Stale where something else has been noted since they looked, by a code or a colleague.
    """
    _planned(meeting)
    changed = 0
    for line in lines(session, meeting):
        tick = ticks.get(line.enrolment.id)
        if tick is None:
            continue
        there = line.attendance.mark if line.attendance else Attended.EXPECTED
        reason = line.attendance.reason if line.attendance else ""
        if tick.mark is tick.seen and tick.reason == reason:
            continue  # untouched, whatever has been noted since
        if there is not tick.seen and there is not tick.mark:
            raise Stale
        row = line.attendance or _begin(session, meeting, line.enrolment)
        if row.mark is not tick.mark:
            row.mark, row.noted_at = tick.mark, now
            row.noted_by = Noting.LIST if tick.mark is not Attended.EXPECTED else None
            row.batch_id = None
        row.reason = "" if tick.mark in THERE else tick.reason
        changed += 1
    session.flush()
    return changed


def everybody(session: AnySession, meeting: TrainingSession, now: datetime) -> tuple[UUID, int]:
    """Note all as present of whom nothing is known; gives the act, to undo it, and how many.

    Who has announced an absence is left to be noted by itself.
    """
    _planned(meeting)
    batch, number = uuid7(), 0
    for line in lines(session, meeting):
        row = line.attendance
        if row is not None and (row.mark is not Attended.EXPECTED or row.announced_at is not None):
            continue
        row = row or _begin(session, meeting, line.enrolment)
        row.mark, row.noted_by, row.noted_at, row.batch_id = (
            Attended.PRESENT, Noting.LIST, now, batch,
        )  # fmt: skip
        number += 1
    session.flush()
    return batch, number


def undo(session: AnySession, meeting: TrainingSession, batch: UUID) -> None:
    """Take an act on many back, where nothing else was noted since."""
    _planned(meeting)
    for row in attendances(session, meeting).values():
        if row.batch_id == batch:
            row.mark, row.noted_by, row.noted_at, row.batch_id = (
                Attended.EXPECTED, None, None, None,
            )  # fmt: skip
    session.flush()


def correct(
    session: AnySession,
    actor: Actor,
    row: Attendance,
    seen: Attended,
    mark: Attended,
    reason: str,
    now: datetime,
) -> None:
    """Set right what was noted of one trainee once the list is closed; the reason is kept."""
    if row.session.state is not TrainingState.HELD:
        raise Refusal("training_list_open")
    if row.locked_at is not None:
        raise Refusal("training_locked")
    if row.mark is not seen:
        raise Stale
    if not reason:
        raise Refusal("reason_needed")
    if mark is Attended.EXPECTED:
        raise Refusal("training_list_incomplete", number=1)
    before = row.mark
    row.mark, row.noted_by, row.noted_at = mark, Noting.LIST, now
    row.reason = "" if mark in THERE else (row.reason or row.announcement or reason)
    row.halves = counted_halves(mark, row.session.halves)
    session.flush()
    audit.record(
        session, actor, "attendance.correct", row, now=now, before=before.value,
        after=mark.value, reason=reason,
    )  # fmt: skip


# --- the code on the screen ---


def secret_of(session: AnySession, meeting: TrainingSession) -> str:
    """What the codes are made of; empty while none are shown."""
    query = select(TrainingSession.code_secret).where(TrainingSession.id == meeting.id)
    return session.scalars(query).one()


def show_code(session: AnySession, actor: Actor, meeting: TrainingSession, now: datetime) -> None:
    """Begin to take codes. Asked twice, the codes go on."""
    _planned(meeting)
    if not takes_code(meeting.starts_at, meeting.ends_at, now):
        raise Refusal("training_code_not_now")
    if not secret_of(session, meeting):
        meeting.code_secret = token_hex(16)
        session.flush()
        audit.record(session, actor, "training.show-code", meeting, now=now)


def stop_code(session: AnySession, meeting: TrainingSession) -> None:
    """Take no more codes."""
    meeting.code_secret = ""
    session.flush()


def throttle_key(actor: Actor) -> str:
    """Under which wrong codes of a person are counted."""
    return f"training-code:{actor.person_id}"


def session_of_code(
    session: AnySession, actor: Actor, typed: str, now: datetime
) -> TrainingSession | None:
    """The session whose screen shows this code now; None where none does.

    Raises Refusal("throttled") after too many wrong ones.
    """
    throttle.check(session, throttle_key(actor), CODE_LIMIT, now)
    shown = session.execute(
        select(TrainingSession, TrainingSession.code_secret).where(
            TrainingSession.code_secret != "",
            TrainingSession.state == TrainingState.PLANNED,
            TrainingSession.starts_at.between(now - timedelta(days=1), now + timedelta(hours=2)),
        )
    ).unique()
    for meeting, secret in shown:
        if codes.fits(secret, typed, now) and takes_code(meeting.starts_at, meeting.ends_at, now):
            return meeting
    throttle.note(session, throttle_key(actor), now)
    return None


def check_in(
    session: AnySession, actor: Actor, meeting: TrainingSession, now: datetime
) -> Attendance:
    """Note somebody as present who typed the code. Typed twice, the first time stands."""
    _planned(meeting)
    row = _own_row(session, actor, meeting)
    if row.mark in THERE:
        return row
    if row.mark is not Attended.EXPECTED:
        raise Refusal("training_noted_already")
    row.mark, row.noted_by, row.noted_at, row.batch_id = Attended.PRESENT, Noting.CODE, now, None
    session.flush()
    audit.record(session, actor, "attendance.check-in", row, now=now, after=row.mark.value)
    return row


# --- announced beforehand ---


def own_line(session: AnySession, actor: Actor, meeting: TrainingSession) -> Line | None:
    """What is noted of the actor, if they follow the session."""
    enrolment = session.scalars(
        select(Enrolment).where(
            Enrolment.cohort_id == meeting.cohort_id, Enrolment.person_id == actor.person_id
        )
    ).first()
    if enrolment is None:
        return None
    query = select(Attendance).where(
        Attendance.session_id == meeting.id, Attendance.enrolment_id == enrolment.id
    )
    return Line(enrolment, session.scalars(query).first())


def _own_row(session: AnySession, actor: Actor, meeting: TrainingSession) -> Attendance:
    """What is noted of the actor, begun if there is nothing yet. Raises Refusal."""
    line = own_line(session, actor, meeting)
    if line is None or line.enrolment.state is not EnrolmentState.ENROLLED:
        raise Refusal("training_not_enrolled")
    return line.attendance or _begin(session, meeting, line.enrolment)


def announce(
    session: AnySession, actor: Actor, meeting: TrainingSession, reason: str, now: datetime
) -> None:
    """A trainee says beforehand that they cannot come; an empty reason takes it back."""
    _planned(meeting)
    row = _own_row(session, actor, meeting)
    if row.mark is not Attended.EXPECTED or meeting.ends_at < now:
        raise Refusal("training_noted_already")
    row.announcement, row.announced_at = reason, now if reason else None
    session.flush()
    audit.record(
        session, actor, "attendance.announce" if reason else "attendance.take-back", row, now=now
    )
