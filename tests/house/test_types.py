"""mypy, strict, on the whole package."""

import subprocess
import sys

from tests.house.source import ROOT, fail_with


def test_mypy():
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        fail_with([done.stdout, done.stderr])
