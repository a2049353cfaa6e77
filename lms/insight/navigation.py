"""At most five entries for anyone, by the roles they hold."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import LazyString, lazy_gettext

from lms.policy.actor import Actor, Role
from lms.policy.guard import current_actor

LIMIT = 5


@dataclass(frozen=True)
class Item:
    """One entry as the page shows it."""

    url: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True)
class _Entry:
    endpoint: str
    label: LazyString
    icon: str
    roles: frozenset[Role] | None
    """Who gets it; None: everybody signed in."""


_TEAM = frozenset({Role.TRAINER, Role.SUPERVISOR})
_OFFICE = frozenset({Role.COUNTRY_ADMIN, Role.PROGRAMME_ADMIN})
_BENCH = frozenset({Role.ASSESSOR, Role.JUROR})
_AUDIT = frozenset({Role.AUDITOR})

_ENTRIES = (
    _Entry("insight.home", lazy_gettext("Home"), "home", None),
    _Entry("learning.index", lazy_gettext("Learn"), "book", frozenset({Role.TRAINEE})),
    _Entry(
        "fieldwork.index",
        lazy_gettext("Practise"),
        "field",
        frozenset({Role.TRAINEE, Role.SUPERVISOR}),
    ),
    _Entry("cohorts.index", lazy_gettext("Cohorts"), "people", _TEAM | _OFFICE),
    _Entry("people.people", lazy_gettext("People"), "user", _OFFICE),
    _Entry("assessment.index", lazy_gettext("Dossiers"), "file", _BENCH | _OFFICE | _AUDIT),
    _Entry(
        "credentials.register",
        lazy_gettext("Register"),
        "certificate",
        _OFFICE | _AUDIT | {Role.PARTNER},
    ),
    _Entry("insight.audit", lazy_gettext("Audit trail"), "eye", _AUDIT),
    _Entry("credentials.mine", lazy_gettext("Certificates"), "certificate", None),
    _Entry("credentials.verify", lazy_gettext("Verify"), "shield", None),
)


def entries(actor: Actor) -> list[_Entry]:
    """The entries that this person gets, most needed first."""
    if not actor.is_authenticated:
        return []
    roles = {grant.role for grant in actor.grants}
    wanted = [entry for entry in _ENTRIES if entry.roles is None or entry.roles & roles]
    return wanted[:LIMIT]


def nav_items() -> list[Item]:
    """The navigation of the page being made."""
    place = (request.endpoint or "").partition(".")[0]
    return [
        Item(
            url_for(entry.endpoint),
            str(entry.label),
            entry.icon,
            current=entry.endpoint == request.endpoint
            or (
                entry.endpoint.partition(".")[0] == place
                and place not in {"insight", "credentials"}
            ),
        )
        for entry in entries(current_actor())
    ]
