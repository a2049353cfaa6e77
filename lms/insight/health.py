"""Whether the installation can do its work, for operators and load balancers."""

import os
import shutil
from collections.abc import Callable
from ctypes.util import find_library
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from lms.core import schema
from lms.core.db import AnySession
from lms.core.jobs import Job, JobState
from lms.core.settings import Settings

MIN_FREE_BYTES = 200 * 1024 * 1024
MAX_WAIT = timedelta(minutes=10)


def readiness(session: AnySession, now: datetime) -> dict[str, Any]:
    """Each part with `ok` and, where it is not, what is wrong."""
    settings: Settings = current_app.config["SETTINGS"]
    probes: dict[str, Callable[[], str]] = {
        "database": lambda: _database(session),
        "migrations": lambda: _migrations(session),
        "queue": lambda: _queue(session, now),
        "disk": lambda: _disk(settings),
        "keys": lambda: _keys(settings),
        "pdf": _pdf,
    }
    found: dict[str, Any] = {}
    for name, probe in probes.items():
        try:
            wrong = probe()
        except Exception as error:  # noqa: BLE001 - a probe reports, whatever is wrong
            wrong = type(error).__name__
        found[name] = {"ok": not wrong, **({"wrong": wrong} if wrong else {})}
    return found


def _database(session: AnySession) -> str:
    session.execute(select(1))
    return ""


def _migrations(session: AnySession) -> str:
    current = schema.current(session.connection())
    return "" if current == schema.head() else f"at {current}, the code wants {schema.head()}"


def _queue(session: AnySession, now: datetime) -> str:
    oldest = session.scalar(select(func.min(Job.run_after)).where(Job.status == JobState.QUEUED))
    return "jobs wait for more than 10 minutes" if oldest and now - oldest > MAX_WAIT else ""


def _disk(settings: Settings) -> str:
    return "" if shutil.disk_usage(settings.data_dir).free > MIN_FREE_BYTES else "nearly full"


def _keys(settings: Settings) -> str:
    folder = settings.data_dir / "keys"
    return "" if folder.is_dir() and os.access(folder, os.R_OK) else "no signing keys yet"


def _pdf() -> str:
    return "" if find_library("pango-1.0") else "Pango is missing: see lms doctor"
