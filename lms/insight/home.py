"""What waits for a person, by the roles that they hold. Each part asks a constant number of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlalchemy import func, select

from lms.assessment import service as assessment
from lms.assessment.models import Dossier
from lms.assessment.rules import Ledger
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import ENDED, CohortState
from lms.core.db import AnySession
from lms.core.jobs import Job, JobState
from lms.credentials import service as credentials
from lms.credentials.models import Certificate, DoubtReport
from lms.curriculum import service as curriculum
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme
from lms.fieldwork import service as fieldwork
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.rules import EntryState, ObservationState
from lms.learning import rules as learning
from lms.learning.outline import written_modules
from lms.learning.records import record
from lms.people import service as people
from lms.people.rules import Standing
from lms.policy.actor import Actor, Role

SHOWN = 5
"""Rows of each list; the list itself is one link away."""


@dataclass(frozen=True)
class Journey:
    """One enrolment of a trainee: the next step, what waits, what remains."""

    enrolment: Enrolment
    release: Release
    programme: Programme
    next_step: learning.Step | None
    ledger: Ledger
    dossier: Dossier | None
    sent_back: Sequence[PracticumEntry]
    to_countersign: Sequence[Observation]
    drafts: int


@dataclass(frozen=True)
class Queue:
    """A supervisor's entries that wait."""

    number: int
    oldest: Sequence[PracticumEntry]


@dataclass(frozen=True)
class Cases:
    """Dossiers whose turn is the person's."""

    number: int
    oldest: Sequence[Dossier]


@dataclass(frozen=True)
class Figure:
    """A number that opens its list."""

    key: str
    value: int


@dataclass(frozen=True)
class Home:
    """All parts; None or empty where the person has no such role."""

    journeys: Sequence[Journey]
    queue: Queue | None
    cohorts: Sequence[tuple[Cohort, int]]
    drafts: Sequence[Observation]
    cases: Cases | None
    figures: Sequence[Figure]
    certificates: Sequence[Certificate]
    is_partner: bool


def home(session: AnySession, actor: Actor, now: datetime) -> Home:
    """Everything that the person's first page shows."""
    return Home(
        journeys=[_journey(session, actor, e) for e in _under_way(session, actor)],
        queue=_queue(session, actor) if actor.has(Role.SUPERVISOR) else None,
        cohorts=_cohorts(session, actor),
        drafts=_drafts(session, actor) if actor.has(Role.TRAINER) else [],
        cases=_cases(session, actor) if _decides(actor) else None,
        figures=_figures(session, actor, now),
        certificates=credentials.held_by(session, actor.person_id) if actor.person_id else [],
        is_partner=actor.has(Role.PARTNER),
    )


def _decides(actor: Actor) -> bool:
    roles = (Role.ASSESSOR, Role.JUROR, Role.COUNTRY_ADMIN, Role.PROGRAMME_ADMIN)
    return any(actor.has(role) for role in roles)


def _under_way(session: AnySession, actor: Actor) -> list[Enrolment]:
    if actor.person_id is None or not actor.has(Role.TRAINEE):
        return []
    found = cohorts.enrolments_of(session, actor.person_id)
    return [enrolment for enrolment in found if enrolment.state not in ENDED][:2]


def _journey(session: AnySession, actor: Actor, enrolment: Enrolment) -> Journey:
    release = curriculum.release(session, enrolment.cohort.release_id)
    programme = release.programmes[enrolment.cohort.programme]
    done = record(session, enrolment)
    entries = fieldwork.entries_visible_to(actor).where(
        PracticumEntry.enrolment_id == enrolment.id,
        PracticumEntry.state.in_([EntryState.NEEDS_INFO, EntryState.DRAFT]),
    )
    open_entries = session.scalars(entries.order_by(PracticumEntry.held_on)).all()
    shared = fieldwork.observations_visible_to(actor).where(
        Observation.enrolment_id == enrolment.id, Observation.state == ObservationState.SHARED
    )
    return Journey(
        enrolment=enrolment,
        release=release,
        programme=programme,
        next_step=learning.resume(written_modules(release, programme), done.done, done.last_read),
        ledger=assessment.ledger(session, enrolment, release),
        dossier=assessment.dossier_of(session, enrolment.id),
        sent_back=[e for e in open_entries if e.state is EntryState.NEEDS_INFO][:SHOWN],
        to_countersign=session.scalars(shared.limit(SHOWN)).all(),
        drafts=sum(e.state is EntryState.DRAFT for e in open_entries),
    )


def _queue(session: AnySession, actor: Actor) -> Queue:
    mine = [
        PracticumEntry.supervisor_id == actor.person_id,
        PracticumEntry.state == EntryState.SUBMITTED,
    ]
    number = session.scalar(select(func.count()).select_from(PracticumEntry).where(*mine)) or 0
    oldest = select(PracticumEntry).where(*mine).order_by(PracticumEntry.submitted_at)
    return Queue(number, session.scalars(oldest.limit(SHOWN)).all())


def _cohorts(session: AnySession, actor: Actor) -> list[tuple[Cohort, int]]:
    team = actor.cohorts(Role.TRAINER) | actor.cohorts(Role.SUPERVISOR)
    if not team and not actor.countries:
        return []
    query = (
        cohorts.visible_to(actor)
        .where(Cohort.state.in_([CohortState.OPEN, CohortState.RUNNING]))
        .order_by(Cohort.starts_on.desc(), Cohort.id)
        .limit(SHOWN)
    )
    found = session.scalars(query).all()
    counts = cohorts.counts(session, [cohort.id for cohort in found])
    return [(cohort, counts.get(cohort.id, 0)) for cohort in found]


def _drafts(session: AnySession, actor: Actor) -> Sequence[Observation]:
    waiting = [ObservationState.DRAFT, ObservationState.COMMENTED]
    query = select(Observation).where(
        Observation.trainer_id == actor.person_id, Observation.state.in_(waiting)
    )
    return session.scalars(query.order_by(Observation.observed_on).limit(SHOWN)).all()


def _cases(session: AnySession, actor: Actor) -> Cases:
    oldest = assessment.waiting_for(actor).order_by(Dossier.since, Dossier.id).limit(SHOWN)
    return Cases(assessment.number_waiting(session, actor), session.scalars(oldest).all())


def _figures(session: AnySession, actor: Actor, now: datetime) -> list[Figure]:
    """What is late or at risk, for those who run a country or the programme."""
    found = []
    if actor.has(Role.COUNTRY_ADMIN):
        invited = people.listed(actor, standing=Standing.INVITED).subquery()
        late = (
            fieldwork.entries_visible_to(actor)
            .where(
                PracticumEntry.state == EntryState.SUBMITTED,
                PracticumEntry.submitted_at < now - timedelta(days=10),
            )
            .subquery()
        )
        found += [
            Figure("invited", session.scalar(select(func.count()).select_from(invited)) or 0),
            Figure("late", session.scalar(select(func.count()).select_from(late)) or 0),
        ]
    if actor.has(Role.PROGRAMME_ADMIN):
        failed = select(func.count()).select_from(Job).where(Job.status == JobState.FAILED)
        doubts = select(func.count()).select_from(DoubtReport).where(DoubtReport.handled_at.is_(None))
        found += [
            Figure("failed_jobs", session.scalar(failed) or 0),
            Figure("doubts", session.scalar(doubts) or 0),
        ]
    return found

