"""A trainee's learning with what they keep for themselves: one query for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    Uuid,
    bindparam,
    case,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from lms.cohorts.models import Enrolment
from lms.core.db import AnySession, UTCDateTime
from lms.curriculum.rules import Module
from lms.learning.models import LessonMark
from lms.learning.notes.rules import Mark, resume_after
from lms.learning.records import FACTS, Record, note_fact
from lms.learning.rules import Step


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One enrolment's learning, and the marks of the person whose it is."""

    record: Record
    marks: dict[str, Mark]
    """Lesson id → what is kept there."""

    @property
    def bookmarks(self) -> list[str]:
        """Ids of the lessons bookmarked, the last one first."""
        kept = [(mark.bookmarked_at, key) for key, mark in self.marks.items() if mark.bookmarked_at]
        return [key for _, key in sorted(kept, reverse=True)]

    def resume(self, modules: Sequence[Module]) -> Step | None:
        """Where to go on, on whatever device: after what was read or kept last."""
        last, read_at = self.record.last_read, self.record.read_at
        return resume_after(
            modules,
            self.record.done,
            (last, read_at[last]) if last else None,
            self.marks.values(),
        )


def own_record(session: AnySession, enrolment: Enrolment, lesson_id: str = "") -> OwnRecord:
    """For the trainee's own pages only; the words of the note at `lesson_id` come along."""
    module, _, lesson = lesson_id.partition("/")
    asked = {"ids": [enrolment.id], "person": enrolment.person_id}
    found: dict[UUID, Record] = {}
    marks: dict[str, Mark] = {}
    rows = session.execute(_OWN, {**asked, "module": module, "lesson": lesson})
    for key, kind, first, second, at, noted_at, version, note in rows:
        if kind == "mark":
            place = f"{first}/{second}"
            marks[place] = Mark(place, at, noted_at, note, version)
        else:
            note_fact(found, key, kind, first, second, at)
    return OwnRecord(found[enrolment.id], marks)


def _own() -> Select[Any]:
    mark = LessonMark.__table__
    facts = FACTS.order_by(None).subquery()
    here = (mark.c.module == bindparam("module")) & (mark.c.lesson == bindparam("lesson"))
    kept = select(
        null().label("enrolment_id"),
        literal("mark"),
        mark.c.module,
        mark.c.lesson,
        mark.c.bookmarked_at,
        mark.c.noted_at,
        mark.c.version,
        case((here, mark.c.note), else_=literal("")),
    ).where(
        mark.c.person_id == bindparam("person", type_=Uuid()),
        or_(mark.c.bookmarked_at.is_not(None), mark.c.noted_at.is_not(None), here),
    )
    no_time = type_coerce(null(), UTCDateTime())
    learnt = select(*facts.c, no_time.label("noted_at"), literal(0), literal(""))
    both = union_all(learnt, kept).subquery()
    return select(*both.c).order_by(both.c.kind)  # "case" comes first


_OWN = _own()
"""Made once: putting it together takes longer than running it."""
