"""Kills workers at the named places of issuing; started by `test_kill.py` as a process of its own.

This parent has everything loaded and warm, and forks a worker for each kill. It never touches the
file store itself: the store's threads would not survive the fork.

    python -m tests.credentials.killing <database> <data folder> <kills> <seed>
"""

import faulthandler
import itertools
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.core.db import db, write
from lms.core.jobs import Job, JobState, enqueue, run_pending
from lms.core.settings import Settings
from lms.credentials import crash, jobs, pdf, proof, service
from lms.credentials.issuer import body_of
from lms.credentials.models import Certificate, RegisterCounter
from lms.credentials.offline import ExitCode, verify_file
from lms.credentials.rules import CertificateState
from tests.credentials.sample import FACTS, open_office
from tests.factories import credentials as factory
from tests.factories.credentials import NOW

PATIENCE_SECONDS = 120
_checked: set[str] = set()


def in_child(do: Callable[[], None]) -> int:
    """Run `do` in a forked worker; returns the signal that killed it, or 0 when it came through."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        faulthandler.dump_traceback_later(PATIENCE_SECONDS, exit=True)
        try:
            do()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - a child must never run the parent's code
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) == 0, "the worker failed"
    return 0


def die_at(name: str, count: int) -> None:
    """From now on, die when the place called `name` is passed for the `count`-th time."""
    passed = itertools.count(1)

    def hook(point: str) -> None:
        if point == name and next(passed) == count:
            os.kill(os.getpid(), signal.SIGKILL)

    crash.hook = hook


def ask(award_id: object, at: datetime) -> None:
    """Have the certificate of an award issued, as a released decision does."""
    with write(db.session) as session:
        enqueue(session, "credentials.issue", str(award_id), {"award": str(award_id)}, at)


def check_register(app: Flask) -> list[Certificate]:
    """What must hold at every moment, whatever has died."""
    rows = factory.all_of(db.session)
    counter = db.session.get(RegisterCounter, NOW.year)
    taken = counter.last if counter else 0
    expected = [f"TC-{NOW.year}-{count:06d}" for count in range(1, taken + 1)]
    assert [row.register_number for row in rows] == expected, "a number is lost or doubled"
    assert len({row.award_id for row in rows}) == len(rows), "two certificates of one award"
    keys = body_of(app).public_keys
    for row in rows:
        if row.credential is not None:
            document = json.loads(row.credential)
            proof.check(document, keys)
            content = {name: value for name, value in document.items() if name != "proof"}
            assert content == json.loads(row.payload)["document"], "signed, but not as stored"
    return rows


def check_files(app: Flask, rows: list[Certificate]) -> set[str]:
    """No file carries a signature of which the register knows nothing; returns all hashes."""
    keys = body_of(app).public_keys
    signed = {row.register_number for row in rows if row.credential is not None}
    found = {path.name: path for path in (app.config["SETTINGS"].data_dir / "files").glob("*/*")}
    for name in found.keys() - _checked:
        path = found[name]
        report = verify_file(path.read_bytes(), keys, now=NOW)
        assert report.exit_code is ExitCode.NOT_CHECKED, report
        assert report.credential is not None
        number = report.credential["credentialSubject"]["licenseNumber"]
        assert number in signed, "signed but unrecorded"
        _checked.add(name)
    return set(found)


def check_end(app: Flask) -> None:
    """After a worker that lived: all is issued and printed, nothing waits, no file is left over."""
    rows = check_register(app)
    files = check_files(app, rows)
    assert all(row.state is CertificateState.ISSUED for row in rows)
    assert all(len(row.documents) == len(FACTS.languages) for row in rows)
    assert files == {document.sha256 for row in rows for document in row.documents}
    assert not db.session.scalars(select(Job).where(Job.status != JobState.DONE)).all()
    for purpose in ("revocation", "suspension"):
        assert service.find_list(db.session, purpose, 1) is not None


def kill_many(app: Flask, kills: int, seed: int) -> None:
    """Each round one award more, and a worker that dies somewhere; in the end one that lives."""
    draw = random.Random(seed)  # the same places on every run
    places = itertools.cycle(draw.sample(crash.POINTS, len(crash.POINTS)))
    at, died = NOW, 0

    def work() -> None:
        die_at(place, count)
        run_pending(db.session, lambda: at)

    while died < kills:
        ask(factory.award(db.session).id, at)
        place, count = next(places), draw.choice([1, 1, 1, 2])
        died += in_child(work) == signal.SIGKILL
        check_files(app, check_register(app))
        at += timedelta(minutes=10)  # the dead worker's lease runs out
    at += timedelta(days=2)  # and so does every wait before another attempt
    assert in_child(lambda: print(run_pending(db.session, lambda: at), "jobs done")) == 0
    check_end(app)


def every_place(app: Flask) -> None:
    """A place that no worker passes would prove nothing."""
    ask(factory.award(db.session).id, NOW)

    def work() -> None:
        passed: set[str] = set()
        crash.hook = passed.add
        run_pending(db.session, lambda: NOW)
        assert passed == set(crash.POINTS), passed ^ set(crash.POINTS)

    assert in_child(work) == 0
    check_end(app)


def at_once(app: Flask) -> None:
    """Three workers on the same three awards: three certificates come of it."""
    awards = [factory.award(db.session).id for _ in range(3)]
    db.session.remove()
    db.engine.dispose()
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            try:
                for award_id in awards:
                    jobs._issue(db.session, body_of(app), award_id, 1, NOW)
                os._exit(0)
            except BaseException as error:  # noqa: BLE001 - as above
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    rows = check_register(app)
    assert {row.award_id for row in rows} >= set(awards)
    assert all(row.state is CertificateState.ISSUED for row in rows)


def main(url: str, folder: str, kills: str, seed: str) -> None:
    """Pass every place once, kill workers at all of them, race three. Raises AssertionError."""
    settings = {
        "LMS_DATA_DIR": folder,
        "LMS_DATABASE_URL": url,
        "LMS_BASE_URL": "https://coaching.example",
        "LMS_SECRET_KEY": "only for tests, only for tests, only for tests",
        "LMS_MAIL_URL": "outbox:",
    }
    app = create_app(Settings.from_env(settings))
    office = open_office(Path(folder) / "warm-up")
    pdf.render(FACTS, "ar", json.dumps(office.credential()).encode())
    with app.app_context():
        body_of(app).signing_key(NOW)
        every_place(app)
        kill_many(app, int(kills), int(seed))
        at_once(app)
    print("well")


if __name__ == "__main__":
    main(*sys.argv[1:])
