"""A trainee's list of pseudonyms, and in which entries they stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.search import fold
from lms.fieldwork.coachees.rules import LONGEST, MOST, Doubt, doubt_about
from lms.fieldwork.models import Coachee, PracticumEntry
from lms.fieldwork.rules import EntryState


def find_coachee(session: AnySession, coachee_id: UUID) -> Coachee | None:
    """A pseudonym by key."""
    return session.get(Coachee, coachee_id)


def of_enrolment(session: AnySession, enrolment_id: UUID) -> list[Coachee]:
    """A trainee's pseudonyms by name, those that are offered first."""
    found = session.scalars(select(Coachee).where(Coachee.enrolment_id == enrolment_id))
    return sorted(found, key=lambda each: (each.archived_at is not None, fold(each.pseudonym)))


def named(session: AnySession, keys: Iterable[str]) -> dict[str, str]:
    """Pseudonyms by key, of however many entries."""
    ids = {UUID(key) for key in keys}
    if not ids:
        return {}
    rows = session.execute(select(Coachee.id, Coachee.pseudonym).where(Coachee.id.in_(ids)))
    return {str(key): pseudonym for key, pseudonym in rows}


@dataclass(frozen=True)
class Use:
    """How often somebody was met, and for how long."""

    entries: int = 0
    minutes: int = 0


def uses(session: AnySession, enrolment_id: UUID) -> dict[str, Use]:
    """Each pseudonym's entries and minutes with them, whatever became of the entries."""
    rows = session.execute(
        select(PracticumEntry.coachees, PracticumEntry.minutes_direct).where(
            PracticumEntry.enrolment_id == enrolment_id,
            PracticumEntry.state.not_in([EntryState.DELETED, EntryState.WITHDRAWN]),
        )
    )
    found: dict[str, Use] = {}
    for keys, minutes in rows:
        for key in keys:
            before = found.get(key, Use())
            found[key] = Use(before.entries + 1, before.minutes + minutes)
    return found


def add(
    session: AnySession,
    enrolment: Enrolment,
    coachee_id: UUID,
    pseudonym: str,
    category: str,
    now: datetime,
    *,
    insist: bool = False,
) -> Coachee:
    """Note a pseudonym; the same one again is the same person, and is taken up again.

    An address or a telephone number is never kept; what looks like a name only if the trainee
    insists that it is none.
    """
    known = session.get(Coachee, coachee_id)
    if known is not None and known.enrolment_id == enrolment.id:
        return known
    if not fold(pseudonym) or len(pseudonym) > LONGEST:
        raise Refusal("coachee_length", limit=LONGEST)
    doubt = doubt_about(pseudonym)
    if doubt in {Doubt.EMAIL, Doubt.PHONE} or (doubt is Doubt.NAME and not insist):
        raise Refusal(f"coachee_{doubt.value}")
    mine = of_enrolment(session, enrolment.id)
    for each in mine:
        if fold(each.pseudonym) == fold(pseudonym):
            each.archived_at = None
            return each
    if len(mine) >= MOST:
        raise Refusal("coachee_too_many", limit=MOST)
    made = Coachee(
        id=coachee_id,
        enrolment=enrolment,
        pseudonym=pseudonym,
        category=category,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def archive(session: AnySession, coachee: Coachee, now: datetime) -> None:
    """Offer it no more; where it stands it stays."""
    coachee.archived_at = coachee.archived_at or now
    session.flush()


def restore(session: AnySession, coachee: Coachee) -> None:
    """Offer it again."""
    coachee.archived_at = None
    session.flush()


def require_own(session: AnySession, enrolment: Enrolment, keys: Collection[str]) -> list[str]:
    """The pseudonyms behind the keys. Raises Refusal("coachee_unknown") for any of another."""
    if not keys:
        return []
    rows = session.scalars(
        select(Coachee).where(
            Coachee.id.in_([UUID(key) for key in keys]), Coachee.enrolment_id == enrolment.id
        )
    ).all()
    if len(rows) != len(set(keys)):
        raise Refusal("coachee_unknown")
    return [row.pseudonym for row in rows]
