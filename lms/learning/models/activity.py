"""What a cohort does as a team: a round, private lists of values, agreements, shared lines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.models import Cohort, Enrolment, OfEnrolment
from lms.core.db import Base, Keyed
from lms.learning.activities.rules import Circle, RoundState, Side


class TeamRound(Keyed, Base):
    """One team exercise of one cohort, from its opening to the page that is printed."""

    __tablename__ = "team_round"
    __table_args__ = (
        UniqueConstraint("cohort_id", "exercise"),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    exercise: Mapped[str]
    """Id of the exercise in the release."""
    state: Mapped[RoundState] = mapped_column(default=RoundState.COLLECTING)
    tally: Mapped[list[Any]] = mapped_column(default=list)
    """Values with the number of lists that hold them; never who wrote what."""
    merges: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Key of a value → key of the one that it counts as."""
    charter: Mapped[str] = mapped_column(Text, default="")
    edition: Mapped[int] = mapped_column(default=0)
    """Of the charter's text: who agreed to another has not agreed to this one."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts what a trainer changes: what a form was opened on."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code

    @property
    def audit_label(self) -> str:
        """Which cohort, which exercise."""
        return f"{self.cohort.name}, {self.exercise}"


class ValueList(OfEnrolment, Keyed, Base):
    """Five values of one person. Confidential: read by its author only; others see the tally."""

    __tablename__ = "value_list"
    __table_args__ = (UniqueConstraint("round_id", "enrolment_id"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("team_round.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    words: Mapped[list[Any]]
    saved_at: Mapped[datetime]
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)


class CharterAgreement(Base):
    """Somebody's name under the charter, in the edition they read."""

    __tablename__ = "charter_agreement"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("team_round.id"), primary_key=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    edition: Mapped[int]
    agreed_at: Mapped[datetime]


class ContributionLine(OfEnrolment, Keyed, Base):
    """One line of the contribution, seen by the whole team."""

    __tablename__ = "contribution_line"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("team_round.id"), index=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"))
    side: Mapped[Side]
    circle: Mapped[Circle]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)
    round: Mapped[TeamRound] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Who, which round."""
        return f"{self.enrolment.person.name}, {self.round.exercise}"
