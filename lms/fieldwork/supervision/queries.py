"""Sessions and what was agreed, found for pages: who sees which, what clashes, what is open."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState
from lms.cohorts.timetable import meetings
from lms.cohorts.timetable.rules import Clash, Slot
from lms.core.db import AnySession
from lms.fieldwork.models import SupervisionAction, SupervisionPresence, SupervisionSession
from lms.fieldwork.rules import PresenceState, SupervisionState
from lms.fieldwork.service import counted_supervision
from lms.fieldwork.supervision.rules import MOST_MINUTES, Share, share
from lms.policy.actor import Actor, Role

COMING_DAYS = 14
"""How far ahead the first page looks."""
SHOWN = 5
CLOSED = frozenset({CohortState.CLOSED, CohortState.CANCELLED})


def _invited(person_ids: Collection[UUID]) -> ColumnElement[bool]:
    theirs = (
        select(SupervisionPresence.session_id)
        .join(Enrolment, Enrolment.id == SupervisionPresence.enrolment_id)
        .where(Enrolment.person_id.in_(person_ids))
    )
    return SupervisionSession.id.in_(theirs)


def _mine(actor: Actor) -> ColumnElement[bool]:
    if actor.person_id is None:
        return false()
    held = and_(
        SupervisionSession.supervisor_id == actor.person_id,
        SupervisionSession.cohort_id.in_(actor.cohorts(Role.SUPERVISOR)),
    )
    return or_(held, _invited([actor.person_id]))


def sessions_visible_to(actor: Actor) -> Select[SupervisionSession]:
    """Sessions that the actor may look at: the same answer as the table's, as a query."""
    query = select(SupervisionSession)
    if actor.sees_everything:
        return query
    team = actor.team_cohorts
    here = select(Cohort.id).where(
        or_(Cohort.country_code.in_(actor.countries), Cohort.id.in_(team))
    )
    return query.where(or_(_mine(actor), SupervisionSession.cohort_id.in_(here)))


def own(actor: Actor) -> Select[SupervisionSession]:
    """Sessions that the actor holds or is invited to."""
    return select(SupervisionSession).where(_mine(actor))


# --- the first page ---


def next_ones(session: AnySession, actor: Actor, now: datetime) -> list[SupervisionSession]:
    """What a supervisor has yet to write down, then one's own sessions of the next days."""
    if not actor.has(Role.SUPERVISOR) and not actor.has(Role.TRAINEE):
        return []
    started = now - timedelta(hours=1)
    coming = SupervisionSession.starts_at >= started
    late = SupervisionSession.supervisor_id == actor.person_id
    found = session.scalars(
        own(actor)
        .where(
            SupervisionSession.state == SupervisionState.PLANNED,
            SupervisionSession.starts_at < now + timedelta(days=COMING_DAYS),
            or_(coming, late),
        )
        .order_by(SupervisionSession.starts_at, SupervisionSession.id)
        .limit(SHOWN)
        .options(joinedload(SupervisionSession.presences))
    )
    return list(found.unique())


# --- one trainee, one cohort ---


def with_any_of(enrolment_ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Only sessions to which any of these was invited."""
    theirs = select(SupervisionPresence.session_id).where(
        SupervisionPresence.enrolment_id.in_(list(enrolment_ids))
    )
    return SupervisionSession.id.in_(theirs)


def cohorts_supervised(session: AnySession, actor: Actor) -> list[Cohort]:
    """Cohorts in which the actor may plan sessions, by name."""
    mine = actor.cohorts(Role.SUPERVISOR)
    if not mine:
        return []
    query = select(Cohort).where(Cohort.id.in_(mine), Cohort.state.not_in(CLOSED))
    return list(session.scalars(query.order_by(Cohort.name, Cohort.id)))


def shares(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, Share]:
    """What supervision comes to, trainee by trainee; transfers are followed."""
    counted = counted_supervision(session, enrolment_ids)
    return {key: share(rows) for key, rows in counted.items()}


# --- what was agreed ---


def actions_of(
    session: AnySession, actor: Actor, meeting: SupervisionSession
) -> list[SupervisionAction]:
    """What was agreed in a session: all of it for its supervisor, their own for trainees."""
    query = select(SupervisionAction).where(SupervisionAction.session_id == meeting.id)
    if meeting.supervisor_id != actor.person_id:
        query = query.where(_own_action(actor))
    return list(session.scalars(query.order_by(SupervisionAction.id)).unique())


def open_actions(session: AnySession, actor: Actor) -> list[SupervisionAction]:
    """A trainee's own that are not done, what is due first on top."""
    query = select(SupervisionAction).where(_own_action(actor), SupervisionAction.done_at.is_(None))
    return by_due(session.scalars(query).unique())


def carried_over(
    session: AnySession, actor: Actor, meeting: SupervisionSession
) -> list[SupervisionAction]:
    """What these trainees agreed on with this supervisor before, and have not done yet."""
    invited = [presence.enrolment_id for presence in meeting.presences]
    query = (
        select(SupervisionAction)
        .join(SupervisionSession, SupervisionSession.id == SupervisionAction.session_id)
        .where(
            SupervisionAction.enrolment_id.in_(invited),
            SupervisionAction.done_at.is_(None),
            SupervisionSession.supervisor_id == meeting.supervisor_id,
            SupervisionSession.starts_at < meeting.starts_at,
        )
    )
    if meeting.supervisor_id != actor.person_id:
        query = query.where(_own_action(actor))
    return by_due(session.scalars(query).unique())


def by_due(actions: Iterable[SupervisionAction]) -> list[SupervisionAction]:
    """What is due first, then what has no date."""
    return sorted(actions, key=lambda one: (one.due_on is None, str(one.due_on), one.id))


def _own_action(actor: Actor) -> ColumnElement[bool]:
    mine = select(Enrolment.id).where(Enrolment.person_id == actor.person_id)
    return SupervisionAction.enrolment_id.in_(mine)


# --- clashes ---


def clashing(
    session: AnySession,
    supervisor_id: UUID | None,
    invited: Sequence[Enrolment],
    slots: Sequence[Slot],
    but: UUID | None = None,
) -> list[Clash]:
    """Sessions of the supervisor or of a trainee that overlap, `but` the one being changed."""
    if supervisor_id is None:
        return []
    names = {one.person_id: one.person.name for one in invited}
    taken = select(SupervisionSession).where(
        SupervisionSession.state != SupervisionState.CANCELLED,
        or_(SupervisionSession.supervisor_id == supervisor_id, _invited(names)),
    )
    clashing = []
    for other in meetings.overlapping(session, taken, slots, MOST_MINUTES, but):
        busy = {
            names[one.enrolment.person_id]
            for one in other.presences
            if one.enrolment.person_id in names and one.state is not PresenceState.EXCUSED
        }
        if other.supervisor_id == supervisor_id:
            busy.add(other.supervisor.name)
        clashing += [Clash(name, meetings.slot_of(other)) for name in sorted(busy)]
    return clashing
