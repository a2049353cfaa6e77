"""Mail about an announcement, in each reader's language around the words as they were written."""

from datetime import datetime

from sqlalchemy import select

from lms.cohorts.models import Announcement, Enrolment
from lms.cohorts.rules import ENDED
from lms.core import mail
from lms.core.db import AnySession
from lms.people.models import Person
from lms.people.service import recipient

AT_ONCE = 25
"""Messages in one transaction: others want to write too."""


def tell_some(session: AnySession, announcement: Announcement, now: datetime) -> bool:
    """Write to the next few who are enrolled; whether there are more. Nobody is told twice.

    Nothing where it was withdrawn in the meantime.
    """
    if not announcement.published or announcement.told_at is not None:
        return False
    query = (
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == announcement.cohort_id,
            Enrolment.state.not_in(ENDED),
            Person.left_at.is_(None),
            Person.id != announcement.author_id,
        )
        .order_by(Person.id)
        .limit(AT_ONCE)
    )
    if announcement.told_to is not None:
        query = query.where(Person.id > announcement.told_to)
    people = session.scalars(query).all()
    for person in people:
        mail.send(session, recipient(person), "announcement", {"one": announcement}, now)
        announcement.told_to = person.id
    if len(people) == AT_ONCE:
        return True
    announcement.told_at = now
    return False
