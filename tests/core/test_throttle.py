"""Counting tries: exact under any number of hands, forgotten in time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from lms.core import throttle
from lms.core.db import write
from lms.core.errors import Refusal
from lms.core.throttle import Limit, Try

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIMIT = Limit(3, timedelta(minutes=10))


def test_so_many_and_no_more(session):
    for second in range(3):
        throttle.check(session, "key", LIMIT, NOW)
        throttle.note(session, "key", NOW + timedelta(seconds=second))
    with pytest.raises(Refusal) as refused:
        throttle.check(session, "key", LIMIT, NOW + timedelta(seconds=61))
    assert refused.value.code == "throttled"
    assert refused.value.params == {"minutes": 9}
    throttle.check(session, "another", LIMIT, NOW)


@pytest.mark.parametrize(("after", "minutes"), [(0, 10), (30, 10), (61, 9), (599, 1)])
def test_the_wait_is_never_told_too_short(session, after, minutes):
    for _ in range(3):
        throttle.note(session, "key", NOW)
    with pytest.raises(Refusal) as refused:
        throttle.check(session, "key", LIMIT, NOW + timedelta(seconds=after))
    assert refused.value.params == {"minutes": minutes}


def test_the_window_slides(session):
    for minute in (0, 5, 6):
        throttle.note(session, "key", NOW + timedelta(minutes=minute))
    with pytest.raises(Refusal):
        throttle.check(session, "key", LIMIT, NOW + timedelta(minutes=9, seconds=59))
    throttle.check(session, "key", LIMIT, NOW + timedelta(minutes=10))


def test_a_success_forgets_one_key(session):
    for _ in range(3):
        throttle.note(session, "key", NOW)
        throttle.note(session, "other", NOW)
    throttle.forget(session, "key")
    throttle.check(session, "key", LIMIT, NOW)
    with pytest.raises(Refusal):
        throttle.check(session, "other", LIMIT, NOW)


def test_old_tries_leave_the_table(session):
    """They hold addresses of people: none is kept for more than about a day."""
    throttle.note(session, "long-ago", NOW - timedelta(days=2))
    throttle.note(session, "today", NOW)
    session.commit()
    throttle.forget_old(session, {}, NOW)
    assert session.scalars(select(Try.key)).all() == ["today"]


def test_a_thousand_hands_at_once(clone_database):
    """Checked and noted in one write, before any password is looked at: exactly so many pass."""
    engine = create_engine(clone_database(), pool_size=12)
    limit, passed, start = Limit(5, timedelta(minutes=10)), [], threading.Barrier(12)

    def guess():
        start.wait()
        with Session(engine) as session:
            for _ in range(4):
                try:
                    with write(session):
                        throttle.check(session, "account", limit, NOW)
                        throttle.note(session, "account", NOW)
                except Refusal:
                    continue
                passed.append(1)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Try)) == 5
    engine.dispose()
    assert len(passed) == 5
