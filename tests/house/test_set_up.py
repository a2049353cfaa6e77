"""The set-up: `./run`, the locks, and what CI does."""

import re
import shutil
import subprocess
import tomllib

import pytest

from tests.house.source import ROOT

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)


def locked(name: str) -> set[tuple[str, str]]:
    return set(PINNED.findall((ROOT / name).read_text(encoding="utf-8")))


def normal(requirement: str) -> str:
    """`Foo_bar[x]>=1` → `foo-bar`."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[._-]+", "-", found.group()).lower() if found else requirement


def test_the_test_lock_holds_the_run_lock():
    """./run installs the larger one alone."""
    assert not locked("requirements.lock") - locked("requirements-test.lock")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_answers_the_project(name):
    """Changed pyproject.toml? The lock's first lines say how it is made again."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + ["hatchling", "editables"]
    extra = "dev" if "test" in name else "postgres"
    wanted += project["project"]["optional-dependencies"][extra]
    assert not {normal(one) for one in wanted} - {pinned for pinned, _ in locked(name)}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_every_pin_has_a_hash(name):
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    assert not [entry.split()[0] for entry in entries[1:] if "--hash=sha256:" not in entry]


def test_ci_is_run_test():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    acts = [line for line in lines if line and not line.startswith("#")]
    assert acts == ['cd "$(dirname "$0")/.." && exec ./run test']


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_are_posix(script):
    subprocess.run([shutil.which("dash") or "sh", "-n", script], check=True, cwd=ROOT)


def test_run_names_its_commands():
    asked = subprocess.run(["./run", "help"], check=True, cwd=ROOT, capture_output=True, text=True)
    for command in ("demo", "test", "soak", "bench", "screenshots", "serve", "doctor", "lms"):
        assert f"./run {command}" in asked.stdout
    refused = subprocess.run(["./run", "fly"], check=False, cwd=ROOT, capture_output=True)
    assert refused.returncode == 2
