"""Roles as a form offers them: `assessor:country` and the like; cohorts give theirs themselves."""

from collections.abc import Sequence

from sqlalchemy import select

from lms.core import i18n
from lms.core.db import AnySession
from lms.core.labels import label
from lms.network.models import PartnerBody
from lms.policy.actor import SCOPES, Actor, Role, Scope

ORDER = (
    Role.ASSESSOR,
    Role.JUROR,
    Role.PARTNER,
    Role.COUNTRY_ADMIN,
    Role.AUDITOR,
    Role.PROGRAMME_ADMIN,
)


def choices(actor: Actor) -> list[tuple[str, str]]:
    """What the actor may give outside cohorts, from near to far."""
    wide = actor.has(Role.PROGRAMME_ADMIN)
    return [
        (f"{role.value}:{scope.value}", f"{label(role)} – {label(scope)}")
        for role in ORDER
        for scope in (Scope.PARTNER, Scope.COUNTRY, Scope.ALL)
        if scope in SCOPES[role] and (wide or scope is not Scope.ALL)
    ]


def read_role(
    text: str | None, country_code: str | None, partner: str | None
) -> tuple[Role, Scope, str] | None:
    """The role, scope and scope's key that a form asks for; None if it asks for none."""
    if not text:
        return None
    role, _, scope = text.partition(":")
    key = {Scope.COUNTRY: country_code, Scope.PARTNER: partner, Scope.ALL: ""}[Scope(scope)]
    return Role(role), Scope(scope), key or ""


def partner_choices(session: AnySession, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Partner bodies of these countries, still taking part."""
    bodies = session.scalars(
        select(PartnerBody)
        .where(PartnerBody.country_code.in_(codes), PartnerBody.ended_on.is_(None))
        .order_by(PartnerBody.name)
    )
    return [(str(b.id), f"{b.name} ({i18n.country_name(b.country_code)})") for b in bodies]


def scope_names(session: AnySession, keys: Sequence[tuple[Scope, str]]) -> dict[str, str]:
    """Names of countries and partner bodies by key. Cohorts are named by who knows them."""
    named = {key: i18n.country_name(key) for scope, key in keys if scope is Scope.COUNTRY}
    wanted = [key for scope, key in keys if scope is Scope.PARTNER]
    if wanted:
        named |= {
            str(body.id): body.name
            for body in session.scalars(select(PartnerBody).where(PartnerBody.id.in_(wanted)))
        }
    return named
