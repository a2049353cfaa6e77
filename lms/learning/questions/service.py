"""Asking under a lesson, answering, marking as answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit, mail
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.transitions import advance
from lms.curriculum.rules import Lesson
from lms.learning.models import LessonQuestion, LessonReply
from lms.learning.questions.rules import (
    AFTER,
    MOST_A_DAY,
    QUESTION_TRANSITIONS,
    QuestionEvent,
    QuestionState,
    may_still_edit,
)
from lms.learning.service import require_active
from lms.people.service import recipient
from lms.policy.actor import Actor, Role


def find_question(session: AnySession, question_id: UUID) -> LessonQuestion | None:
    """A question by key."""
    return session.get(LessonQuestion, question_id)


def find_reply(session: AnySession, reply_id: UUID) -> LessonReply | None:
    """An answer by key, with its question."""
    return session.get(LessonReply, reply_id)


def visible_to(actor: Actor) -> Select[LessonQuestion]:
    """Questions that the actor may read: the same answer as the table's, as a query."""
    query = select(LessonQuestion)
    if actor.sees_everything:
        return query
    mine = actor.own_cohorts
    own = select(Enrolment.id).where(Enrolment.person_id == actor.person_id)
    here = select(Cohort.id).where(Cohort.country_code.in_(actor.countries))
    return query.where(
        or_(
            LessonQuestion.cohort_id.in_(mine),
            LessonQuestion.enrolment_id.in_(own),
            LessonQuestion.cohort_id.in_(here),
        )
    )


def under(actor: Actor, cohort_id: UUID, lesson: Lesson) -> Select[LessonQuestion]:
    """What a cohort asks under one lesson, wherever programmes share it."""
    module, _, name = lesson.id.partition("/")
    return visible_to(actor).where(
        LessonQuestion.cohort_id == cohort_id,
        LessonQuestion.module == module,
        LessonQuestion.lesson == name,
        LessonQuestion.state != QuestionState.REMOVED,
    )


def waiting(actor: Actor) -> Select[LessonQuestion]:
    """Unanswered ones of the cohorts that the actor trains."""
    return select(LessonQuestion).where(
        LessonQuestion.cohort_id.in_(actor.cohorts(Role.TRAINER)),
        LessonQuestion.state == QuestionState.OPEN,
    )


def number_waiting(session: AnySession, actor: Actor) -> int:
    """How many of them there are."""
    if not actor.has(Role.TRAINER):
        return 0
    keys = waiting(actor).with_only_columns(LessonQuestion.id).subquery()
    return session.scalar(select(func.count()).select_from(keys)) or 0


def replies_to(session: AnySession, question: LessonQuestion) -> Sequence[LessonReply]:
    """What was answered, in order."""
    query = select(LessonReply).where(LessonReply.question_id == question.id)
    return session.scalars(query.order_by(LessonReply.written_at, LessonReply.id)).all()


# --- asking ---


def ask(
    session: AnySession,
    enrolment: Enrolment,
    lesson: Lesson,
    question_id: UUID,
    text: str,
    now: datetime,
) -> LessonQuestion:
    """Ask trainers and fellow trainees. The same key asks once."""
    known = session.get(LessonQuestion, question_id)
    if known is not None and known.enrolment_id == enrolment.id:
        return known
    if known is not None:
        raise Refusal("not_possible")
    require_active(enrolment)
    asked = select(func.count()).where(
        LessonQuestion.enrolment_id == enrolment.id,
        LessonQuestion.asked_at > now - timedelta(days=1),
    )
    _require_room(session.scalar(asked))
    module, _, name = lesson.id.partition("/")
    made = LessonQuestion(
        id=question_id,
        enrolment_id=enrolment.id,
        enrolment=enrolment,
        cohort_id=enrolment.cohort_id,
        module=module,
        lesson=name,
        text=text,
        state=QuestionState.OPEN,
        replies=0,
        version=1,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    return made


def edit_question(
    session: AnySession, question: LessonQuestion, seen: int, text: str, now: datetime
) -> None:
    """Ask otherwise, within half an hour; marked. Raises Stale where it has changed since."""
    if question.state is QuestionState.REMOVED:
        raise Refusal("question_removed")
    _change(question, seen, text, question.asked_at, now)
    session.flush()


def settle(
    session: AnySession,
    actor: Actor,
    question: LessonQuestion,
    event: QuestionEvent,
    now: datetime,
) -> None:
    """Mark as answered, open again, or take away. A repeat changes nothing."""
    if question.state is AFTER[event]:
        return
    with session.no_autoflush:
        advance(session, actor, question, event, QUESTION_TRANSITIONS, now=now)
        question.version += 1
        if question.state is QuestionState.REMOVED:
            question.text = ""
    session.flush()


# --- answering ---


def answer(
    session: AnySession,
    actor: Actor,
    question: LessonQuestion,
    reply_id: UUID,
    text: str,
    now: datetime,
    *,
    settles: bool,
) -> LessonReply:
    """Answer; whoever asked is told, with the words. The same key answers once.

    `settles` marks the question as answered, where the actor may.
    """
    known = session.get(LessonReply, reply_id)
    if known is not None and (known.question_id, known.author_id) == (
        question.id,
        actor.person_id,
    ):
        return known
    if actor.person_id is None or known is not None:
        raise Refusal("not_possible")
    if question.state is QuestionState.REMOVED:
        raise Refusal("question_removed")
    written = select(func.count()).where(
        LessonReply.author_id == actor.person_id,
        LessonReply.written_at > now - timedelta(days=1),
    )
    trains = question.cohort_id in actor.cohorts(Role.TRAINER)
    if not trains:
        _require_room(session.scalar(written))
    made = LessonReply(
        id=reply_id,
        question=question,
        author_id=actor.person_id,
        by_trainer=trains,
        text=text,
        version=1,
        written_at=now,
    )
    session.add(made)
    question.replies += 1
    session.flush()
    if settles and question.state is QuestionState.OPEN:
        settle(session, actor, question, QuestionEvent.ANSWER, now)
    asker = question.enrolment.person
    if asker.id != actor.person_id and asker.left_at is None:
        mail.send(session, recipient(asker), "question_answered", {"reply": made}, now)
    return made


def edit_reply(
    session: AnySession, reply: LessonReply, seen: int, text: str, now: datetime
) -> None:
    """Answer otherwise, within half an hour; marked. Raises Stale where it has changed since."""
    if reply.removed_at is not None:
        raise Refusal("question_edit_over")
    _change(reply, seen, text, reply.written_at, now)
    session.flush()


def remove_reply(session: AnySession, actor: Actor, reply: LessonReply, now: datetime) -> None:
    """Take an answer away; a mark stays in its place. A repeat changes nothing."""
    if reply.removed_at is not None:
        return
    reply.removed_at, reply.text = now, ""
    reply.version += 1
    session.flush()
    audit.record(session, actor, "reply.remove", reply, now=now)


def _change(
    one: LessonQuestion | LessonReply, seen: int, text: str, written_at: datetime, now: datetime
) -> None:
    if seen != one.version:
        raise Stale
    if not may_still_edit(written_at, now):
        raise Refusal("question_edit_over")
    if one.text != text:
        one.text, one.edited_at = text, now
        one.version += 1


def _require_room(number: int | None) -> None:
    if (number or 0) >= MOST_A_DAY:
        raise Refusal("questions_too_many", limit=MOST_A_DAY)
