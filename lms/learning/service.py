"""Reading lessons, and what they and the quizzes add up to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from lms.cohorts.models import Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.curriculum.release import Release
from lms.curriculum.rules import Lesson, Programme
from lms.curriculum.service import release as load_release
from lms.learning import rules
from lms.learning.models import LessonCompletion
from lms.learning.outline import written_modules
from lms.learning.records import ExamPass, Record, records


def release_of(session: AnySession, enrolment: Enrolment) -> tuple[Release, Programme]:
    """The release that the enrolment's cohort is pinned to, and its programme there."""
    release = load_release(session, enrolment.cohort.release_id)
    return release, release.content.programmes[enrolment.cohort.programme]


def is_active(enrolment: Enrolment) -> bool:
    """Whether new work counts; what was done can always be looked at."""
    return enrolment.state is EnrolmentState.ENROLLED


# Lessons ---------------------------------------------------------------------------------------


_NOTE = {
    "sqlite": sqlite.insert(LessonCompletion).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(LessonCompletion).on_conflict_do_nothing(),
}
"""The same press may arrive twice: whichever came first has noted it."""


def mark_read(session: AnySession, enrolment: Enrolment, lesson: Lesson, now: datetime) -> None:
    """Note that a lesson was read to its end. A repeat changes nothing."""
    require_active(enrolment)
    home, _, name = lesson.id.partition("/")
    row = {"enrolment_id": enrolment.id, "module": home, "lesson": name, "completed_at": now}
    session.execute(_NOTE[session.get_bind().dialect.name], row)


def require_active(enrolment: Enrolment) -> None:
    """Raises Refusal where nothing new is counted."""
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
    exam: ExamPass | None


def completed_modules(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Slugs of the modules that each enrolment has completed. One query for all."""
    found = progress(session, enrolment_ids)
    return {key: set(one.completed) for key, one in found.items()}


def progress(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, Progress]:
    """How far each enrolment has come. One query for all."""
    found = records(session, enrolment_ids)
    return {key: progress_of(session, one) for key, one in found.items()}


def progress_of(session: AnySession, one: Record) -> Progress:
    """What the record of an enrolment comes to."""
    release = load_release(session, one.release_id)
    modules = written_modules(release, release.content.programmes[one.programme])
    lessons = {lesson for module in modules for lesson in module.lessons}
    return Progress(
        lessons_read=len(lessons & one.read_at.keys()),
        lessons=len(lessons),
        completed=rules.completed(modules, one.done),
        modules=len(modules),
        last_active_at=one.last_active_at,
        exam=one.exam,
    )
