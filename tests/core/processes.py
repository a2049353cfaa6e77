"""Starting Python processes on one database, and waiting for them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

COPIES = """
import os, sys
import lms.core.jobs, psycopg
children = []
for _ in range({copies}):
    child = os.fork()
    if not child:
        break
    children.append(child)
else:
    ends = [os.waitpid(child, 0)[1] for child in children]
    sys.exit(1 if any(ends) else 0)
"""
"""What takes long to import is imported once; then each copy runs what follows by itself."""


def start(code: str, *arguments: object, copies: int = 0) -> "subprocess.Popen[str]":
    """Run `code` in a process of its own, or in so many at once; it reads `sys.argv[1:]`."""
    if copies:
        code = COPIES.format(copies=copies) + code
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]") -> str:
    """What it printed. Fails if it, or one of its copies, did."""
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out
