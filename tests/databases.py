"""Databases for the tests: migrated once, cloned in milliseconds, on SQLite and on PostgreSQL.

A server has `empty()` (a database without tables), `clone()` (a copy of the migrated template, or
of another database) and `drop(url)`. The PostgreSQL one is started here, in a folder of its own,
reachable through a socket only, and goes with the tests.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import AbstractContextManager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Protocol, Self

from sqlalchemy import create_engine, make_url, text

NO_POSTGRES = "no PostgreSQL server here: type `apt-get install postgresql` (./run test does it)"


class Server(Protocol):
    """What both kinds of database offer to the tests."""

    name: str

    def empty(self) -> str:
        """Address of a new database without tables."""

    def clone(self, source: str | None = None) -> str:
        """Address of a copy of the migrated template, or of `source`, which nobody may be using."""

    def drop(self, url: str) -> None:
        """Forget one database."""


class SqliteServer:
    """Files in one folder."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def empty(self) -> str:
        return f"sqlite:///{self._folder / f'test-{next(self._numbers)}.sqlite3'}"

    def clone(self, source: str | None = None) -> str:
        url = self.empty()
        shutil.copyfile(_file(source or self._template), _file(url))
        return url

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            _file(url).with_name(_file(url).name + suffix).unlink(missing_ok=True)

    @cached_property
    def _template(self) -> str:
        return _migrated(self.empty())


class PostgresServer(AbstractContextManager["PostgresServer"]):
    """A server of our own, from the newest one installed; as user `postgres` when we are root."""

    name = "postgresql"

    def __init__(self) -> None:
        self._bin = postgres_bin()
        self._numbers = count(1)

    def __enter__(self) -> Self:
        # Not below pytest's own folder: that one is closed to other users.
        self._folder = Path(tempfile.mkdtemp(prefix="lms-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "--no-sync", "--locale=C.UTF-8", "--auth=trust", "--username=lms")
        # Nothing here outlives the tests: no need to wait for the disk.
        careless = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        local = f"-c listen_addresses= -c unix_socket_directories={self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", "--log", log, "--options", f"{careless} {local}")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def empty(self) -> str:
        return self._create("template0")

    def clone(self, source: str | None = None) -> str:
        return self._create(make_url(source or self._template).database or "")

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @cached_property
    def _template(self) -> str:
        return _migrated(self.empty())

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url(name)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://lms@/{database}?host={self._folder}"

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        data = str(self._folder / "data")
        # Files, not pipes: the server would keep a pipe open, and we would wait for it.
        with (self._folder / f"{program}.out").open("w+") as out:
            done = subprocess.run(
                [*who, str(self._bin / program), "--pgdata", data, *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self._folder,
            )
            if done.returncode:
                out.seek(0)
                raise RuntimeError(f"{program} failed:\n{out.read()}")


def postgres_bin() -> Path | None:
    """Folder of the newest PostgreSQL server's programs, if there is one."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _migrated(url: str) -> str:
    from lms.core.schema import upgrade

    upgrade(url)
    return url
