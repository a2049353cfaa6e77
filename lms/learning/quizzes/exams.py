"""Who has passed the final exam: for the ledger."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from lms.core.db import AnySession
from lms.learning.models import QuizAttempt
from lms.learning.quizzes.rules.attempts import EXAM


@dataclass(frozen=True, slots=True)
class ExamPass:
    """The attempt by which the final exam was passed."""

    attempt_id: UUID
    passed_at: datetime


def exams_passed(
    session: AnySession, enrolment_ids: Collection[UUID], whole: Mapping[UUID, UUID]
) -> dict[UUID, ExamPass]:
    """By enrolment, the first attempt that passed the exam and counts; one query.

    whole: each enrolment and those that it continues, with the one that goes on (`lineage`).
    """
    rows = session.execute(
        select(QuizAttempt.enrolment_id, QuizAttempt.id, QuizAttempt.finished_at)
        .where(
            QuizAttempt.enrolment_id.in_(bindparam("ids", expanding=True)),
            QuizAttempt.module == EXAM,
            QuizAttempt.passed,
            ~QuizAttempt.superseded,
        )
        .order_by(QuizAttempt.finished_at.desc()),
        {"ids": list(whole)},
    )
    wanted = set(enrolment_ids)
    return {
        whole[part]: ExamPass(key, at) for part, key, at in rows if at and whole[part] in wanted
    }
