"""Whom a trainer may observe during a visit, and the grids that it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core.db import AnySession
from lms.core.i18n import current_language
from lms.curriculum.rules import Rubric
from lms.fieldwork.observations.forms import ObservationForm, observation_form
from lms.fieldwork.words import release_of, rubric_of, words_of
from lms.people.models import Person
from lms.policy.actor import Actor, Role


@dataclass(frozen=True)
class Group:
    """Trainees who are observed on the same grid."""

    key: str
    enrolments: Sequence[Enrolment]
    rubric: Rubric
    form: ObservationForm


def observed_by(session: AnySession, actor: Actor) -> list[Enrolment]:
    """Trainees of the running cohorts that somebody trains, by name; never oneself."""
    query = (
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cohort_id.in_(actor.cohorts(Role.TRAINER)),
            Enrolment.state == EnrolmentState.ENROLLED,
            Enrolment.person_id != actor.person_id,
            Cohort.state.in_([CohortState.OPEN, CohortState.RUNNING]),
        )
        .order_by(Person.sort_name, Enrolment.id)
    )
    return list(session.scalars(query).unique())


def groups_of(session: AnySession, actor: Actor, today: date) -> list[Group]:
    """Those whom a trainer observes, by the grid of their cohort's release and programme."""
    found: dict[tuple[str, str], list[Enrolment]] = {}
    for one in observed_by(session, actor):
        found.setdefault((one.cohort.release_id, one.cohort.programme), []).append(one)
    return [_group(session, str(at), group, today) for at, group in enumerate(found.values())]


def _group(session: AnySession, key: str, enrolments: list[Enrolment], today: date) -> Group:
    cohort = enrolments[0].cohort
    rubric, release = rubric_of(session, cohort), release_of(session, cohort)
    texts = {
        indicator.id: release.text(indicator.text, current_language())
        for criterion in rubric.criteria
        for indicator in criterion.indicators
    }
    words = words_of(session, cohort)
    form = observation_form(rubric, texts, words, (), {"observed_on": today})
    for field in (*form, *form["scores"].form, *form["notes"].form):
        field.id = field.label.field_id = f"{field.id}-{key}"
    return Group(key, enrolments, rubric, form)
