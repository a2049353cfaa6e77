"""Instants, keys, and the promise of `write`: what is read inside is true until the commit."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session

from lms.core import clock
from lms.core.db import db, write
from lms.core.throttle import Try
from tests.core.processes import finish, start

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)

COUNT = """
import sys
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from lms.core.db import write
engine = create_engine(sys.argv[1])
with Session(engine) as session:
    for _ in range(int(sys.argv[2])):
        with write(session):
            number = session.scalar(text("SELECT number FROM counter"))
            session.execute(text("UPDATE counter SET number = :n"), {"n": number + 1})
engine.dispose()
"""


def test_an_instant_comes_back_aware_and_in_utc(session):
    dakar_summer = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    session.add(Try(key="a", at=dakar_summer))
    session.commit()
    session.expire_all()
    found = session.scalar(select(Try.at))
    assert found == NOON
    assert found.tzinfo is UTC
    assert session.scalar(select(func.min(Try.at)).where(Try.at <= dakar_summer)) == NOON


def test_a_naive_instant_is_refused(session):
    session.add(Try(key="a", at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the fault
    with pytest.raises(StatementError, match="aware"):
        session.flush()


def test_the_clock_can_be_stopped():
    with clock.frozen(NOON), clock.frozen(NOON + timedelta(days=1)) as later:
        assert clock.now() == later
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_write_is_undone_by_an_error(session):
    with pytest.raises(ZeroDivisionError):
        interrupted(session)
    assert session.scalar(select(func.count()).select_from(Try)) == 0


def interrupted(session):
    with write(session):
        session.add(Try(key="a", at=NOON))
        session.flush()
        raise ZeroDivisionError


def test_a_write_reads_anew(session):
    row = Try(key="before", at=NOON)
    session.add(row)
    session.commit()
    assert row.key == "before"
    session.execute(text("UPDATE throttle_try SET key = 'after'"))
    with write(session):
        pass
    assert row.key == "before"  # what had not been committed is gone
    session.execute(text("UPDATE throttle_try SET key = 'after'"))
    session.commit()
    with write(session):
        assert row.key == "after"


def test_a_write_inside_a_write_is_refused(session):
    """The inner one would undo what the outer one has done so far."""
    with pytest.raises(RuntimeError, match="inside"), write(session), write(session):
        pass
    with write(session):
        session.add(Try(key="a", at=NOON))
    assert session.scalar(select(func.count()).select_from(Try)) == 1


@pytest.mark.slow
def test_eight_processes_lose_nothing(clone_database):
    url = clone_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    finish(start(COUNT, url, 25, copies=8))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT number FROM counter")) == 200
    engine.dispose()


def test_a_reader_is_not_kept_waiting(clone_database):
    engine = create_engine(clone_database())
    with Session(engine) as writer, Session(engine) as reader, write(writer):
        writer.add(Try(key="a", at=NOON))
        writer.flush()
        assert reader.scalar(select(func.count()).select_from(Try)) == 0
    engine.dispose()


@pytest.mark.slow
def test_a_writer_that_waits_too_long_says_so(clone_database):
    """Five seconds, then OperationalError: the page says 503 and Retry-After."""
    engine = create_engine(clone_database())
    with Session(engine) as first, Session(engine) as second, write(first):
        with pytest.raises(OperationalError), write(second):
            pass
        assert second.scalar(select(func.count()).select_from(Try)) == 0
    engine.dispose()


def test_constraints_have_names(app):
    with app.app_context():
        unnamed = [
            f"{table.name}: {constraint}"
            for table in db.metadata.tables.values()
            for constraint in table.constraints
            if not constraint.name
        ]
    assert not unnamed
