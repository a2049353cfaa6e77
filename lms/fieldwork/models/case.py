"""What all records of practice have in common: the case they belong to."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lms.cohorts.models import Enrolment


class OfCase:
    """Part of a case: person, cohort and country are those of the enrolment."""

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)

    @declared_attr
    def enrolment(cls) -> Mapped[Enrolment]:  # noqa: N805 - SQLAlchemy calls it on the class
        """The case."""
        return relationship(lazy="joined", innerjoin=True)

    @property
    def person_id(self) -> UUID:
        """The trainee."""
        return self.enrolment.person_id

    @property
    def cohort_id(self) -> UUID:
        """The cohort."""
        return self.enrolment.cohort_id

    @property
    def country_code(self) -> str:
        """Country of the cohort."""
        return self.enrolment.country_code

    @property
    def case_id(self) -> UUID:
        """The enrolment."""
        return self.enrolment_id
