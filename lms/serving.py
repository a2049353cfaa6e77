"""`lms serve`, `lms worker`, `lms doctor`: the processes of an installation."""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import create_engine, text

from lms.app import create_app
from lms.core import clock, installation, jobs, schema
from lms.core.db import db, write
from lms.core.errors import Refusal
from lms.core.labels import refusal_text
from lms.core.settings import Settings


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(serve)
    cli.add_command(worker)
    cli.add_command(doctor)


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("lms", url=settings.redis_url)
    return SqliteHuey("lms", filename=str(settings.data_dir / "queue.sqlite3"))


def wake_worker(settings: Settings) -> None:
    """From now on, a commit that enqueues a job in this process wakes the worker."""
    queue = _queue(settings)
    drain = queue.task(name="drain")(lambda: None)

    def wake() -> None:
        drain()

    jobs.on_enqueued(wake)
    queue.storage.close()  # the web processes are forked from this one, and open their own


def _work(app: Flask) -> None:
    with app.app_context():
        jobs.run_pending(db.session, clock.now)
        db.session.remove()


def _tick(app: Flask) -> None:
    with app.app_context():
        jobs.ask_periodic(db.session, clock.now())
        jobs.run_pending(db.session, clock.now)
        db.session.remove()


@click.command()
def worker() -> None:
    """Do the jobs: mail, certificates, status lists.

    Example: lms worker
    """
    settings = Settings.from_env(os.environ)
    app = create_app(settings)
    queue = _queue(settings)
    queue.task(name="drain")(lambda: _work(app))
    queue.periodic_task(crontab(minute="*"), name="tick")(lambda: _tick(app))
    _tick(app)
    queue.create_consumer(workers=1, periodic=True, initial_delay=0.2, max_delay=2.0).run()


class _Server(BaseApplication):
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


@click.command()
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), show_default="8000")
@click.option("--bind", default="127.0.0.1", help="Address to listen on.", show_default=True)
def serve(port: int, bind: str) -> None:
    """Serve the pages, with one worker beside.

    Example: lms serve --port 8000
    """
    settings = Settings.from_env(os.environ)
    ready(settings)
    serve_here(settings, port, bind)


def lan_address() -> str:
    """This machine's address on the local network; `localhost` when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # documentation address (RFC 5737): nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return "localhost"


def serve_here(settings: Settings, port: int, bind: str) -> None:
    """Serve on `bind`:`port` until stopped; the worker stops with the server."""
    app = create_app(settings)
    wake_worker(settings)
    child = subprocess.Popen([sys.executable, "-m", "lms", "worker"])
    options = {
        "bind": f"{bind}:{port}",
        "workers": settings.workers,
        "threads": 8,
        "worker_class": "gthread",
        "accesslog": None,
        "loglevel": "warning",
        "timeout": 60,
        "preload_app": True,
        "on_exit": lambda _server: child.terminate(),
    }
    try:
        _Server(app, options).run()
    finally:
        child.terminate()


def ready(settings: Settings) -> None:
    """Migrate, and settle whether this is a demonstration. Raises ClickException."""
    schema.upgrade(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        try:
            with write(db.session) as session:
                installation.settle(session, demo=settings.demo, now=clock.now())
        except Refusal as refusal:
            raise click.ClickException(refusal_text(refusal)) from None
        finally:
            db.session.remove()
            db.engine.dispose()


@click.command()
def doctor() -> None:
    """Say what this installation lacks and how to mend it; exit 1 if something does.

    Example: lms doctor
    """
    settings = Settings.from_env(os.environ)
    lacking = False
    for name, probe, remedy in _probes(settings):
        try:
            probe()
        except Exception as error:  # noqa: BLE001 - a doctor names every illness
            lacking = True
            what = (str(error) or type(error).__name__).splitlines()[0]
            click.echo(f"✗ {name}: {what}\n  → {remedy}")
        else:
            click.echo(f"✓ {name}")
    if lacking:
        raise SystemExit(1)


def _probes(settings: Settings) -> list[tuple[str, Callable[[], object], str]]:
    def writable() -> None:
        probe = Path(settings.data_dir) / ".probe"
        probe.touch()
        probe.unlink()

    def database() -> None:
        engine = create_engine(settings.database_url)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
                if schema.current(connection) != schema.head():
                    raise RuntimeError("the database is not up to date")
        finally:
            engine.dispose()

    def pdf() -> None:
        logging.getLogger("weasyprint").setLevel(logging.ERROR)
        import_module("weasyprint").HTML(string="<p>é ت</p>").write_pdf()

    apt = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    return [
        ("Python 3.11 or newer", lambda: None, ""),
        (f"data folder {settings.data_dir}", writable, "choose a folder with LMS_DATA_DIR"),
        ("database", database, "lms db upgrade, or mend LMS_DATABASE_URL"),
        ("PDF (Pango)", pdf, f"Debian: {apt} · macOS: brew install pango"),
    ]
