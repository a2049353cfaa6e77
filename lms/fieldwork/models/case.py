"""What all records of practice have in common: the case they belong to."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lms.cohorts.models import Enrolment, OfEnrolment


class OfCase(OfEnrolment):
    """A record of practice: part of a case."""

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)

    @declared_attr
    def enrolment(cls) -> Mapped[Enrolment]:  # noqa: N805 - SQLAlchemy calls it on the class
        """The case."""
        return relationship(lazy="joined", innerjoin=True)
