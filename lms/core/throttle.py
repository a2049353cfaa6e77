"""Counting tries in the database: right with any number of workers, gentle to a classroom.

Exact when `check` and `note` stand in one `write`, before the password is looked at: a thousand
guesses at once then get no further than `tries` of them. `forget` follows a success.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Index, delete, func, select
from sqlalchemy.orm import Mapped

from lms.core import jobs
from lms.core.db import AnySession, Base, Keyed, write
from lms.core.errors import Refusal

KEEP = timedelta(days=1)


class Try(Keyed, Base):
    """One failed try, under a key such as `sign-in:account:<hash>` or `verify:address:<ip>`."""

    __tablename__ = "throttle_try"
    __table_args__ = (Index("ix_throttle_try_key_at", "key", "at"),)

    key: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Limit:
    """At most `tries` failures in `window`."""

    tries: int
    window: timedelta


def check(session: AnySession, key: str, limit: Limit, now: datetime) -> None:
    """Raise Refusal("throttled", minutes=…) when `key` has used up its tries."""
    oldest = now - limit.window
    count, first = session.execute(
        select(func.count(), func.min(Try.at)).where(Try.key == key, Try.at > oldest)
    ).one()
    if count >= limit.tries:
        left = (first + limit.window - now).total_seconds()
        raise Refusal("throttled", minutes=max(1, ceil(left / 60)))


def note(session: AnySession, key: str, now: datetime) -> None:
    """Count one failed try; forget those of more than a day ago under the same key."""
    session.add(Try(key=key, at=now))
    session.execute(delete(Try).where(Try.key == key, Try.at < now - KEEP))


def forget(session: AnySession, key: str) -> None:
    """A success clears the account's count."""
    session.execute(delete(Try).where(Try.key == key))


@jobs.handler("core.forget_tries", every=KEEP)
def forget_old(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """Tries of more than a day ago, under whatever key, leave the table: they hold addresses."""
    with write(session):
        session.execute(delete(Try).where(Try.at < now - KEEP))
