"""Roles given to persons, and ended."""

from datetime import datetime
from uuid import UUID

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.network.models import Country, PartnerBody
from lms.people.models import Person, RoleGrant
from lms.people.rules import may_give
from lms.policy.actor import Actor, Role, Scope


def give(
    session: AnySession,
    actor: Actor,
    person: Person,
    role: Role,
    scope: Scope,
    scope_id: str,
    now: datetime,
) -> RoleGrant:
    """Give a role, once. Raises Refusal("role_not_yours"), or "person_left".

    A cohort's country is unknown here: cohorts has asked the policy before it calls.
    """
    scope_id = str(scope_id)
    _check_role(session, actor, role, scope, scope_id)
    if person.left_at is not None:
        raise Refusal("person_left")
    for held in person.active_grants:
        if (held.role, held.scope, held.scope_id) == (role, scope, scope_id):
            return held
    given = RoleGrant(
        role=role, scope=scope, scope_id=scope_id, granted_at=now, granted_by_id=actor.person_id
    )
    person.grants.append(given)
    session.flush()
    audit.record(session, actor, "grant.give", given, now=now)
    return given


def end(
    session: AnySession,
    actor: Actor,
    person: Person,
    role: Role,
    scope: Scope,
    scope_id: str,
    now: datetime,
    reason: str = "",
) -> int:
    """End a role here; returns how many ended. Raises Refusal("role_not_yours")."""
    scope_id = str(scope_id)
    _check_role(session, actor, role, scope, scope_id)
    ending = [
        held
        for held in person.active_grants
        if (held.role, held.scope, held.scope_id) == (role, scope, scope_id)
    ]
    for held in ending:
        _end(session, actor, held, reason, now)
    session.flush()
    return len(ending)


def end_all(session: AnySession, actor: Actor, person: Person, reason: str, now: datetime) -> None:
    """End every role: the person has left."""
    for held in person.active_grants:
        _end(session, actor, held, reason, now)


def _end(session: AnySession, actor: Actor, held: RoleGrant, reason: str, now: datetime) -> None:
    held.ended_at, held.reason = now, reason
    audit.record(session, actor, "grant.end", held, now=now, reason=reason)


def _check_role(session: AnySession, actor: Actor, role: Role, scope: Scope, scope_id: str) -> None:
    country: str | None = None
    if scope is Scope.COUNTRY:
        country = scope_id if session.get(Country, scope_id) is not None else None
        if country is None:
            raise Refusal("role_not_yours")
    elif scope is Scope.PARTNER:
        partner = session.get(PartnerBody, _uuid(scope_id))
        if partner is None:
            raise Refusal("role_not_yours")
        country = partner.country_code
    elif scope is Scope.COHORT:
        _uuid(scope_id)
        country = next(iter(actor.countries), None)
    if not may_give(actor, role, scope, scope_id, country):
        raise Refusal("role_not_yours")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("role_not_yours") from None
