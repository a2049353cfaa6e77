"""Workers are killed (SIGKILL) at every named place of issuing: nothing is lost or doubled.

One process for all of it, since loading what a worker needs takes longest: every place is passed,
then workers die at each in turn, then three workers race for the same awards (`killing.py`).
"""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def kill(clone_database, tmp_path, repository):
    """Kill so many workers on a database of its own."""

    def run(kills: int, seed: int) -> None:
        arguments = [clone_database(), str(tmp_path), str(kills), str(seed)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.credentials.killing", *arguments],
            check=False,
            cwd=repository,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(repository)},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.rstrip().endswith("well")

    return run


@pytest.mark.slow
def test_no_number_is_lost_and_nothing_signed_is_unrecorded(kill, database_server):
    """Twenty times on SQLite; some on PostgreSQL, where `./run soak` has two hundred as well."""
    kill(20 if database_server.name == "sqlite" else 6, seed=11)


@pytest.mark.soak
def test_two_hundred_times(kill):
    kill(200, seed=12)
