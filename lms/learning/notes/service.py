"""Keeping a place, writing a note: for oneself alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.core.errors import Stale
from lms.core.folding import fold
from lms.curriculum.rules import Lesson
from lms.learning.models import LessonMark
from lms.policy.actor import Actor


def visible_to(actor: Actor) -> Select[LessonMark]:
    """One's own marks, and nobody else's."""
    return select(LessonMark).where(LessonMark.person_id == actor.person_id)


def find_mark(session: AnySession, person_id: UUID, lesson: Lesson) -> LessonMark | None:
    """What a person keeps at a lesson."""
    module, _, name = lesson.id.partition("/")
    return session.scalar(
        select(LessonMark).where(
            LessonMark.person_id == person_id,
            LessonMark.module == module,
            LessonMark.lesson == name,
        )
    )


def bookmark(
    session: AnySession, enrolment: Enrolment, lesson: Lesson, now: datetime, *, keep: bool
) -> None:
    """Keep this place, or no more. A repeat changes nothing."""
    mark = _mark(session, enrolment, lesson)
    if keep != (mark.bookmarked_at is not None):
        mark.bookmarked_at = now if keep else None
    session.flush()


def save_note(
    session: AnySession,
    enrolment: Enrolment,
    lesson: Lesson,
    text: str,
    seen_version: int,
    now: datetime,
) -> LessonMark:
    """Write the note of a lesson; an empty one erases it.

    Raises Stale where it changed elsewhere since `seen_version`. Sending the same text again is
    always fine.
    """
    mark = _mark(session, enrolment, lesson)
    if text == mark.note:
        return mark
    if seen_version != mark.version:
        raise Stale
    mark.note = text
    mark.noted_at = now if text else None
    mark.version += 1
    session.flush()
    return mark


def notes(session: AnySession, actor: Actor) -> list[LessonMark]:
    """One's notes, the last written first. There are no more than lessons."""
    return list(
        session.scalars(
            visible_to(actor)
            .where(LessonMark.noted_at.is_not(None))
            .order_by(LessonMark.noted_at.desc(), LessonMark.id)
        )
    )


def holds(text: str, asked: str) -> bool:
    """Whether a text holds every word asked for, as people compare words."""
    wanted = fold(asked[:200]).split()[:8]
    return not wanted or all(word in fold(text) for word in wanted)


def _mark(session: AnySession, enrolment: Enrolment, lesson: Lesson) -> LessonMark:
    found = find_mark(session, enrolment.person_id, lesson)
    if found is not None:
        return found
    module, _, name = lesson.id.partition("/")
    made = LessonMark(
        person_id=enrolment.person_id,
        module=module,
        lesson=name,
        title=next(iter(lesson.title.values())),
        note="",
        version=0,
    )
    session.add(made)
    return made
