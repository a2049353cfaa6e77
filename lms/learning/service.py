"""Reading lessons, taking quizzes, and what that adds up to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload, load_only
from uuid_utils.compat import uuid7

from lms.cohorts.models import Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.transitions import advance
from lms.curriculum.release import Release
from lms.curriculum.rules import Lesson, Module, Programme, Question
from lms.curriculum.service import release as load_release
from lms.learning import rules
from lms.learning.models import LessonCompletion, QuizAttempt
from lms.learning.outline import written_modules
from lms.learning.records import record, records
from lms.learning.rules import AttemptEvent, AttemptState, Drawn, Given


def find_attempt(session: AnySession, attempt_id: UUID) -> QuizAttempt | None:
    """An attempt with its enrolment, cohort and trainee."""
    return session.get(QuizAttempt, attempt_id)


def release_of(session: AnySession, enrolment: Enrolment) -> tuple[Release, Programme]:
    """The release that the enrolment's cohort is pinned to, and its programme there."""
    release = load_release(session, enrolment.cohort.release_id)
    return release, release.content.programmes[enrolment.cohort.programme]


def is_active(enrolment: Enrolment) -> bool:
    """Whether new work counts; what was done can always be looked at."""
    return enrolment.state is EnrolmentState.ENROLLED


# Lessons ---------------------------------------------------------------------------------------


def mark_read(session: AnySession, enrolment: Enrolment, lesson: Lesson, now: datetime) -> None:
    """Note that a lesson was read to its end. A repeat changes nothing."""
    _require_active(enrolment)
    home, _, name = lesson.id.partition("/")
    key = {"enrolment_id": enrolment.id, "module": home, "lesson": name}
    if session.get(LessonCompletion, key) is not None:
        return
    try:
        with session.begin_nested():
            session.add(LessonCompletion(**key, completed_at=now))
    except IntegrityError:
        pass  # the same press arrived twice; the other one has noted it


# Quizzes ---------------------------------------------------------------------------------------


def start_attempt(
    session: AnySession,
    actor: audit.Author,
    enrolment: Enrolment,
    module: Module,
    now: datetime,
) -> QuizAttempt:
    """Draw and freeze the questions of a new attempt, or return the one that is open."""
    _require_active(enrolment)
    release, programme = release_of(session, enrolment)
    modules = written_modules(release, programme)
    done = record(session, enrolment).done
    missing = rules.missing_prerequisites(module, modules, done)
    if missing and not rules.is_completed(module, done):
        raise Refusal("module_locked", modules=", ".join(other.code for other in missing))
    attempt = open_attempt(session, enrolment.id, module.slug)
    if attempt is not None:
        return attempt
    attempt = _new_attempt(session, enrolment, release, module, now)
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        # started twice at the same instant: both go on with the one that came first
        other = open_attempt(session, enrolment.id, module.slug)
        if other is None:
            raise
        return other
    audit.record(session, actor, "quizattempt.start", attempt, now=now)
    return attempt


def open_attempt(session: AnySession, enrolment_id: UUID, module: str) -> QuizAttempt | None:
    """The attempt at a module's quiz that still waits for its trainee."""
    return session.scalar(
        select(QuizAttempt).where(
            QuizAttempt.enrolment_id == enrolment_id,
            QuizAttempt.module == module,
            QuizAttempt.state.in_(rules.OPEN),
        )
    )


def save_answers(
    session: AnySession,
    attempt: QuizAttempt,
    answers: Mapping[str, Given],
    seen_version: int,
    now: datetime,
) -> None:
    """Keep what has been answered so far.

    Raises Stale where the answers changed elsewhere since `seen_version`, and Refusal once the
    attempt is submitted or its time is over. Sending the same answers again is always fine.
    """
    _lock(session, attempt)
    if attempt.state not in rules.OPEN:
        raise Refusal("attempt_closed")
    if tidied(session, attempt, answers) == attempt.answers:
        return
    if rules.is_due(attempt.started_at, now):
        raise Refusal("attempt_overdue")
    if seen_version != attempt.version:
        raise Stale
    attempt.answers = tidied(session, attempt, answers)
    attempt.version += 1
    attempt.saved_at = now
    session.flush()


def submit(
    session: AnySession,
    actor: audit.Author,
    attempt: QuizAttempt,
    seen_version: int,
    now: datetime,
) -> None:
    """Score the saved answers and close the attempt. A repeat changes nothing.

    Raises Stale where the answers are no longer those that the person has just checked.
    """
    _lock(session, attempt)
    if attempt.state is AttemptState.FINISHED:
        return
    if attempt.state not in rules.OPEN:
        raise Refusal("attempt_closed")
    if seen_version != attempt.version:
        raise Stale
    release = load_release(session, attempt.release_id)
    questions = [question for question, _ in asked(release, attempt)]
    quiz = release.content.modules[attempt.module].quiz
    attempt.score = rules.count_right(questions, attempt.answers)
    attempt.out_of = len(questions)
    attempt.passed = rules.is_pass(attempt.score, attempt.out_of, quiz.pass_percent)
    attempt.finished_at = now
    details = {"score": attempt.score, "out_of": attempt.out_of, "passed": attempt.passed}
    _advance(session, actor, attempt, AttemptEvent.SUBMIT, now, details=details)


def abandon(session: AnySession, actor: audit.Author, attempt: QuizAttempt, now: datetime) -> None:
    """Leave an open attempt for good; it does not count, and a new one may be started."""
    _lock(session, attempt)
    if attempt.state in rules.OPEN:
        _advance(session, actor, attempt, AttemptEvent.ABANDON, now)


def expire_attempts(session: AnySession, actor: audit.Author, now: datetime) -> int:
    """Mark attempts whose time for answers is over; returns how many."""
    late = session.scalars(
        select(QuizAttempt).where(
            QuizAttempt.state == AttemptState.IN_PROGRESS,
            QuizAttempt.started_at <= now - rules.ATTEMPT_TIME,
        )
    ).all()
    for attempt in late:
        _advance(session, actor, attempt, AttemptEvent.EXPIRE, now)
    return len(late)


def asked(release: Release, attempt: QuizAttempt) -> list[tuple[Question, Drawn]]:
    """The questions of an attempt as frozen, each with its answers in the order shown."""
    drawn = [Drawn.from_json(value) for value in attempt.questions]
    return [(release.content.questions[one.id], one) for one in drawn]


def tidied(
    session: AnySession, attempt: QuizAttempt, answers: Mapping[str, Given]
) -> dict[str, dict[str, int]]:
    """Answers to questions of this attempt, and nothing else."""
    release = load_release(session, attempt.release_id)
    kept = {
        question.id: rules.tidy(question, answers.get(question.id, {}))
        for question, _ in asked(release, attempt)
    }
    return {name: given for name, given in kept.items() if given}


_ATTEMPTS = (
    select(QuizAttempt)
    .where(QuizAttempt.enrolment_id == bindparam("enrolment_id"))
    .order_by(QuizAttempt.module, QuizAttempt.number.desc())
    .options(
        load_only(
            QuizAttempt.enrolment_id,
            QuizAttempt.module,
            QuizAttempt.number,
            QuizAttempt.state,
            QuizAttempt.started_at,
            QuizAttempt.saved_at,
            QuizAttempt.finished_at,
            QuizAttempt.score,
            QuizAttempt.out_of,
            QuizAttempt.passed,
        ),
        lazyload(QuizAttempt.enrolment),
    )
)


def attempts_of(
    session: AnySession, enrolment_id: UUID, module: str | None = None
) -> list[QuizAttempt]:
    """Attempts of an enrolment, newest first, without their questions and answers."""
    query = _ATTEMPTS if module is None else _ATTEMPTS.where(QuizAttempt.module == module)
    return list(session.scalars(query, {"enrolment_id": enrolment_id}))


def _new_attempt(
    session: AnySession, enrolment: Enrolment, release: Release, module: Module, now: datetime
) -> QuizAttempt:
    last = session.scalar(
        select(func.max(QuizAttempt.number)).where(
            QuizAttempt.enrolment_id == enrolment.id, QuizAttempt.module == module.slug
        )
    )
    key = uuid7()
    drawn = rules.draw(release.question_pool(module.slug), module.quiz.draw, key.hex)
    return QuizAttempt(
        id=key,
        enrolment_id=enrolment.id,
        enrolment=enrolment,
        module=module.slug,
        number=(last or 0) + 1,
        release_id=release.id,
        questions=[one.to_json() for one in drawn],
        answers={},
        version=1,
        started_at=now,
        saved_at=now,
        out_of=len(drawn),
    )


def _lock(session: AnySession, attempt: QuizAttempt) -> None:
    """Hold the row until the end of the transaction, as it is now."""
    columns = ["state", "version", "answers", "score", "finished_at"]
    session.refresh(attempt, attribute_names=columns, with_for_update=True)


def _advance(
    session: AnySession,
    actor: audit.Author,
    attempt: QuizAttempt,
    event: AttemptEvent,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    advance(session, actor, attempt, event, rules.TRANSITIONS, now=now, details=details)
    session.flush()


def _require_active(enrolment: Enrolment) -> None:
    if not is_active(enrolment):
        raise Refusal("enrolment_not_active", state=enrolment.state)


# For other rooms -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an enrolment has come."""

    lessons_read: int
    lessons: int
    completed: frozenset[str]
    """Slugs of completed modules."""
    modules: int
    """Modules that exist in the programme; planned ones are not counted."""
    last_active_at: datetime | None


def completed_modules(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Slugs of the modules that each enrolment has completed. One query for all."""
    found = progress(session, enrolment_ids)
    return {key: set(one.completed) for key, one in found.items()}


def progress(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, Progress]:
    """How far each enrolment has come. One query for all."""
    found = {}
    for key, one in records(session, enrolment_ids).items():
        release = load_release(session, one.release_id)
        modules = written_modules(release, release.content.programmes[one.programme])
        lessons = {lesson for module in modules for lesson in module.lessons}
        found[key] = Progress(
            lessons_read=len(lessons & one.read_at.keys()),
            lessons=len(lessons),
            completed=rules.completed(modules, one.done),
            modules=len(modules),
            last_active_at=one.last_active_at,
        )
    return found


@dataclass(frozen=True, slots=True)
class ModuleProof:
    """When a module was completed and what shows it: the rows behind a figure of the ledger."""

    module: Module
    completed_at: datetime
    quiz_passed_at: datetime


def module_proofs(session: AnySession, enrolment: Enrolment) -> list[ModuleProof]:
    """The completed modules of one enrolment, in the programme's order, with their dates."""
    release, programme = release_of(session, enrolment)
    one = record(session, enrolment)
    return [
        ModuleProof(
            module=module,
            completed_at=max(
                one.passed_at[module.slug], *(one.read_at[name] for name in module.lessons)
            ),
            quiz_passed_at=one.passed_at[module.slug],
        )
        for module in written_modules(release, programme)
        if rules.is_completed(module, one.done)
    ]
