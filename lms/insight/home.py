"""What waits for a person, by the roles they hold. Each part asks a constant number of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.assessment import service as assessment
from lms.assessment.models import Dossier
from lms.assessment.rules import CaseRole, DossierState
from lms.assessment.rules.turns import Party
from lms.cohorts import service as cohorts
from lms.cohorts.discussion import moderation
from lms.cohorts.models import Cohort
from lms.cohorts.rules import CohortState
from lms.cohorts.training import queries as training
from lms.core.db import AnySession
from lms.core.jobs import Job, JobState
from lms.credentials import service as credentials
from lms.credentials.models import Certificate, DoubtReport
from lms.credentials.rules import Verdict, verdict
from lms.curriculum.rules import Exercise
from lms.fieldwork.models import Observation, PracticumEntry, SupervisionSession
from lms.fieldwork.queue import service as queues
from lms.fieldwork.rules import EntryState, ObservationState
from lms.fieldwork.supervision import queries as sessions
from lms.insight import watch
from lms.insight.journey import SHOWN, Journey, ways
from lms.insight.rules import Lead, Task
from lms.insight.together import Together, together
from lms.learning.exercises import queries as exercises
from lms.learning.models import ExerciseWork
from lms.learning.questions import service as questions
from lms.learning.quizzes import marking
from lms.people import service as people
from lms.people.models import RoleGrant
from lms.people.rules import Standing
from lms.policy.actor import Actor, Role, Scope


@dataclass(frozen=True)
class Queue:
    """A supervisor's entries that wait."""

    number: int
    oldest: Sequence[PracticumEntry]


@dataclass(frozen=True)
class Exercises:
    """Exercises that wait for a trainer, the oldest first, each with its task."""

    number: int
    oldest: Sequence[tuple[ExerciseWork, Exercise]]


@dataclass(frozen=True)
class Cases:
    """Dossiers whose turn is the person's, oldest first, with what each asks of them."""

    number: int
    oldest: Sequence[tuple[Dossier, Task]]


@dataclass(frozen=True)
class Group:
    """A cohort in which the person works, or that they administer."""

    cohort: Cohort
    people: int
    missing: Sequence[Role]
    """Roles that nobody holds in it yet."""


@dataclass(frozen=True)
class Figure:
    """A number that opens its list."""

    key: str
    value: int


@dataclass(frozen=True)
class Home:
    """All parts; None or empty where the person has no such role."""

    journeys: Sequence[Journey]
    decided: Sequence[Dossier]
    queue: Queue | None
    exercises: Exercises | None
    groups: Sequence[Group]
    drafts: Sequence[Observation]
    cases: Cases | None
    figures: Sequence[Figure]
    certificates: Sequence[tuple[Certificate, Verdict]]
    supervision: Sequence[SupervisionSession]
    """What a supervisor has yet to write down, then what is coming."""
    training: Sequence[training.Coming]
    """Lists that a trainer has yet to close, then what is coming."""
    together: Sequence[Together]
    """Cohorts that the person belongs to, with what is new there."""
    is_partner: bool
    is_auditor: bool
    is_admin: bool

    @property
    def unstaffed(self) -> Group | None:
        """The first cohort that lacks a trainer or a supervisor, for those who can name one."""
        return next((g for g in self.groups if g.missing), None) if self.is_admin else None

    @property
    def has_side(self) -> bool:
        """Whether there is enough for two columns."""
        office = self.is_admin or self.is_partner or self.is_auditor
        return bool(self.journeys or self.figures) or office

    @property
    def is_late(self) -> bool:
        """Whether anything is late or anybody at risk."""
        return any(f.value for f in self.figures if f.key in {"late", "quiet"})

    @property
    def lead(self) -> Lead:
        """What stands on top: the answer to "what should I do next?"."""
        choices = (
            (Lead.JOURNEY, bool(self.journeys)),
            (Lead.CASE, self.cases is not None and self.cases.number > 0),
            (Lead.QUEUE, self.queue is not None and self.queue.number > 0),
            (Lead.EXERCISE, self.exercises is not None and self.exercises.number > 0),
            (Lead.OBSERVATION, bool(self.drafts)),
            (Lead.STAFF, self.unstaffed is not None),
            (Lead.LATE, self.is_late),
            (Lead.VERIFY, self.is_partner),
            (Lead.TRACE, self.is_auditor),
            (Lead.COHORT, bool(self.groups)),
            (Lead.CERTIFICATE, bool(self.certificates)),
            (Lead.DECISION, bool(self.decided)),
        )
        return next((lead for lead, holds in choices if holds), Lead.NOTHING)


def home(session: AnySession, actor: Actor, now: datetime) -> Home:
    """Everything that the person's first page shows."""
    found = ways(session, actor, now)
    return Home(
        journeys=found.journeys,
        decided=found.decided,
        queue=_queue(session, actor) if actor.has(Role.SUPERVISOR) else None,
        exercises=_exercises(session, actor) if actor.has(Role.TRAINER) else None,
        groups=_groups(session, actor),
        drafts=_drafts(session, actor) if actor.has(Role.TRAINER) else [],
        cases=_cases(session, actor) if _decides(actor) else None,
        figures=_figures(session, actor, now),
        certificates=_certificates(session, actor, now),
        supervision=sessions.next_ones(session, actor, now),
        training=training.next_ones(session, actor, now),
        together=together(session, actor),
        is_partner=actor.has(Role.PARTNER),
        is_auditor=actor.has(Role.AUDITOR),
        is_admin=actor.has(Role.COUNTRY_ADMIN),
    )


def _certificates(
    session: AnySession, actor: Actor, now: datetime
) -> list[tuple[Certificate, Verdict]]:
    held = credentials.held_by(session, actor.person_id) if actor.person_id else []
    return [(certificate, verdict(certificate, now)) for certificate in held]


def _decides(actor: Actor) -> bool:
    roles = (Role.ASSESSOR, Role.JUROR, Role.COUNTRY_ADMIN, Role.PROGRAMME_ADMIN)
    return any(actor.has(role) for role in roles)


def task_of(actor: Actor, dossier: Dossier) -> Task:
    """What a dossier that waits for the person asks of them."""
    place = dossier.assignment_of(actor.person_id)
    if place is not None and place.declared_at is None:
        return Task.DECLARE
    if place is not None and dossier.turn is Party.ASSESSORS:
        return Task.SIGN if dossier.state is DossierState.CONCORDANT else Task.SCORE
    if place is not None and place.role is CaseRole.CHAIR and dossier.turn is Party.JURORS:
        return Task.DELIBERATE
    if dossier.turn is Party.COUNTRY:
        return Task.ADMIT
    return Task.RELEASE if dossier.outcome is not None else Task.ASSIGN


def _queue(session: AnySession, actor: Actor) -> Queue:
    number = queues.sizes(session, actor)[EntryState.SUBMITTED]
    return Queue(number, queues.oldest(session, actor, SHOWN))


def _exercises(session: AnySession, actor: Actor) -> Exercises:
    found = exercises.oldest(session, actor, SHOWN)
    number = len(found) if len(found) < SHOWN else exercises.number_waiting(session, actor)
    return Exercises(number, [(work, exercises.exercise_of(session, work)) for work in found])


def _groups(session: AnySession, actor: Actor) -> list[Group]:
    team = actor.team_cohorts
    if not team and not actor.countries and not actor.has(Role.PROGRAMME_ADMIN):
        return []
    query = (
        cohorts.visible_to(actor)
        .where(Cohort.state.in_([CohortState.OPEN, CohortState.RUNNING]))
        .order_by(Cohort.starts_on.desc(), Cohort.id)
        .limit(SHOWN)
    )
    found = session.scalars(query).all()
    keys = [cohort.id for cohort in found]
    counts = cohorts.counts(session, keys)
    held = session.execute(
        select(RoleGrant.scope_id, RoleGrant.role)
        .where(
            RoleGrant.scope == Scope.COHORT,
            RoleGrant.scope_id.in_([str(key) for key in keys]),
            RoleGrant.role.in_(cohorts.TEAM),
            RoleGrant.ended_at.is_(None),
        )
        .distinct()
    )
    named = {(row.scope_id, row.role) for row in held}
    return [
        Group(
            cohort,
            counts.get(cohort.id, 0),
            [role for role in cohorts.TEAM if (str(cohort.id), role) not in named],
        )
        for cohort in found
    ]


def _drafts(session: AnySession, actor: Actor) -> Sequence[Observation]:
    waiting = [ObservationState.DRAFT, ObservationState.COMMENTED]
    query = select(Observation).where(
        Observation.trainer_id == actor.person_id, Observation.state.in_(waiting)
    )
    return session.scalars(query.order_by(Observation.observed_on).limit(SHOWN)).all()


def _cases(session: AnySession, actor: Actor) -> Cases:
    oldest = assessment.waiting_for(actor).order_by(Dossier.since, Dossier.id).limit(SHOWN)
    found = session.scalars(oldest).all()
    number = len(found) if len(found) < SHOWN else assessment.number_waiting(session, actor)
    return Cases(number, [(dossier, task_of(actor, dossier)) for dossier in found])


def _figures(session: AnySession, actor: Actor, now: datetime) -> list[Figure]:
    """What is late, who is at risk, what went wrong: numbers that open their lists."""
    found = []
    team = actor.has(Role.TRAINER) or actor.has(Role.SUPERVISOR)
    if team or actor.has(Role.COUNTRY_ADMIN) or actor.has(Role.PROGRAMME_ADMIN):
        found += [
            Figure("late", watch.number(session, watch.late(actor, now))),
            Figure("quiet", watch.number(session, watch.quiet(actor, now))),
        ]
    if actor.has(Role.TRAINER):
        found.append(Figure("questions", questions.number_waiting(session, actor)))
        found.append(Figure("open_answers", marking.number_waiting(session, actor)))
    if reported := moderation.open_reports(session, actor):
        found.append(Figure("reports", reported))
    if actor.has(Role.COUNTRY_ADMIN):
        invited = people.listed(actor, standing=Standing.INVITED).subquery()
        held = session.scalar(select(func.count()).select_from(invited)) or 0
        found.append(Figure("invited", held))
    if actor.has(Role.PROGRAMME_ADMIN):
        failed = select(func.count()).select_from(Job).where(Job.status == JobState.FAILED)
        open_doubts = DoubtReport.handled_at.is_(None)
        doubts = select(func.count()).select_from(DoubtReport).where(open_doubts)
        found += [
            Figure("failed_jobs", session.scalar(failed) or 0),
            Figure("doubts", session.scalar(doubts) or 0),
        ]
    return found
