"""One format, and ruff's rules: pyproject.toml names the exceptions, each with its reason."""

import subprocess
import sys

import pytest

from tests.house.source import ROOT, fail_with

PLACES = [place for place in ("lms", "migrations", "tests") if (ROOT / place).is_dir()]


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["format", "--check"], "ruff format lms migrations tests"),
        (["check", "--output-format=concise"], "ruff check --fix lms migrations tests"),
    ],
    ids=["format", "check"],
)
def test_ruff(arguments, remedy):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, *PLACES],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        fail_with([done.stdout, done.stderr, f"type: .venv/bin/{remedy}"])
