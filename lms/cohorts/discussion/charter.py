"""Accepting a cohort's charter, and taking that back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.cohorts.discussion.rules import CHARTER
from lms.cohorts.models import CharterAcceptance, Cohort
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.policy.actor import Actor


@dataclass(frozen=True)
class Room:
    """A cohort's discussion, and who may be in it."""

    cohort: Cohort
    charter_ids: frozenset[UUID]
    """Who has accepted the charter as it reads now."""

    @property
    def id(self) -> UUID:
        """The cohort's key: it has one discussion."""
        return self.cohort.id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.cohort.id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code


def find_room(session: AnySession, cohort_id: UUID) -> Room | None:
    """A cohort's discussion."""
    cohort = session.get(Cohort, cohort_id)
    if cohort is None:
        return None
    accepted = session.scalars(
        select(CharterAcceptance.person_id).where(
            CharterAcceptance.cohort_id == cohort_id,
            CharterAcceptance.withdrawn_at.is_(None),
            CharterAcceptance.charter == CHARTER,
        )
    )
    return Room(cohort, frozenset(accepted))


def standing(
    session: AnySession, cohort_id: UUID, person_id: UUID | None
) -> CharterAcceptance | None:
    """Somebody's acceptance, of whichever text, that has not been taken back."""
    return session.scalar(
        select(CharterAcceptance).where(
            CharterAcceptance.cohort_id == cohort_id,
            CharterAcceptance.person_id == person_id,
            CharterAcceptance.withdrawn_at.is_(None),
        )
    )


def signers(session: AnySession, cohort_id: UUID) -> list[CharterAcceptance]:
    """All who stand by the charter of a cohort, by date."""
    found = session.scalars(
        select(CharterAcceptance)
        .where(
            CharterAcceptance.cohort_id == cohort_id,
            CharterAcceptance.withdrawn_at.is_(None),
            CharterAcceptance.charter == CHARTER,
        )
        .order_by(CharterAcceptance.accepted_at, CharterAcceptance.id)
    )
    return list(found)


def accept(
    session: AnySession, actor: Actor, cohort: Cohort, name: str, language: str, now: datetime
) -> CharterAcceptance:
    """Give one's word, with one's name. A repeat changes nothing; a new text is accepted anew."""
    if actor.person_id is None or not name:
        raise Refusal("charter_name_needed")
    known = standing(session, cohort.id, actor.person_id)
    if known is not None:
        if known.charter == CHARTER:
            return known
        known.withdrawn_at = now
        session.flush()
    made = CharterAcceptance(
        cohort_id=cohort.id,
        cohort=cohort,
        person_id=actor.person_id,
        charter=CHARTER,
        language=language,
        signed_name=name,
        accepted_at=now,
    )
    session.add(made)
    session.flush()
    details = {"charter": CHARTER, "language": language, "name": name}
    audit.record(session, actor, "charter.accept", made, now=now, details=details)
    return made


def take_back(session: AnySession, actor: Actor, cohort: Cohort, now: datetime) -> None:
    """Stand by it no longer: the discussion is closed to the person. A repeat changes nothing."""
    known = standing(session, cohort.id, actor.person_id)
    if known is None:
        return
    known.withdrawn_at = now
    session.flush()
    audit.record(session, actor, "charter.withdraw", known, now=now)
