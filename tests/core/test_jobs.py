"""Jobs: asked for once, claimed by one, taken over from the dead, retried, then left to stand."""

import signal
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from lms.core import jobs
from lms.core.db import write
from lms.core.jobs import LEASE, MAX_ATTEMPTS, Job, JobState
from tests.core.processes import finish, start

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)

WORK = r"""
import os, sys, time
from datetime import datetime, UTC
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from lms.core import jobs
from lms.core.db import write

@jobs.handler("toy.work")
def work(session, payload, now):
    os.write(1, f"{payload['number']}\n".encode())  # at once: the copies share one pipe
    time.sleep(payload.get("seconds", 0))

engine = create_engine(sys.argv[1])
with Session(engine) as session:
    jobs.run_pending(session, lambda: datetime.fromisoformat(sys.argv[2]))
engine.dispose()
"""


@pytest.fixture
def toy(monkeypatch):
    """Register handlers for one test: `toy(name)(function)`."""
    monkeypatch.setattr(jobs, "_HANDLERS", dict(jobs._HANDLERS))
    monkeypatch.setattr(jobs, "_PERIODIC", [])
    monkeypatch.setattr(jobs, "_wakers", [])
    return jobs.handler


def ask(session, name="toy.work", key="1", now=NOW, **payload):
    with write(session):
        return jobs.enqueue(session, name, key, payload, now).id


def work(session, now=NOW):
    return jobs.run_pending(session, lambda: now)


def test_a_job_is_done_once(session, toy):
    done = []
    toy("toy.work")(lambda _session, payload, now: done.append((payload, now)))
    key = ask(session, number=7)
    assert work(session) == 1
    assert work(session) == 0
    assert done == [({"number": 7}, NOW)]
    job = session.get_one(Job, key)
    assert (job.status, job.progress, job.finished_at) == (JobState.DONE, 100, NOW)
    assert job.lease_until is None


def test_the_same_name_and_key_make_one_job(session, toy):
    toy("toy.work")(lambda *_: None)
    first = ask(session)
    assert ask(session) == first
    work(session)
    assert ask(session) == first, "not even when it is done"
    assert ask(session, key="2") != first
    assert ask(session, name="toy.other") != first


def test_what_is_undone_was_not_asked_for(session, toy):
    woken = []
    jobs.on_enqueued(lambda: woken.append(1))
    with pytest.raises(ZeroDivisionError):
        interrupted(session)
    assert not session.scalars(select(Job)).all()
    assert not woken


def interrupted(session):
    with write(session):
        jobs.enqueue(session, "toy.work", "1", {}, NOW)
        raise ZeroDivisionError


def test_the_oldest_first_and_none_before_its_time(session, toy):
    order = []
    toy("toy.work")(lambda _session, payload, now: order.append(payload["number"]))
    ask(session, key="late", now=NOW + timedelta(seconds=2), number=3)
    ask(session, key="later", now=NOW + timedelta(hours=1), number=4)
    ask(session, key="early", now=NOW, number=1)
    ask(session, key="next", now=NOW + timedelta(seconds=1), number=2)
    assert work(session, NOW + timedelta(seconds=5)) == 3
    assert order == [1, 2, 3]


def test_a_failure_is_retried_more_and_more_slowly_then_stands(session, toy):
    """A mail server that is away for a day loses nothing; a fault is visible in the end."""
    tried = []

    def fail(_session, _payload, now):
        tried.append(now)
        raise ConnectionError("no server\0 here")

    toy("toy.work")(fail)
    key = ask(session)
    now = NOW
    for _ in range(20):
        work(session, now)
        now = session.get_one(Job, key).run_after
        session.rollback()
    job = session.get_one(Job, key)
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert (job.status, len(tried)) == (JobState.FAILED, MAX_ATTEMPTS)
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(minutes=1)
    assert tried[-1] - tried[0] >= timedelta(hours=24)
    assert job.error == "ConnectionError: no server here"


def test_a_failed_job_keeps_no_half_work(session, toy):
    def half(session, _payload, now):
        with write(session):
            jobs.enqueue(session, "toy.other", "1", {}, now)
            raise ValueError("half done")

    toy("toy.work")(half)
    ask(session)
    work(session)
    assert session.scalars(select(Job.name)).all() == ["toy.work"]


def test_an_unknown_name_fails_visibly(session, toy):
    key = ask(session, name="toy.unheard-of")
    assert work(session) == 0
    assert "KeyError" in session.get_one(Job, key).error


def test_a_lease_keeps_others_away_until_it_runs_out(session, toy):
    key = ask(session)
    assert jobs.claim(session, NOW).id == key
    assert jobs.claim(session, NOW + LEASE) is None
    again = jobs.claim(session, NOW + LEASE + timedelta(seconds=1))
    assert (again.id, again.attempts) == (key, 2)


@pytest.mark.parametrize("fails", [False, True])
def test_who_lost_the_lease_does_not_tell_the_end(session, toy, fails):
    """A slow worker comes back after another has claimed its job."""
    late = NOW + LEASE + timedelta(seconds=1)

    def slow(session, _payload, _now):
        assert jobs.claim(session, late).attempts == 2
        if fails:
            raise TimeoutError

    toy("toy.work")(slow)
    key = ask(session)
    jobs.perform(session, jobs.claim(session, NOW).id, NOW)
    job = session.get_one(Job, key)
    assert (job.status, job.lease_until, job.error) == (JobState.RUNNING, late + LEASE, "")


def test_a_job_that_kills_its_workers_is_given_up(session, toy):
    toy("toy.work")(lambda *_: pytest.fail("not once more"))
    key = ask(session)
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        assert jobs.claim(session, now) is not None
        now += LEASE + timedelta(seconds=1)
    assert work(session, now) == 0
    job = session.get_one(Job, key)
    assert job.status is JobState.FAILED
    assert "died" in job.error


def test_the_clock_asks_once_a_period(session, toy):
    toy("toy.hourly", every=timedelta(hours=1))(lambda *_: None)
    for minute in (0, 20, 59, 60, 61):
        jobs.ask_periodic(session, NOW + timedelta(minutes=minute))
    assert len(session.scalars(select(Job)).all()) == 2


def test_old_periods_are_forgotten_and_nothing_else(session, toy):
    toy("toy.hourly", every=timedelta(hours=1))(lambda *_: None)
    toy("toy.work")(lambda *_: None)
    jobs.ask_periodic(session, NOW)
    ask(session, key="period-1")
    work(session)
    later = NOW + timedelta(days=8)
    jobs.ask_periodic(session, later)
    jobs.forget_periods(session, {}, later)
    kept = sorted((job.name, job.status.value) for job in session.scalars(select(Job)))
    assert kept == [("toy.hourly", "queued"), ("toy.work", "done")]


def test_a_commit_wakes_the_worker_a_savepoint_does_not(session, toy):
    woken = []
    jobs.on_enqueued(lambda: woken.append(1))
    with write(session):
        with session.begin_nested():
            jobs.enqueue(session, "toy.work", "1", {}, NOW)
        with session.begin_nested():
            pass
        assert not woken
    assert woken == [1]
    with write(session):
        jobs.enqueue(session, "toy.work", "1", {}, NOW)
    assert len(woken) == 1, "what was asked for already wakes nobody"


def test_a_worker_that_cannot_be_woken_does_not_undo_the_commit(session, toy):
    def broken():
        raise ConnectionError("no Redis")

    jobs.on_enqueued(broken)
    key = ask(session)
    assert session.get_one(Job, key).status is JobState.QUEUED


@pytest.mark.slow
def test_each_job_by_one_of_many_workers(clone_database):
    url = clone_database()
    engine = create_engine(url)
    with Session(engine) as session, write(session):
        for number in range(40):
            jobs.enqueue(session, "toy.work", str(number), {"number": number}, NOW)
    told = finish(start(WORK, url, NOW.isoformat(), copies=4))
    assert sorted(int(line) for line in told.split()) == list(range(40))
    with Session(engine) as session:
        assert set(session.scalars(select(Job.attempts))) == {1}
    engine.dispose()


@pytest.mark.slow
def test_a_job_outlives_the_death_of_its_worker(clone_database):
    url = clone_database()
    engine = create_engine(url)
    with Session(engine) as session:
        key = ask(session, number=1, seconds=60)
        victim = start(WORK, url, NOW.isoformat())
        assert victim.stdout.readline() == "1\n"
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
        assert session.get_one(Job, key).status is JobState.RUNNING
        session.rollback()
        assert jobs.claim(session, NOW) is None
        late = NOW + LEASE + timedelta(seconds=1)
        with write(session):
            session.get_one(Job, key).payload = {"number": 2}
        assert finish(start(WORK, url, late.isoformat())) == "2\n"
        job = session.get_one(Job, key)
        assert (job.status, job.attempts) == (JobState.DONE, 2)
    engine.dispose()
