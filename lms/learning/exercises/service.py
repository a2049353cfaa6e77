"""Work on an exercise: written and handed in by the trainee, marked by a trainer."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.files import FileStore, Upload, store
from lms.core.transitions import advance, target
from lms.curriculum.rules import Exercise
from lms.learning.exercises import telling
from lms.learning.exercises.rules import (
    DECISIONS,
    EDITABLE,
    TRANSITIONS,
    WAITING,
    Marking,
    WorkEvent,
    WorkState,
    check_files,
    check_hand_in,
    check_marks,
    faults,
    withdrawal,
)
from lms.learning.models import ExerciseFile, ExerciseVersion, ExerciseWork
from lms.learning.service import require_active
from lms.policy.actions import Action
from lms.policy.actor import Actor
from lms.policy.permits import permits


def find_work(session: AnySession, work_id: UUID) -> ExerciseWork | None:
    """Work by key, with its enrolment, cohort and trainee."""
    return session.get(ExerciseWork, work_id)


def find_file(session: AnySession, file_id: UUID) -> ExerciseFile | None:
    """A file of somebody's work; one that was taken out before anybody saw it is gone."""
    found = session.get(ExerciseFile, file_id)
    if found is None or (found.removed_at and found.handed_in_number is None):
        return None
    return found


def work_of(session: AnySession, enrolment_id: UUID, exercise_id: str) -> ExerciseWork | None:
    """What an enrolment has on an exercise so far."""
    return session.scalars(
        select(ExerciseWork).where(
            ExerciseWork.enrolment_id == enrolment_id, ExerciseWork.exercise == exercise_id
        )
    ).one_or_none()


# --- the trainee's acts ---


def save(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    exercise: Exercise,
    seen: int,
    text: str,
    uploads: Sequence[Upload],
    removed: Collection[UUID],
    files: FileStore,
    now: datetime,
) -> ExerciseWork:
    """Keep what is being written. The same form sent twice changes nothing the second time.

    Raises Stale where it was changed elsewhere since `seen` (0: nothing was there yet).
    """
    require_active(enrolment)
    if not text and not uploads and work_of(session, enrolment.id, exercise.id) is None:
        raise Refusal("exercise_empty")
    work = _begun(session, actor, enrolment, exercise, now)
    new = _new_uploads(work, uploads)
    gone = [one for one in work.kept_files if one.id in removed]
    if work.text == text and not new and not gone:
        return work
    if work.state not in EDITABLE:
        raise Late("exercise_closed", state=work.state)
    if seen != work.revision:
        raise Stale
    check_files(exercise, len(work.kept_files) - len(gone), len(new))
    work.text = text
    for file in gone:
        file.removed_at = now
    for upload in new:
        kept = store(session, files, upload, actor.person_id, now)
        session.add(ExerciseFile(work=work, file=kept))
    work.release_id = enrolment.cohort.release_id
    work.saved_at = now
    work.revision += 1
    session.flush()
    session.expire(work, ["files"])
    return work


def _begun(
    session: AnySession, actor: Actor, enrolment: Enrolment, exercise: Exercise, now: datetime
) -> ExerciseWork:
    """The enrolment's work on the exercise, begun now where there is none."""
    known = work_of(session, enrolment.id, exercise.id)
    if known is not None:
        return known
    made = ExerciseWork(
        enrolment=enrolment,
        exercise=exercise.id,
        release_id=enrolment.cohort.release_id,
        started_at=now,
        saved_at=now,
        text="",
        number=0,
        revision=0,
        state=WorkState.DRAFT,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "exercisework.begin", made, now=now, after=made.state.value)
    return made


def _new_uploads(work: ExerciseWork, uploads: Sequence[Upload]) -> list[Upload]:
    """Those that are not there already: a form sent twice brings its files twice."""
    there = {(one.file.name, one.file.sha256) for one in work.kept_files}
    return [
        upload
        for upload in uploads
        if (upload.name, hashlib.sha256(upload.data).hexdigest()) not in there
    ]


def hand_in(
    session: AnySession, actor: Actor, work: ExerciseWork, exercise: Exercise, now: datetime
) -> None:
    """Hand in what is written, as a new version; the trainers are told. A repeat changes nothing.

    Raises Refusal where nothing of what may be handed in is there.
    """
    if work.state in WAITING:
        return
    target(TRANSITIONS, work.state, WorkEvent.HAND_IN)
    require_active(work.enrolment)
    kept = work.kept_files
    check_hand_in(exercise, work.text, len(kept))
    first = not telling.somebody_waits(session, work.cohort_id)
    work.number += 1
    for file in kept:
        if file.handed_in_number is None:
            file.handed_in_number = work.number
    session.add(
        ExerciseVersion(
            work=work,
            number=work.number,
            text=work.text,
            files=[str(file.id) for file in kept],
            release_id=work.release_id,
            handed_in_at=now,
        )
    )
    work.handed_in_at, work.decided_at = now, None
    _advance(session, actor, work, WorkEvent.HAND_IN, now, details={"version": work.number})
    session.expire(work, ["versions"])
    if first:
        telling.trainers(session, work, exercise, now)


def withdraw(session: AnySession, actor: Actor, work: ExerciseWork, now: datetime) -> None:
    """Take back what nobody has begun to mark; a repeat changes nothing."""
    if work.state in EDITABLE:
        return
    if work.state is not WorkState.HANDED_IN:
        raise Refusal("exercise_being_marked")
    event = withdrawal(work.number)
    latest, *earlier = work.versions
    for file in work.files:
        if file.handed_in_number == latest.number:
            file.handed_in_number = None
    session.delete(latest)
    details = {"version": latest.number}
    work.number -= 1
    work.handed_in_at = earlier[0].handed_in_at if earlier else None
    work.decided_at = earlier[0].decided_at if earlier else None
    _advance(session, actor, work, event, now, details=details)
    session.expire(work, ["versions"])


# --- the trainer's acts ---


def look(
    session: AnySession,
    actor: Actor,
    work: ExerciseWork,
    now: datetime,
    *,
    take_over: bool = False,
) -> None:
    """Begin to mark: from now on it cannot be withdrawn, and others see who has it."""
    _require_marker(actor, work)
    if work.state is WorkState.LOOKED_AT:
        if work.looked_by_id == actor.person_id:
            return
        if not take_over:
            raise Late("exercise_looked_at", name=work.looked_by.name if work.looked_by else "")
        work.looked_by_id, work.looked_at = actor.person_id, now
        work.revision += 1
        session.flush()
        audit.record(session, actor, "exercisework.take-over", work, now=now)
        return
    target(TRANSITIONS, work.state, WorkEvent.LOOK)
    work.looked_by_id, work.looked_at = actor.person_id, now
    _advance(session, actor, work, WorkEvent.LOOK, now)


def keep_marks(
    session: AnySession,
    actor: Actor,
    work: ExerciseWork,
    exercise: Exercise,
    seen: int,
    marking: Marking,
) -> None:
    """Keep an unfinished marking; the trainee does not see it."""
    version = _marked(session, actor, work, exercise, seen, marking)
    _write(version, marking)
    work.revision += 1
    session.flush()


def decide(
    session: AnySession,
    actor: Actor,
    work: ExerciseWork,
    exercise: Exercise,
    seen: int,
    decision: WorkEvent,
    marking: Marking,
    now: datetime,
) -> None:
    """Accept the work or return it; the trainee is told. The same form twice decides once."""
    if decision not in DECISIONS:
        raise Refusal("not_a_decision")
    _require_marker(actor, work)
    if _is_repeat(actor, work, decision, marking):
        return
    version = _marked(session, actor, work, exercise, seen, marking)
    missing = faults(decision, marking, exercise.criteria)
    if missing:
        raise Refusal(missing[0].code)
    _write(version, marking)
    work.decided_at, work.looked_by_id = now, None
    details = {"version": work.number, "marks": dict(marking.marks)}
    _advance(session, actor, work, decision, now, details=details)
    version.decision, version.decided_at = work.state, now
    version.decided_by_id = actor.person_id
    session.flush()
    telling.trainee(session, work, exercise, marking.feedback, now)


def reopen(
    session: AnySession,
    actor: Actor,
    work: ExerciseWork,
    exercise: Exercise,
    seen: int,
    reason: str,
    now: datetime,
) -> None:
    """Take up decided work again, for instance to correct a mark; the trainee is told why.

    Raises Refusal: of returned work only as long as its author has not gone on with it.
    """
    _require_marker(actor, work)
    require_active(work.enrolment)
    if not reason:
        raise Refusal("reason_needed")
    if seen != work.revision:
        raise Stale
    target(TRANSITIONS, work.state, WorkEvent.REOPEN)
    if work.is_gone_on_with:
        raise Late("exercise_gone_on_with")
    version = work.versions[0]
    version.decision = version.decided_at = version.decided_by_id = None
    work.looked_by_id, work.looked_at, work.decided_at = actor.person_id, now, None
    _advance(session, actor, work, WorkEvent.REOPEN, now, reason)
    telling.trainee(session, work, exercise, reason, now)


def _marked(
    session: AnySession,
    actor: Actor,
    work: ExerciseWork,
    exercise: Exercise,
    seen: int,
    marking: Marking,
) -> ExerciseVersion:
    """The version that the actor is marking, as they saw it. Raises Stale and Refusal."""
    _require_marker(actor, work)
    if seen != work.revision:
        raise Stale
    if work.state is not WorkState.LOOKED_AT:
        raise Late("illegal_transition", state=work.state)
    if work.looked_by_id != actor.person_id:
        raise Late("exercise_looked_at", name=work.looked_by.name if work.looked_by else "")
    check_marks(marking, exercise.criteria)
    return work.versions[0]


def _is_repeat(actor: Actor, work: ExerciseWork, decision: WorkEvent, marking: Marking) -> bool:
    latest = work.versions[0] if work.versions else None
    return (
        latest is not None
        and latest.decision is TRANSITIONS[WorkState.LOOKED_AT, decision]
        and latest.decided_by_id == actor.person_id
        and (latest.marks, latest.comments, latest.feedback)
        == (dict(marking.marks), dict(marking.comments), marking.feedback)
    )


def _write(version: ExerciseVersion, marking: Marking) -> None:
    version.marks, version.comments = dict(marking.marks), dict(marking.comments)
    version.feedback = marking.feedback


def _require_marker(actor: Actor, work: ExerciseWork) -> None:
    if not permits(actor, Action.EXERCISE_MARK, work):
        raise Refusal("exercise_not_yours_to_mark")


def _advance(
    session: AnySession,
    actor: Actor,
    work: ExerciseWork,
    event: WorkEvent,
    now: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    with session.no_autoflush:
        advance(session, actor, work, event, TRANSITIONS, now=now, reason=reason, details=details)
    work.revision += 1
    session.flush()
