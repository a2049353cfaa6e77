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

from sqlalchemy import Index, Text, UniqueConstraint, delete, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.core.db import AnySession, Base, Keyed, write
from lms.core.faults import way_of_fault, words_of_fault

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 9
FIRST_WAIT = timedelta(seconds=30)
"""Before the second attempt; three times as long before each further one: 27 hours in all."""
KEEP_PERIODS = timedelta(days=7)
"""How long a periodic job that was done is still listed."""


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
    session: AnySession,
    name: str,
    key: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    run_after: datetime | None = None,
) -> Job:
    """Ask for work in the caller's transaction, done from `run_after` on, or at once.

    The same name and key return the first job.
    """
    known = session.scalar(select(Job).where(Job.name == name, Job.key == key))
    if known is not None:
        return known
    job = Job(name=name, key=key, payload=payload, run_after=run_after or now, created_at=now)
    session.add(job)
    session.flush()
    session.info["jobs_enqueued"] = True
    return job


def enqueue_again(
    session: AnySession, name: str, key: str, payload: dict[str, Any], now: datetime
) -> Job:
    """Ask for work that may be wanted more than once: what was done, or has failed, is queued."""
    job = enqueue(session, name, key, payload, now)
    if job.status in {JobState.FAILED, JobState.DONE}:
        job.status, job.attempts, job.run_after = JobState.QUEUED, 0, now
        session.info["jobs_enqueued"] = True
    return job


def state_of(session: AnySession, name: str, key: str) -> JobState | None:
    """Where some work stands; None if it was never asked for."""
    return session.scalar(select(Job.status).where(Job.name == name, Job.key == key))


def on_enqueued(wake: Callable[[], None]) -> None:
    """Call `wake` after each commit that enqueued something."""
    _wakers.append(wake)


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop("jobs_enqueued", False):
        return  # a savepoint's end is no commit
    for wake in _wakers:
        try:
            wake()
        except Exception:
            # what was asked for stands in its row, and the worker looks every minute
            log.warning("the worker was not woken", exc_info=True)


def _due(now: datetime) -> Any:
    waiting = (Job.status == JobState.QUEUED) & (Job.run_after <= now)
    orphaned = (Job.status == JobState.RUNNING) & (Job.lease_until < now)
    return waiting | orphaned


def claim(session: AnySession, now: datetime) -> Job | None:
    """Take the oldest job that is due, or whose worker has gone."""
    first = select(Job.id).where(_due(now)).order_by(Job.run_after, Job.id).limit(1)
    while (found := session.scalar(first)) is not None:
        with write(session):
            taken = _change(
                session,
                (Job.id == found) & _due(now),
                status=JobState.RUNNING,
                lease_until=now + LEASE,
                attempts=Job.attempts + 1,
            )
        if taken:
            return session.get(Job, found)
    session.rollback()
    return None


def _change(session: AnySession, which: Any, **values: Any) -> bool:
    changed = session.execute(
        update(Job).where(which).values(**values).execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def perform(session: AnySession, job_id: UUID, now: datetime) -> bool:
    """Do one claimed job and record how it ended. A failure is retried later, then stands.

    If the lease ran out and another worker has claimed the job, its end is theirs to tell.
    """
    job = session.get_one(Job, job_id)
    name, payload, attempt = job.name, dict(job.payload), job.attempts
    session.rollback()
    mine = (Job.id == job_id) & (Job.attempts == attempt)
    try:
        if attempt > MAX_ATTEMPTS:
            raise RuntimeError("given up: the worker died at each attempt")
        _HANDLERS[name](session, payload, now)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is kept with the job
        log.error("job %s failed: %s\n%s", name, words_of_fault(error), way_of_fault(error))  # noqa: TRY400
        final = attempt >= MAX_ATTEMPTS
        with write(session):
            _change(
                session,
                mine,
                status=JobState.FAILED if final else JobState.QUEUED,
                error=_words(error),
                lease_until=None,
                run_after=now + FIRST_WAIT * 3 ** (attempt - 1),
            )
        return False
    done = {"status": JobState.DONE, "finished_at": now, "progress": 100, "error": ""}
    with write(session):
        _change(session, mine, lease_until=None, **done)
    return True


def _words(error: Exception) -> str:
    """What went wrong, in characters that every database keeps."""
    text = words_of_fault(error)[:2000].replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")


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


@handler("core.forget_periods", every=timedelta(days=1))
def forget_periods(session: AnySession, _payload: dict[str, Any], now: datetime) -> None:
    """Periodic jobs done long ago leave the table; all others stay, so that none is done twice."""
    old = (Job.status == JobState.DONE) & (Job.finished_at < now - KEEP_PERIODS)
    with write(session):
        session.execute(
            delete(Job)
            .where(old, Job.key.startswith("period-"), Job.name.in_([p.name for p in _PERIODIC]))
            .execution_options(synchronize_session=False)
        )
