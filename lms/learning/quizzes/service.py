"""Taking quizzes and exams: started, answered, handed in, scored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload, load_only
from uuid_utils.compat import uuid7

from lms.cohorts.models import Enrolment
from lms.cohorts.service import lineage
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.transitions import advance
from lms.curriculum.release import Release
from lms.curriculum.rules import Counting, Question
from lms.curriculum.service import release as load_release
from lms.learning import rules as completing
from lms.learning.models import OpenMark, QuizAttempt
from lms.learning.outline import written_modules
from lms.learning.quizzes import extra
from lms.learning.quizzes.papers import Paper, paper_of
from lms.learning.quizzes.rules import attempts as rules
from lms.learning.quizzes.rules import scoring
from lms.learning.quizzes.rules.attempts import AttemptEvent, AttemptState, Ending
from lms.learning.quizzes.rules.drawing import Drawn, draw
from lms.learning.quizzes.rules.scoring import Given, Levels
from lms.learning.records import record
from lms.learning.service import release_of, require_active
from lms.policy.actor import SYSTEM

ENDED = frozenset({AttemptState.FINISHED, AttemptState.ABANDONED})


def find_attempt(session: AnySession, attempt_id: UUID) -> QuizAttempt | None:
    """An attempt with its enrolment, cohort and trainee."""
    return session.get(QuizAttempt, attempt_id)


def paper_taken(session: AnySession, attempt: QuizAttempt) -> tuple[Release, Paper]:
    """What an attempt is at, as it was when it started."""
    release = load_release(session, attempt.release_id)
    programme = release.content.programmes[attempt.enrolment.cohort.programme]
    paper = paper_of(release, programme, attempt.module)
    if paper is None:
        raise LookupError(f"release {release.id} has no {attempt.module}")
    return release, paper


# Starting --------------------------------------------------------------------------------------


def start_attempt(
    session: AnySession, actor: audit.Author, enrolment: Enrolment, paper: Paper, now: datetime
) -> QuizAttempt:
    """Draw and freeze the questions of a new attempt, or return the one that is open.

    Raises Refusal where something comes first, or another attempt may not be made (yet).
    """
    require_active(enrolment)
    release, _ = release_of(session, enrolment)
    _require_open(session, enrolment, release, paper)
    attempt = open_attempt(session, enrolment.id, paper.key)
    if attempt is not None:
        end_if_over(session, attempt, now)
        if attempt.state in rules.OPEN:
            return attempt
    chances_of(session, enrolment, paper).check(now)
    attempt = _new_attempt(session, enrolment, release, paper, now)
    try:
        with session.begin_nested():
            session.add(attempt)
            audit.record(session, actor, "quizattempt.start", attempt, now=now)
    except IntegrityError:
        # started twice at the same instant: both go on with the one that came first
        other = open_attempt(session, enrolment.id, paper.key)
        if other is None:
            raise
        return other
    return attempt


def _require_open(
    session: AnySession, enrolment: Enrolment, release: Release, paper: Paper
) -> None:
    """A module waits for its prerequisites, the exam for every module."""
    modules = written_modules(release, paper.programme)
    done = record(session, enrolment).done
    if paper.module is None:
        missing = [module for module in modules if not completing.is_completed(module, done)]
    elif completing.is_completed(paper.module, done):
        missing = []
    else:
        missing = list(completing.missing_prerequisites(paper.module, modules, done))
    if missing:
        raise Refusal("module_locked", modules=", ".join(other.code for other in missing))


def open_attempt(session: AnySession, enrolment_id: UUID, key: str) -> QuizAttempt | None:
    """The attempt at a quiz that still waits for its trainee."""
    return session.scalar(
        select(QuizAttempt).where(
            QuizAttempt.enrolment_id == enrolment_id,
            QuizAttempt.module == key,
            QuizAttempt.state.in_(rules.OPEN),
        )
    )


def chances_of(session: AnySession, enrolment: Enrolment, paper: Paper) -> rules.Chances:
    """Whether another attempt may be made; those before a transfer count too."""
    if not paper.quiz.attempts and not paper.quiz.wait_hours:
        return rules.chances(paper.quiz, ())
    rows = session.execute(
        select(QuizAttempt.finished_at, QuizAttempt.started_at).where(
            QuizAttempt.enrolment_id.in_(list(lineage(session, [enrolment.id]))),
            QuizAttempt.module == paper.key,
            QuizAttempt.state.in_(ENDED),
        )
    )
    return rules.chances(paper.quiz, [finished or started for finished, started in rows])


def _new_attempt(
    session: AnySession, enrolment: Enrolment, release: Release, paper: Paper, now: datetime
) -> QuizAttempt:
    last = session.scalar(
        select(func.max(QuizAttempt.number)).where(
            QuizAttempt.enrolment_id == enrolment.id, QuizAttempt.module == paper.key
        )
    )
    key = uuid7()
    drawn = draw(paper.pool, paper.quiz.draw, key.hex)
    minutes = paper.quiz.minutes
    more = extra.percent_of(session, enrolment.id) if minutes else 0
    return QuizAttempt(
        id=key,
        enrolment_id=enrolment.id,
        enrolment=enrolment,
        module=paper.key,
        number=(last or 0) + 1,
        release_id=release.id,
        questions=[one.to_json() for one in drawn],
        answers={},
        version=1,
        started_at=now,
        due_at=rules.due_at(now, minutes, more),
        minutes=minutes,
        saved_at=now,
        out_of=scoring.out_of(release.content.questions[one.id] for one in drawn),
    )


# Answering -------------------------------------------------------------------------------------


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
    tidy = tidied(session, attempt, answers)
    if tidy == attempt.answers:
        return
    if rules.is_too_late(attempt.due_at, now):
        raise Refusal("attempt_overdue")
    if seen_version != attempt.version:
        raise Stale
    attempt.answers = tidy
    attempt.version += 1
    attempt.saved_at = now
    session.flush()


def asked(release: Release, attempt: QuizAttempt) -> list[tuple[Question, Drawn]]:
    """The questions of an attempt as frozen, each with what it offers in the order shown."""
    drawn = [Drawn.from_json(value) for value in attempt.questions]
    return [(release.content.questions[one.id], one) for one in drawn]


def tidied(
    session: AnySession, attempt: QuizAttempt, answers: Mapping[str, Given]
) -> dict[str, dict[str, int | str]]:
    """Answers to questions of this attempt, and nothing else."""
    release = load_release(session, attempt.release_id)
    kept = {
        question.id: scoring.tidy(question, answers.get(question.id, {}))
        for question, _ in asked(release, attempt)
    }
    return {name: given for name, given in kept.items() if given}


# Ending ----------------------------------------------------------------------------------------


def submit(
    session: AnySession,
    actor: audit.Author,
    attempt: QuizAttempt,
    seen_version: int,
    now: datetime,
) -> None:
    """Score the saved answers and close the attempt. A repeat changes nothing.

    With open answers it waits for a trainer's marks: whether it is passed is decided then.
    Raises Stale where the answers are no longer those that the person has just checked.
    """
    _lock(session, attempt)
    if attempt.state is AttemptState.FINISHED:
        return
    if attempt.state not in rules.OPEN:
        raise Refusal("attempt_closed")
    if seen_version != attempt.version:
        raise Stale
    _hand_in(session, actor, attempt, now)


def _hand_in(session: AnySession, actor: audit.Author, attempt: QuizAttempt, now: datetime) -> None:
    release, paper = paper_taken(session, attempt)
    questions = [question for question, _ in asked(release, attempt)]
    to_mark = len(scoring.to_mark(questions, attempt.answers))
    if not to_mark:
        decide(session, attempt, questions, paper, {})
    attempt.finished_at = now
    attempt.to_mark = to_mark
    details = {"to_mark": to_mark} if to_mark else outcome(attempt)
    _advance(session, actor, attempt, AttemptEvent.SUBMIT, now, details=details)


def decide(
    session: AnySession,
    attempt: QuizAttempt,
    questions: Sequence[Question],
    paper: Paper,
    marks: Mapping[str, Levels],
) -> None:
    """Settle points and whether it is passed; the last attempt may take the place of others."""
    if paper.quiz.counts is Counting.LAST:
        session.execute(
            update(QuizAttempt)
            .where(
                QuizAttempt.enrolment_id.in_(list(lineage(session, [attempt.enrolment_id]))),
                QuizAttempt.module == attempt.module,
                QuizAttempt.started_at < attempt.started_at,
            )
            .values(superseded=True)
        )
    attempt.score = scoring.score(questions, attempt.answers, marks)
    attempt.out_of = scoring.out_of(questions)
    attempt.passed = scoring.is_pass(attempt.score, attempt.out_of, paper.quiz.pass_percent)


def outcome(attempt: QuizAttempt) -> dict[str, Any]:
    """What the trail keeps of a scored attempt."""
    return {"score": attempt.score, "out_of": attempt.out_of, "passed": attempt.passed}


def abandon(session: AnySession, actor: audit.Author, attempt: QuizAttempt, now: datetime) -> None:
    """Leave an open attempt for good; it does not count as passed, and is used up."""
    _lock(session, attempt)
    if attempt.state in rules.OPEN:
        _advance(session, actor, attempt, AttemptEvent.ABANDON, now)


def end_if_over(session: AnySession, attempt: QuizAttempt, now: datetime) -> None:
    """What the clock does once the time is over: hand in what was saved, wait, or give up."""
    _lock(session, attempt)
    if attempt.state not in rules.OPEN:
        return
    timed, answered = attempt.minutes > 0, bool(attempt.answers)
    match rules.ending(attempt.due_at, now, timed=timed, answered=answered):
        case Ending.HAND_IN:
            _hand_in(session, SYSTEM, attempt, now)
        case Ending.GIVE_UP:
            _advance(session, SYSTEM, attempt, AttemptEvent.ABANDON, now)
        case Ending.WAIT:
            if attempt.state is AttemptState.IN_PROGRESS and rules.is_due(attempt.due_at, now):
                _advance(session, SYSTEM, attempt, AttemptEvent.EXPIRE, now)


MOST_AT_ONCE = 200


def end_attempts(session: AnySession, now: datetime) -> int:
    """End the attempts whose time is over, oldest first; returns how many were looked at."""
    over = select(QuizAttempt).where(
        QuizAttempt.due_at < now - rules.GRACE,
        QuizAttempt.state.in_(rules.OPEN),
        # those without a limit that are overdue already wait a while longer
        (QuizAttempt.state == AttemptState.IN_PROGRESS)
        | (QuizAttempt.due_at <= now - rules.GIVE_UP_AFTER)
        | (QuizAttempt.minutes > 0),
    )
    late = session.scalars(over.order_by(QuizAttempt.due_at).limit(MOST_AT_ONCE)).all()
    for attempt in late:
        end_if_over(session, attempt, now)
    return len(late)


def _lock(session: AnySession, attempt: QuizAttempt) -> None:
    """Hold the row until the end of the transaction, as it is now."""
    columns = ["state", "version", "answers", "score", "finished_at", "to_mark", "due_at"]
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


# Looking back ----------------------------------------------------------------------------------

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
            QuizAttempt.due_at,
            QuizAttempt.minutes,
            QuizAttempt.saved_at,
            QuizAttempt.finished_at,
            QuizAttempt.to_mark,
            QuizAttempt.score,
            QuizAttempt.out_of,
            QuizAttempt.passed,
            QuizAttempt.superseded,
        ),
        lazyload(QuizAttempt.enrolment),
    )
)


def attempts_of(
    session: AnySession, enrolment_id: UUID, key: str | None = None
) -> list[QuizAttempt]:
    """Attempts of an enrolment, newest first, without their questions and answers."""
    query = _ATTEMPTS if key is None else _ATTEMPTS.where(QuizAttempt.module == key)
    return list(session.scalars(query, {"enrolment_id": enrolment_id}))


def marks_of(session: AnySession, attempt: QuizAttempt) -> dict[str, list[OpenMark]]:
    """What trainers gave the open answers of an attempt, by question, the newest version first."""
    found: dict[str, list[OpenMark]] = {}
    query = select(OpenMark).where(OpenMark.attempt_id == attempt.id)
    for mark in session.scalars(query.order_by(OpenMark.number.desc())):
        found.setdefault(mark.question, []).append(mark)
    return found
