"""Who judges a case: named by the programme admin, free of conflict, each by their own word."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from lms.assessment.models import Assignment, Dossier
from lms.assessment.rules.segregation import (
    ASSESSORS,
    JURORS,
    Candidate,
    PanelFault,
    assessor_faults,
    jury_faults,
)
from lms.assessment.rules.states import CaseRole, DossierEvent, DossierState
from lms.assessment.rules.turns import open_places
from lms.assessment.service.cases import convene_if_ready, hold, move, note_turn
from lms.assessment.service.counting import local_date
from lms.assessment.service.pool import Member, candidate_of, pool
from lms.assessment.service.sheets import sheet_of
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.policy.actor import Actor

Places = Mapping[CaseRole, Sequence[UUID]]
"""Who is to be named for what."""


def assign(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    places: Places,
    seen_version: int,
    now: datetime,
) -> None:
    """Name people to the case, beside those who are there.

    Raises Refusal: nobody_named, no_such_place, conflict (with the name and why), panel_fault.
    """
    hold(session, dossier, seen_version)
    chosen = {role: list(people) for role, people in places.items() if people}
    if not chosen:
        raise Refusal("nobody_named")
    roles = [assignment.role for assignment in dossier.active]
    free = open_places(dossier.state, dossier.profile, roles)
    for role, people in chosen.items():
        if len(people) > free.get(role, 0):
            raise Refusal("no_such_place", place=role, number=free.get(role, 0))
    members = pool(session, dossier, now)
    _check(members, dossier, chosen, local_date(now, dossier.enrolment))
    for role, people in chosen.items():
        for key in people:
            dossier.assignments.append(
                Assignment(
                    dossier=dossier,
                    person=members[key].person,
                    person_id=key,
                    role=role,
                    assigned_at=now,
                    assigned_by_id=actor.person_id,
                    stood_down_reason="",
                )
            )
    session.flush()
    named = {role.value: [str(key) for key in people] for role, people in chosen.items()}
    names = {str(key): members[key].person.name for people in chosen.values() for key in people}
    details: dict[str, object] = {"named": named, "names": names}
    move(session, actor, dossier, DossierEvent.ASSIGN, now, details=details)
    convene_if_ready(session, actor, dossier, now)


def _check(members: Mapping[UUID, Member], dossier: Dossier, chosen: Places, today: date) -> None:
    candidate = candidate_of(dossier)
    everyone = [key for people in chosen.values() for key in people]
    if len(set(everyone)) < len(everyone):
        raise Refusal("panel_fault", why=PanelFault.SAME_PERSON_TWICE)
    for role, people in chosen.items():
        for key in people:
            if key not in members:
                raise Refusal("not_in_pool")
            member = members[key]
            found = member.why_not(role, candidate, dossier, today)
            if found:
                raise Refusal("conflict", name=member.person.name, why=found[0])
    _check_together(members, dossier, chosen, candidate, today)


def _check_together(
    members: Mapping[UUID, Member],
    dossier: Dossier,
    chosen: Places,
    candidate: Candidate,
    today: date,
) -> None:
    faults: list[PanelFault] = []
    if chosen.get(CaseRole.ASSESSOR):
        there = [a.person_id for a in dossier.active if a.role is CaseRole.ASSESSOR]
        panel = [members[key].judge for key in [*there, *chosen[CaseRole.ASSESSOR]]]
        faults += assessor_faults(panel, candidate, dossier.profile, today)
    if chosen.get(CaseRole.JUROR) or chosen.get(CaseRole.CHAIR):
        jury = [a for a in dossier.active if a.role in JURORS]
        keys = [a.person_id for a in jury]
        keys += [key for role in JURORS for key in chosen.get(role, ())]
        chairs = sum(a.role is CaseRole.CHAIR for a in jury)
        faults += jury_faults(keys, chairs + len(chosen.get(CaseRole.CHAIR, ())))
    if faults:
        raise Refusal("panel_fault", why=faults[0])


def declare(session: AnySession, actor: Actor, dossier: Dossier, now: datetime) -> None:
    """Declare to have no conflict of interest in this case. A repeat changes nothing."""
    hold(session, dossier)
    place = place_of(dossier, actor)
    if place.declared_at is not None:
        return
    place.declared_at = now
    session.flush()
    details = {"role": place.role.value}
    audit.record(session, actor, "dossier.declare", dossier, now=now, details=details)
    if place.role in ASSESSORS and dossier.state is DossierState.ASSIGNED:
        move(session, actor, dossier, DossierEvent.BEGIN, now)


def stand_down(
    session: AnySession, actor: Actor, dossier: Dossier, reason: str, now: datetime
) -> None:
    """Leave the case because of a conflict of interest, or of anything else that stands between."""
    hold(session, dossier)
    _leave(session, actor, dossier, place_of(dossier, actor), reason, now)


def take_off(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    person_id: UUID,
    reason: str,
    now: datetime,
) -> None:
    """Relieve somebody of the case: they do not answer, or a conflict came to light."""
    hold(session, dossier)
    place = dossier.assignment_of(person_id)
    if place is None:
        raise Refusal("not_assigned")
    _leave(session, actor, dossier, place, reason, now)


def _leave(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    place: Assignment,
    reason: str,
    now: datetime,
) -> None:
    if not reason:
        raise Refusal("reason_needed")
    if dossier.signed_at is not None:
        raise Refusal("already_signed")
    sheet = sheet_of(session, dossier, place.person_id)
    if place.role in ASSESSORS and sheet is not None and sheet.submitted_at is not None:
        raise Refusal("sheet_handed_in")
    place.stood_down_at, place.stood_down_reason = now, reason
    session.flush()
    details = {"role": place.role.value, "person": str(place.person_id)}
    audit.record(
        session, actor, "dossier.stand-down", dossier, now=now, reason=reason, details=details
    )
    note_turn(session, dossier, now)


def place_of(dossier: Dossier, actor: Actor) -> Assignment:
    """The actor's place in the case. Raises Refusal("not_assigned")."""
    place = dossier.assignment_of(actor.person_id)
    if place is None:
        raise Refusal("not_assigned")
    return place
