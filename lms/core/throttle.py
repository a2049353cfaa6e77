"""Counting tries in the database: right with any number of workers, gentle to a classroom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, delete, func, select
from sqlalchemy.orm import Mapped

from lms.core.db import AnySession, Base, Keyed
from lms.core.errors import Refusal


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
        raise Refusal("throttled", minutes=max(1, round(left / 60)))


def note(session: AnySession, key: str, now: datetime) -> None:
    """Count one failed try; forget those of more than a day ago under the same key."""
    session.add(Try(key=key, at=now))
    session.execute(delete(Try).where(Try.key == key, Try.at < now - timedelta(days=1)))


def forget(session: AnySession, key: str) -> None:
    """A success clears the account's count."""
    session.execute(delete(Try).where(Try.key == key))
