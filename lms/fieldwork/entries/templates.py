"""Templates: what a trainee fills in again and again, without date, words and reflection."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.search import fold
from lms.fieldwork.entries.content import document_of
from lms.fieldwork.models import EntryTemplate, PracticumEntry
from lms.policy.actor import Actor

MOST = 20
LONGEST_NAME = 60
KEPT = (
    "placement_id", "type", "form", "role",
    "minutes_direct", "minutes_indirect", "minutes_preparation",
    "participants", "coachees", "stakes", "purposes", "limits", "consent_basis",
)  # fmt: skip
"""Fields of an entry that a template keeps."""


def find_template(session: AnySession, template_id: UUID) -> EntryTemplate | None:
    """A template by key."""
    return session.get(EntryTemplate, template_id)


def of_person(session: AnySession, person_id: UUID | None) -> list[EntryTemplate]:
    """Somebody's templates, by name."""
    found = session.scalars(select(EntryTemplate).where(EntryTemplate.person_id == person_id))
    return sorted(found, key=lambda each: (fold(each.name), str(each.id)))


def keep(
    session: AnySession, actor: Actor, entry: PracticumEntry, name: str, now: datetime
) -> EntryTemplate:
    """Save an entry's fields under a name; a name used before gets the new fields."""
    if actor.person_id is None or not fold(name):
        raise Refusal("template_without_name")
    said = document_of(entry)
    content: dict[str, Any] = {key: said[key] for key in KEPT}
    mine = of_person(session, actor.person_id)
    for each in mine:
        if fold(each.name) == fold(name):
            each.content = content
            session.flush()
            return each
    if len(mine) >= MOST:
        raise Refusal("template_too_many", limit=MOST)
    made = EntryTemplate(
        id=uuid7(), person_id=actor.person_id, name=name, content=content, created_at=now
    )
    session.add(made)
    session.flush()
    return made


def remove(session: AnySession, template: EntryTemplate) -> None:
    """Throw a template away; entries begun from it stay."""
    session.delete(template)
    session.flush()
