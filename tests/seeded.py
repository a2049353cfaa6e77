"""The demonstration as a database for tests: loaded once a run, copied for each worker and kind.

The first worker that asks loads it on SQLite, as `lms demo load` does; the others wait at a lock
and copy the file. PostgreSQL gets the same rows. What the demonstration lacks, and the canaries,
are added in `tests.policy.seeded`.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, select, text

from tests.databases import Server

ENVIRON = {
    "LMS_DEMO": "1",
    "LMS_BASE_URL": "https://coaching.example",
    "LMS_SECRET_KEY": "only for tests, only for tests, only for tests",
    "LMS_MAIL_URL": "outbox:",
}


@dataclass(frozen=True)
class Seeded:
    """A database of one kind with the demonstration in it, and the folder of its files."""

    name: str
    url: str
    data_dir: Path


def seed(server: Server, shared: Path, own: Path, make_app: Callable[..., Any]) -> Seeded:
    """A copy of the demonstration for this worker; `shared` is the same folder for all workers."""
    source = _loaded_once(shared, make_app)
    data_dir = own / f"seeded-{server.name}"
    shutil.copytree(source / "data", data_dir)
    if server.name == "sqlite":
        return Seeded(server.name, server.clone(_url(source)), data_dir)
    url = server.clone()
    _copy(_url(source), url)
    return Seeded(server.name, url, data_dir)


def cookie_of(app: Any, session: Any, persona: str) -> tuple[str, str]:
    """Name and value of the cookie of a persona's browser, its session opened in the database."""
    from lms.demo.personas import BY_KEY
    from lms.people.models import Person

    email = BY_KEY[persona].email
    person = session.scalars(select(Person).where(Person.email == email)).one()
    return cookie_for(app, session, person)


def cookie_for(app: Any, session: Any, person: Any) -> tuple[str, str]:
    """The same for anybody."""
    from lms.core import clock
    from lms.people.sessions import service as sessions

    token = sessions.open_session(session, person, clock.now())
    session.commit()
    signed = app.session_interface.get_signing_serializer(app).dumps({"_user_id": token})
    return app.config["SESSION_COOKIE_NAME"], signed


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'seeded.sqlite3'}"


def _loaded_once(shared: Path, make_app: Callable[..., Any]) -> Path:
    folder = shared / "seeded"
    with (shared / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        failure = folder / "failed"
        if failure.exists():
            pytest.fail(failure.read_text("utf-8"), pytrace=False)
        if not (folder / "ready").exists():
            (folder / "data").mkdir(parents=True)
            failure.write_text("loading the demonstration failed in another worker", "utf-8")
            _load(folder, failure)
            _add(folder, make_app)
            failure.unlink()
            (folder / "ready").touch()
    return folder


def _load(folder: Path, failure: Path) -> None:
    """As people do it: a process of its own, so that nothing of it stays in this one."""
    here = {"LMS_DATA_DIR": str(folder / "data"), "LMS_DATABASE_URL": _url(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "lms", "demo", "load"],
        check=False,
        env=os.environ | ENVIRON | here,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        failure.write_text(f"`lms demo load` failed:\n{done.stderr[-4000:]}", "utf-8")
        pytest.fail(failure.read_text("utf-8"), pytrace=False)


def _add(folder: Path, make_app: Callable[..., Any]) -> None:
    from lms.core.db import db, write
    from tests.policy.seeded import canaries, extras

    app = make_app(_url(folder), **ENVIRON, LMS_DATA_DIR=str(folder / "data"))
    with app.app_context():
        with write(db.session) as session:
            extras.add(session, app.extensions["files"])
            canaries.plant(session)
        db.session.remove()
        db.engine.dispose()


def _copy(source: str, target: str) -> None:
    """Every row from one migrated database to another, in whatever order."""
    from lms.app import metadata

    giver, taker = create_engine(source), create_engine(target)
    with giver.connect() as giving, taker.begin() as taking:
        taking.execute(text("SET session_replication_role = replica"))
        for table in metadata.sorted_tables:
            rows = [dict(row) for row in giving.execute(select(table)).mappings()]
            if rows:
                taking.execute(insert(table), rows)
    giver.dispose()
    taker.dispose()
