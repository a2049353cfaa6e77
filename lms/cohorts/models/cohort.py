"""Cohorts and who is in them. Trainers and supervisors of a cohort are role grants (`people`)."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core.db import Base, Keyed
from lms.network.models import Centre
from lms.people.models import Person


class Cohort(Keyed, Base):
    """People who follow one programme together, pinned to one content release."""

    __tablename__ = "cohort"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates"),)

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    centre_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre.id"))
    programme: Mapped[str]
    """Slug of the programme in the release."""
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[CohortState] = mapped_column(default=CohortState.PLANNED)
    time_zone: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Name and centre, folded by `core.search.fold`."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts every change: what a form was opened on."""
    created_at: Mapped[datetime]
    centre: Mapped[Centre | None] = relationship(lazy="joined")

    @property
    def cohort_id(self) -> UUID:
        """Itself, for the policy."""
        return self.id

    @property
    def audit_label(self) -> str:
        """Its name."""
        return self.name


class Enrolment(Keyed, Base):
    """One person's way through one cohort: the case that everything else belongs to."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint(
            "(state IN ('withdrawn', 'transferred', 'completed')) = (ended_at IS NOT NULL)",
            name="ended",
        ),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[EnrolmentState] = mapped_column(default=EnrolmentState.ENROLLED)
    enrolled_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    transferred_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    """The enrolment that this one continues, after a transfer."""
    cohort: Mapped[Cohort] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.cohort.country_code

    @property
    def sort_name(self) -> str:
        """Name that rosters are ordered by."""
        return self.person.sort_name

    @property
    def case_id(self) -> UUID:
        """Itself: the case."""
        return self.id

    @property
    def audit_label(self) -> str:
        """Who, where."""
        return f"{self.person.name}, {self.cohort.name}"


class HasEnrolment(Protocol):
    """Belongs to one enrolment."""

    @property
    def enrolment(self) -> Enrolment:
        """The case."""


class OfEnrolment:
    """Part of a case: person, cohort and country are those of the enrolment."""

    @property
    def person_id(self: HasEnrolment) -> UUID:
        """The trainee."""
        return self.enrolment.person_id

    @property
    def cohort_id(self: HasEnrolment) -> UUID:
        """The cohort."""
        return self.enrolment.cohort_id

    @property
    def country_code(self: HasEnrolment) -> str:
        """Country of the cohort."""
        return self.enrolment.country_code

    @property
    def case_id(self: HasEnrolment) -> UUID:
        """The enrolment."""
        return self.enrolment.id
