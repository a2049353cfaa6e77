"""What this installation is: a demonstration or the real thing. Each refuses the other's data."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import AnySession, Base
from lms.core.errors import Refusal


class Installation(Base):
    """The one row that says it."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    demo: Mapped[bool]
    created_at: Mapped[datetime]


def settle(session: AnySession, *, demo: bool, now: datetime) -> None:
    """Say what this installation is, or check what was said before.

    Raises Refusal: installation_is_demo, installation_is_real.
    """
    row = session.get(Installation, 1)
    if row is None:
        session.add(Installation(id=1, demo=demo, created_at=now))
    elif row.demo and not demo:
        raise Refusal("installation_is_demo")
    elif demo and not row.demo:
        raise Refusal("installation_is_real")
