"""Finding cases: one by key, those a person may see, those that wait for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from lms.assessment.models import Assignment, Award, Dossier, ScoreSheet
from lms.assessment.rules.freezing import fingerprint, thaw
from lms.assessment.rules.ledger import Ledger
from lms.assessment.rules.segregation import ASSESSORS
from lms.assessment.rules.states import TRANSITIONS as TABLE
from lms.assessment.rules.states import CaseRole, DossierEvent, DossierState, Profile
from lms.assessment.rules.turns import Party, has_jury, state_for_trainee, whose_turn
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.search import matches
from lms.core.transitions import advance
from lms.curriculum import service as curriculum
from lms.curriculum.release import Release
from lms.people.models import Person
from lms.policy.actor import Actor, Role

# Finding ---------------------------------------------------------------------------------------


def find_dossier(session: AnySession, dossier_id: UUID) -> Dossier | None:
    """A dossier with enrolment, trainee, cohort and the people assigned to it."""
    return session.get(Dossier, dossier_id)


def dossier_of(session: AnySession, enrolment_id: UUID) -> Dossier | None:
    """The dossier of an enrolment, if there is one."""
    return session.scalar(select(Dossier).where(Dossier.enrolment_id == enrolment_id))


def award_of(session: AnySession, dossier: Dossier) -> Award | None:
    """The title that the dossier led to."""
    return session.scalar(select(Award).where(Award.dossier_id == dossier.id))


def release_of(session: AnySession, dossier: Dossier) -> Release:
    """The content by which the dossier is judged."""
    return curriculum.release(session, dossier.release_id)


def frozen_ledger(dossier: Dossier) -> Ledger:
    """What counted when the dossier was handed in.

    Raises Refusal("ledger_changed") when it is no longer what was handed in.
    """
    if fingerprint(dossier.ledger) != dossier.ledger_hash:
        raise Refusal("ledger_changed")
    return thaw(dossier.ledger)


def shown_state(actor: Actor, dossier: Dossier) -> DossierState:
    """The state that may be told to the actor: the trainee learns the outcome by its release."""
    if actor.person_id == dossier.person_id:
        return state_for_trainee(dossier.state, dossier.profile)
    return dossier.state


# Lists -----------------------------------------------------------------------------------------

_OVER = (DossierState.NOTIFIED, DossierState.FINAL, DossierState.WITHDRAWN)


def _in_countries(actor: Actor) -> ColumnElement[bool]:
    cohorts = select(Cohort.id).where(Cohort.country_code.in_(actor.countries))
    return Dossier.enrolment_id.in_(select(Enrolment.id).where(Enrolment.cohort_id.in_(cohorts)))


def _own(actor: Actor) -> ColumnElement[bool]:
    mine = select(Enrolment.id).where(Enrolment.person_id == actor.person_id)
    return Dossier.enrolment_id.in_(mine)


def _assigned(actor: Actor) -> ColumnElement[bool]:
    return Dossier.id.in_(
        select(Assignment.dossier_id).where(
            Assignment.person_id == actor.person_id, Assignment.stood_down_at.is_(None)
        )
    )


def visible_to(actor: Actor) -> Select[Dossier]:
    """Dossiers that the actor may look at: the same answer as the table's, as a query."""
    query = select(Dossier)
    if actor.sees_everything:
        return query
    return query.where(or_(false(), _own(actor), _in_countries(actor), _assigned(actor)))


def waiting_for(actor: Actor) -> Select[Dossier]:
    """Dossiers in which it is the actor's turn, by every role that they hold."""
    place = aliased(Assignment)
    handed_in = exists().where(
        ScoreSheet.dossier_id == place.dossier_id,
        ScoreSheet.assessor_id == place.person_id,
        ScoreSheet.submitted_at.is_not(None),
    )
    must_declare = and_(place.declared_at.is_(None), Dossier.state.not_in(_OVER))
    must_score = and_(
        Dossier.turn == Party.ASSESSORS,
        place.role.in_(ASSESSORS),
        or_(~handed_in, Dossier.state == DossierState.CONCORDANT),
    )
    must_lead = and_(Dossier.state == DossierState.JURY, place.role == CaseRole.CHAIR)
    mine = exists().where(
        place.dossier_id == Dossier.id,
        place.person_id == actor.person_id,
        place.stood_down_at.is_(None),
        or_(must_declare, must_score, must_lead),
    )
    admits = and_(Dossier.turn == Party.COUNTRY, _in_countries(actor), ~_own(actor))
    directs = and_(Dossier.turn == Party.PROGRAMME, ~_own(actor))
    turns = [mine, admits] + ([directs] if actor.has(Role.PROGRAMME_ADMIN) else [])
    return select(Dossier).where(or_(*turns))


@dataclass(frozen=True)
class Search:
    """What a list of dossiers is narrowed to."""

    words: str = ""
    state: DossierState | None = None
    country: str = ""
    profile: Profile | None = None


def narrowed(query: Select[Dossier], search: Search) -> Select[Dossier]:
    """The same dossiers, narrowed by words, state, country and manner of decision."""
    if search.words:
        people = select(Person.id).where(matches(Person.search_text, search.words))
        query = query.where(
            Dossier.enrolment_id.in_(select(Enrolment.id).where(Enrolment.person_id.in_(people)))
        )
    if search.state is not None:
        query = query.where(Dossier.state == search.state)
    if search.profile is not None:
        query = query.where(Dossier.profile == search.profile)
    if search.country:
        cohorts = select(Cohort.id).where(Cohort.country_code == search.country)
        query = query.where(
            Dossier.enrolment_id.in_(select(Enrolment.id).where(Enrolment.cohort_id.in_(cohorts)))
        )
    return query


def countries(session: AnySession) -> list[str]:
    """Codes of the countries that have cohorts, for a filter."""
    return list(
        session.scalars(select(Cohort.country_code).distinct().order_by(Cohort.country_code))
    )


def number_waiting(session: AnySession, actor: Actor) -> int:
    """How many dossiers wait for the actor."""
    waiting = waiting_for(actor).with_only_columns(Dossier.id).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


# Moving on -------------------------------------------------------------------------------------


def hold(session: AnySession, dossier: Dossier, seen_version: int | None = None) -> None:
    """Hold the dossier's row until the end of the transaction, as it is now.

    Two assessors who hand in at the same instant then come one after the other. Raises Stale when
    the dossier is no longer the one that was looked at.
    """
    columns = ["state", "version", "turn", "outcome", "signed_at", "released_at"]
    session.refresh(dossier, attribute_names=columns, with_for_update=True)
    session.expire(dossier, ["assignments"])
    if seen_version is not None and seen_version != dossier.version:
        raise Stale


def move(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    event: DossierEvent,
    now: datetime,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    """Lead the dossier on, and note whose turn it is then."""
    advance(session, actor, dossier, event, TABLE, now=now, reason=reason, details=details)
    note_turn(session, dossier, now)


def note_turn(session: AnySession, dossier: Dossier, now: datetime) -> None:
    """Write down who acts next. A change of the people at work may change it too."""
    roles = [assignment.role for assignment in dossier.active]
    dossier.turn = whose_turn(dossier.state, dossier.profile, roles)
    dossier.since = now
    dossier.version += 1
    session.flush()


def convene_if_ready(session: AnySession, actor: Actor, dossier: Dossier, now: datetime) -> None:
    """The case goes to its jury as soon as the sheets are settled and the jury is named."""
    settled = {DossierState.CONCORDANT, DossierState.MODERATED}
    if dossier.state in settled and has_jury([a.role for a in dossier.active]):
        move(session, actor, dossier, DossierEvent.CONVENE, now)
