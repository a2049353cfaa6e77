"""Corrections for the matrix: drafts and what was handed in, of a trainer, an admin, a leaver."""

from datetime import UTC, datetime

from sqlalchemy import select

from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionState
from lms.people.models import Person
from tests.policy.seeded.things import Thing

NOW = datetime.now(UTC)
PEOPLE = ("trainer", "programme", "former")
HIDDEN = {"draft", "withdrawn"}


def things(session):
    """Corrections, with the facts from the raw rows."""
    for row in session.scalars(select(Correction).order_by(Correction.id)).unique():
        shown = row.decided_at is not None or row.state.value not in HIDDEN
        yield Thing("correction", row, owner=row.person_id, handed_in=shown, state=row.state.value)


def add(session):
    """A draft, a proposal and one taken back after a decision, of each."""
    like = session.scalars(select(Correction).order_by(Correction.id)).unique().first()
    for name in PEOPLE:
        author = session.scalars(select(Person).where(Person.email == f"{name}@demo.example")).one()
        for state, decided in (
            (CorrectionState.DRAFT, None),
            (CorrectionState.PROPOSED, None),
            (CorrectionState.DRAFT, NOW),
            (CorrectionState.WITHDRAWN, None),
            (CorrectionState.ACCEPTED, NOW),
        ):
            session.add(
                Correction(
                    kind=like.kind,
                    subject=like.subject,
                    lesson=like.lesson,
                    title=like.title,
                    release_id=like.release_id,
                    person_id=author.id,
                    state=state,
                    content=like.content,
                    why="why",
                    decided_at=decided,
                    reason="reason" if decided else "",
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
    session.flush()
