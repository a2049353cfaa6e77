"""Workers are killed (SIGKILL) at every named place of issuing: nothing is lost or doubled."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def run(clone_database, tmp_path, repository):
    """Run a scenario of `killing.py` on a database of its own."""

    def scenario(*arguments: str) -> None:
        name, *more = arguments
        command = [sys.executable, "-m", "tests.credentials.killing", name, clone_database()]
        done = subprocess.run(
            [*command, str(tmp_path), *more],
            check=False,
            cwd=repository,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(repository)},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.rstrip().endswith("well")

    return scenario


@pytest.mark.slow
def test_killed_at_every_place(run):
    run("kill", "20", "11")


@pytest.mark.soak
def test_killed_two_hundred_times(run):
    run("kill", "200", "12")


@pytest.mark.slow
def test_every_place_is_passed(run):
    run("places")


@pytest.mark.slow
def test_workers_on_one_award_at_once(run):
    run("at-once")
