"""Whom a cohort's meetings are for."""

from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core.db import AnySession


def enrolled(session: AnySession, cohort_id: UUID) -> list[Enrolment]:
    """Those who follow the cohort now, by name."""
    found = session.scalars(
        select(Enrolment).where(
            Enrolment.cohort_id == cohort_id, Enrolment.state == EnrolmentState.ENROLLED
        )
    )
    return sorted(found, key=lambda one: (one.sort_name, one.id))
