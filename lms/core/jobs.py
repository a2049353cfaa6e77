"""Work done outside requests. The row is the truth; huey only wakes the worker.

A job is enqueued in the caller's transaction by a registered name and a key; the same name and key
never make two rows. A worker claims it by a conditional update with a lease; a worker that dies
leaves the lease to run out, and another takes over. Handlers are idempotent.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.core.db import AnySession, Base, Keyed, write

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Keyed, Base):
    """One piece of work."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("name", "key"),
        Index("ix_job_due", "status", "run_after"),
    )

    name: Mapped[str]
    key: Mapped[str]
    """What makes it one job: the same name and key are never done twice."""
    payload: Mapped[dict[str, Any]]
    status: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)
    """Percent done."""
    error: Mapped[str] = mapped_column(Text, default="")


Handler = Callable[[AnySession, dict[str, Any], datetime], None]
_HANDLERS: dict[str, Handler] = {}
_PERIODIC: list["Periodic"] = []
_wakers: list[Callable[[], None]] = []


@dataclass(frozen=True)
class Periodic:
    """Work that the clock asks for: one job each `every`, keyed by its period."""

    name: str
    every: timedelta


def handler(name: str, *, every: timedelta | None = None) -> Callable[[Handler], Handler]:
    """Register the function that does jobs called `name`; `every` makes the clock ask for it.

    The handler receives session, payload and now, and opens its own `write(session)`.
    """

    def register(function: Handler) -> Handler:
        _HANDLERS[name] = function
        if every is not None:
            _PERIODIC.append(Periodic(name, every))
        return function

    return register


def names() -> frozenset[str]:
    """All registered names."""
    return frozenset(_HANDLERS)


def enqueue(
    session: AnySession, name: str, key: str, payload: dict[str, Any], now: datetime
) -> Job:
    """Ask for work in the caller's transaction. The same name and key return the first job."""
    known = session.scalar(select(Job).where(Job.name == name, Job.key == key))
    if known is not None:
        return known
    job = Job(name=name, key=key, payload=payload, run_after=now, created_at=now)
    session.add(job)
    session.flush()
    session.info["jobs_enqueued"] = True
    return job


def on_enqueued(wake: Callable[[], None]) -> None:
    """Call `wake` after each commit that enqueued something."""
    _wakers.append(wake)


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    if session.info.pop("jobs_enqueued", False):
        for wake in _wakers:
            wake()


def _due(now: datetime) -> Any:
    waiting = (Job.status == JobState.QUEUED) & (Job.run_after <= now)
    orphaned = (Job.status == JobState.RUNNING) & (Job.lease_until < now)
    return waiting | orphaned


def claim(session: AnySession, now: datetime) -> Job | None:
    """Take the oldest job that is due, or whose worker has gone."""
    found = session.scalar(
        select(Job.id).where(_due(now)).order_by(Job.run_after, Job.id).limit(1)
    )
    if found is None:
        session.rollback()
        return None
    with write(session):
        taken = session.execute(
            update(Job)
            .where(Job.id == found, _due(now))
            .values(status=JobState.RUNNING, lease_until=now + LEASE, attempts=Job.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        won = taken.rowcount == 1  # type: ignore[attr-defined]
    return session.get(Job, found) if won else claim(session, now)


def perform(session: AnySession, job_id: UUID, now: datetime) -> bool:
    """Do one claimed job and record how it ended. A failure is retried later, then stands."""
    job = session.get_one(Job, job_id)
    name, payload, attempts = job.name, dict(job.payload), job.attempts
    try:
        _HANDLERS[name](session, payload, now)
    except Exception as error:
        log.exception("job %s failed", name)
        with write(session):
            job = session.get_one(Job, job_id)
            job.error = f"{type(error).__name__}: {error}"[:2000]
            job.lease_until = None
            final = attempts >= MAX_ATTEMPTS
            job.status = JobState.FAILED if final else JobState.QUEUED
            job.run_after = now + timedelta(seconds=10 * 2**attempts)
        return False
    with write(session):
        job = session.get_one(Job, job_id)
        job.status, job.finished_at, job.lease_until = JobState.DONE, now, None
        job.progress, job.error = 100, ""
    return True


def run_pending(session: AnySession, now: Callable[[], datetime]) -> int:
    """Do all that is due, one after another; returns how many were done."""
    done = 0
    while (job := claim(session, now())) is not None:
        done += perform(session, job.id, now())
    return done


def ask_periodic(session: AnySession, now: datetime) -> None:
    """Enqueue what the clock asks for, once a period."""
    with write(session):
        for item in _PERIODIC:
            period = int(now.timestamp() // item.every.total_seconds())
            enqueue(session, item.name, f"period-{period}", {}, now)
