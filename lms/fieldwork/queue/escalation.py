"""Telling those who can help: administrators what waits too long, supervisors what waits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from lms.cohorts.models import Enrolment
from lms.core import mail
from lms.core.db import AnySession
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.queue import service as queues
from lms.fieldwork.queue.rules import ESCALATE_AFTER, REMIND_AFTER
from lms.fieldwork.rules import EntryState
from lms.people import service as people
from lms.people.models import Person, RoleGrant
from lms.policy.actor import Role, Scope

SHOWN = 10
"""Lines of a digest; the page has them all."""


@dataclass(frozen=True)
class Digest:
    """What a mail tells: how many, of whom most, the oldest first."""

    number: int
    by_supervisor: Sequence[tuple[str, int]]
    oldest: Sequence[PracticumEntry]


def _digest(entries: Sequence[PracticumEntry]) -> Digest:
    names = Counter(entry.supervisor.name if entry.supervisor else "–" for entry in entries)
    return Digest(len(entries), names.most_common(SHOWN), entries[:SHOWN])


def escalate(session: AnySession, now: datetime) -> int:
    """Tell the administrators of each country, in one mail, what has waited for ten days.

    Each entry is told once for as long as it waits; gives how many were.
    """
    entries = session.scalars(
        select(PracticumEntry)
        .join(PracticumEntry.enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(PracticumEntry.enrolment).contains_eager(Enrolment.cohort),
            selectinload(PracticumEntry.supervisor),
        )
        .where(
            PracticumEntry.state == EntryState.SUBMITTED,
            PracticumEntry.submitted_at <= now - ESCALATE_AFTER,
            PracticumEntry.escalated_at.is_(None),
        )
        .order_by(PracticumEntry.submitted_at, PracticumEntry.id)
    ).all()
    for admin in _admins(session, {entry.country_code for entry in entries}):
        theirs = [
            entry
            for entry in entries
            if entry.country_code in admin.actor.countries and entry.person_id != admin.id
        ]
        if theirs:
            context = {"digest": _digest(theirs), "now": now}
            mail.send(session, people.recipient(admin), "late_entries", context, now)
    for entry in entries:
        entry.escalated_at = now
    session.flush()
    return len(entries)


def _admins(session: AnySession, countries: set[str]) -> Sequence[Person]:
    held = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.COUNTRY_ADMIN,
        RoleGrant.scope == Scope.COUNTRY,
        RoleGrant.scope_id.in_(countries),
        RoleGrant.ended_at.is_(None),
    )
    return _people(session, held)


def _people(session: AnySession, keys: object) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .where(Person.id.in_(keys), Person.left_at.is_(None))  # type: ignore[arg-type]
        .options(selectinload(Person.grants))
        .order_by(Person.id)
    ).all()


def remind(session: AnySession, now: datetime) -> int:
    """Remind supervisors, and who stands in for them, of what waits; gives how many were.

    Whoever is away is left in peace.
    """
    waiting = set(
        session.scalars(
            select(PracticumEntry.supervisor_id)
            .where(
                PracticumEntry.state == EntryState.SUBMITTED,
                PracticumEntry.supervisor_id.is_not(None),
                PracticumEntry.submitted_at <= now - REMIND_AFTER,
            )
            .distinct()
        )
    )
    rows = session.execute(
        select(RoleGrant.scope_id, RoleGrant.person_id).where(
            RoleGrant.role == Role.SUPERVISOR,
            RoleGrant.scope == Scope.PERSON,
            RoleGrant.ended_at.is_(None),
        )
    )
    standing_in = {key: person_id for key, person_id in rows}  # noqa: C416 - rows are no tuples
    asked = {standing_in.get(str(key), key) for key in waiting}
    told = 0
    for person in _people(session, asked):
        actor = person.actor
        number = queues.sizes(session, actor)[EntryState.SUBMITTED]
        oldest = queues.oldest(session, actor, 1)
        if oldest and oldest[0].submitted_at and oldest[0].submitted_at <= now - REMIND_AFTER:
            context = {"number": number, "oldest": oldest[0], "now": now}
            mail.send(session, people.recipient(person), "entries_wait", context, now)
            told += 1
    return told
