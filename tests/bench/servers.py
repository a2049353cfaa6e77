"""Servers of a run: product and bare page, each its own process tree, with the CPU they used."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")
BARE = ["-m", "gunicorn", "--workers", "2", "--threads", "8", "--worker-class", "gthread"]


@dataclass(frozen=True)
class Server:
    """One running process tree."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """CPU that the tree has used so far, user and system."""
        return sum(_cpu(pid) for pid in _tree(self.pid))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            found += _tree(int(child))
    return found


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, url: str, port: int) -> dict[str, str]:
    """What the product is told: a demonstration on `url`."""
    return {
        **os.environ,
        "LMS_DEMO": "1",
        "LMS_DATA_DIR": str(data),
        "LMS_DATABASE_URL": url,
        "LMS_BASE_URL": f"http://localhost:{port}",
    }


def lms(environ: dict[str, str], *arguments: str) -> str:
    """Run one command of the product and return what it prints."""
    command = [sys.executable, "-m", "lms", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"lms {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def shown(environ: dict[str, str]) -> dict[str, Any]:
    """`lms demo show --json`."""
    answer: dict[str, Any] = json.loads(lms(environ, "demo", "show", "--json"))
    return answer


@contextmanager
def running(environ: dict[str, str], arguments: list[str], port: int) -> Iterator[Server]:
    """Start `python <arguments>` and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit(f"nothing answers on port {port}: {arguments}")
        time.sleep(1)
        yield Server(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
