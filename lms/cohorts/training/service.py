"""A training session's life: planned, moved, held once its list is closed, reopened, cancelled."""

from collections.abc import Collection
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import (
    Attendance,
    Cohort,
    TrainingMaterial,
    TrainingScan,
    TrainingSession,
    TrainingTrainer,
)
from lms.cohorts.rules import CohortState
from lms.cohorts.service import team
from lms.cohorts.timetable.meetings import keys_of, lead_on, require_open, touch, with_keys
from lms.cohorts.timetable.rules import Slot
from lms.cohorts.training import telling
from lms.cohorts.training.queries import lines
from lms.cohorts.training.rules import (
    Plan,
    TrainingEvent,
    TrainingState,
    check_close,
    check_plan,
    counted_halves,
)
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.files import StoredFile
from lms.people.models import Person
from lms.policy.actor import Actor, Role

CLOSED = frozenset({CohortState.CLOSED, CohortState.CANCELLED})


def find_training(session: AnySession, session_id: UUID) -> TrainingSession | None:
    """A training session by key."""
    return session.get(TrainingSession, session_id)


def find_attendance(session: AnySession, attendance_id: UUID) -> Attendance | None:
    """What is noted of one trainee, by key."""
    return session.get(Attendance, attendance_id)


def find_material(session: AnySession, material_id: UUID) -> TrainingMaterial | None:
    """Something handed out, by key."""
    return session.get(TrainingMaterial, material_id)


def find_scan(session: AnySession, scan_id: UUID) -> TrainingScan | None:
    """A photo of a signed sheet, by key."""
    return session.get(TrainingScan, scan_id)


def find_by_token(session: AnySession, token: str) -> TrainingSession | None:
    """The session whose printed sheet says this."""
    return session.scalar(select(TrainingSession).where(TrainingSession.sheet_token == token))


def trainers(session: AnySession, cohort: Cohort) -> list[Person]:
    """Who may teach in the cohort, by name."""
    return team(session, cohort.id)[Role.TRAINER]


# --- planning ---


def plan(
    session: AnySession, actor: Actor, cohort: Cohort, first_id: UUID, asked: Plan, now: datetime
) -> list[TrainingSession]:
    """Plan one session or a series, and tell the cohort. The same key plans once."""
    keys = keys_of(first_id, len(asked.slots))
    known = session.get(TrainingSession, first_id)
    if known is not None:
        if known.cohort_id != cohort.id:
            raise Refusal("training_of_another")
        return with_keys(session, TrainingSession, keys)
    if cohort.state in CLOSED:
        raise Refusal("meeting_cohort_closed", state=cohort.state)
    check_plan(asked, cohort.starts_on, cohort.ends_on, cohort.time_zone, now)
    teaching = _teaching(session, cohort, asked.trainer_ids)
    made = []
    for key, slot in zip(keys, asked.slots, strict=True):
        meeting = TrainingSession(
            id=key,
            cohort_id=cohort.id,
            state=TrainingState.PLANNED,
            sheet_token=token_urlsafe(16),
            revision=1,
            created_at=now,
            led_by=[TrainingTrainer(person=person) for person in teaching],
        )
        _fill(meeting, asked, slot)
        session.add(meeting)
        made.append(meeting)
    session.flush()
    for meeting in made:
        audit.record(session, actor, "training.plan", meeting, now=now, after=meeting.state.value)
    telling.tell(session, telling.What.PLANNED, made, now)
    return made


def _fill(meeting: TrainingSession, asked: Plan, slot: Slot) -> None:
    meeting.starts_at, meeting.minutes = slot.starts_at, slot.minutes
    meeting.halves, meeting.title, meeting.note = asked.worth.halves, asked.title, asked.note
    meeting.place, meeting.link, meeting.modules = asked.place, asked.link, list(asked.modules)


def _teaching(session: AnySession, cohort: Cohort, keys: Collection[UUID]) -> list[Person]:
    found = [one for one in trainers(session, cohort) if one.id in keys]
    if len(found) != len(keys):
        raise Refusal("training_trainer_gone")
    return found


def change(
    session: AnySession,
    actor: Actor,
    meeting: TrainingSession,
    seen: int,
    asked: Plan,
    now: datetime,
) -> None:
    """Another time, place, trainer or content. Everybody is told of what a calendar shows."""
    require_open(meeting, TrainingEvent.HOLD, seen)
    cohort, before = meeting.cohort, meeting.starts_at
    check_plan(asked, cohort.starts_on, cohort.ends_on, cohort.time_zone, now)
    stay = {one.person_id for one in meeting.led_by} & asked.trainer_ids
    teaching = _teaching(session, cohort, asked.trainer_ids - stay)
    (slot,) = asked.slots
    shown = (before, meeting.minutes, meeting.place, meeting.link, meeting.title)
    moved = shown != (slot.starts_at, slot.minutes, asked.place, asked.link, asked.title)
    gone = [one.person_id for one in meeting.led_by if one.person_id not in stay]
    meeting.led_by = [
        *(one for one in meeting.led_by if one.person_id in stay),
        *(TrainingTrainer(person=person) for person in teaching),
    ]
    _fill(meeting, asked, slot)
    touch(meeting, now)
    session.flush()
    details = {"before": before.isoformat(), "after": meeting.starts_at.isoformat()}
    audit.record(session, actor, "training.change", meeting, now=now, details=details)
    if moved or teaching:
        telling.tell(session, telling.What.CHANGED, [meeting], now, before=before)
    if gone:
        telling.tell(session, telling.What.CANCELLED, [meeting], now, before=before, only=gone)


def cancel(
    session: AnySession,
    actor: Actor,
    meeting: TrainingSession,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """It will not take place; everybody is told why."""
    require_open(meeting, TrainingEvent.CANCEL, seen)
    if not reason:
        raise Refusal("reason_needed")
    meeting.cancel_reason, meeting.code_secret = reason, ""
    lead_on(session, actor, meeting, TrainingEvent.CANCEL, now, reason)
    telling.tell(session, telling.What.CANCELLED, [meeting], now)


# --- closing the list ---


def close(
    session: AnySession, actor: Actor, meeting: TrainingSession, seen: int, now: datetime
) -> None:
    """Close the list: from now on the day counts for those who were there."""
    require_open(meeting, TrainingEvent.HOLD, seen)
    noted = [(one.enrolment, one.attendance) for one in lines(session, meeting)]
    marks = {
        enrolment.id: (one.mark, bool(one.reason or one.announcement))
        for enrolment, one in noted
        if one is not None
    }
    check_close(meeting.starts_at, [enrolment.id for enrolment, _ in noted], marks, now)
    there = 0
    for _, one in noted:
        if one is not None:
            one.halves = counted_halves(one.mark, meeting.halves)
            there += one.halves > 0 or meeting.halves == 0
    meeting.held_at, meeting.code_secret = now, ""
    details: dict[str, object] = {"present": there, "enrolled": len(noted)}
    lead_on(session, actor, meeting, TrainingEvent.HOLD, now, details=details)


def reopen(
    session: AnySession,
    actor: Actor,
    meeting: TrainingSession,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """Open a closed list again: the day counts for nobody until it is closed anew."""
    require_open(meeting, TrainingEvent.REOPEN, seen)
    if not reason:
        raise Refusal("reason_needed")
    query = select(Attendance).where(Attendance.session_id == meeting.id)
    noted = session.scalars(query).unique().all()
    if any(one.locked_at is not None for one in noted):
        raise Refusal("training_locked")
    for one in noted:
        one.halves = 0
    meeting.held_at = None
    lead_on(session, actor, meeting, TrainingEvent.REOPEN, now, reason)


def hold_fast(session: AnySession, enrolment_ids: Collection[UUID], at: datetime | None) -> None:
    """Hold what was noted of a case fast while its dossier is looked at; None lets it go."""
    held = select(TrainingSession.id).where(TrainingSession.state == TrainingState.HELD)
    query = select(Attendance).where(
        Attendance.enrolment_id.in_(enrolment_ids), Attendance.session_id.in_(held)
    )
    for one in session.scalars(query).unique():
        one.locked_at = at


# --- material and sheets ---


def add_material(
    session: AnySession,
    actor: Actor,
    meeting: TrainingSession,
    title: str,
    url: str,
    file: StoredFile | None,
    now: datetime,
) -> TrainingMaterial:
    """Hand something out: a file, or an address."""
    if (file is None) == (not url):
        raise Refusal("training_material_either")
    made = TrainingMaterial(
        session_id=meeting.id,
        title=title or (file.name if file else url)[:200],
        url=url,
        file=file,
        added_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "training.add-material", meeting, now=now)
    return made


def remove_material(
    session: AnySession, actor: Actor, material: TrainingMaterial, now: datetime
) -> None:
    """Take it back."""
    audit.record(session, actor, "training.remove-material", material.session, now=now)
    session.delete(material)
    session.flush()


def file_scan(
    session: AnySession, actor: Actor, meeting: TrainingSession, scan: StoredFile, now: datetime
) -> TrainingScan:
    """Keep a photo of the signed sheet beside the list. The same photo is kept once."""
    known = session.scalar(
        select(TrainingScan).where(
            TrainingScan.session_id == meeting.id, TrainingScan.sha256 == scan.sha256
        )
    )
    if known is not None:
        return known
    made = TrainingScan(session_id=meeting.id, sha256=scan.sha256, file=scan, filed_at=now)
    session.add(made)
    session.flush()
    audit.record(session, actor, "training.file-sheet", meeting, now=now)
    return made
