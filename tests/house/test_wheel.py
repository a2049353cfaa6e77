"""The wheel, installed elsewhere, migrates, serves a page and renders a PDF.

Tests that run from the tree cannot notice a file that the wheel forgot.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests.browser import free_port
from tests.house.source import ROOT

pytestmark = pytest.mark.slow

RENDER = """
import lms, pathlib, sys
from weasyprint import HTML
assert pathlib.Path(lms.__file__).is_relative_to(sys.argv[1]), lms.__file__
sys.stdout.buffer.write(HTML(string="<h1>شهادة</h1>").write_pdf())
"""


def call(*arguments: object, cwd: Path, env: dict[str, str] | None = None) -> bytes:
    """Run this Python; what it printed, or a failure with what it complained of."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], check=False, cwd=cwd, env=env, capture_output=True
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")
    return done.stdout


def build(kind: str, source: Path, target: Path) -> Path:
    """Build with hatchling as it is here, without asking any registry."""
    call("-m", "hatchling", "build", "-t", kind, "-d", str(target), cwd=source)
    return next(target.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """An installation far from the checkout, and the environment of a program that uses it."""
    place = tmp_path_factory.mktemp("elsewhere")
    site = str(place / "site")
    call("-m", "pip", "install", "--no-deps", "--no-index", "--target", site, wheel, cwd=place)
    keep = ("PATH", "HOME", "LANG")
    environ = {name: os.environ[name] for name in keep if name in os.environ} | {
        "PYTHONPATH": site,
        "LMS_DATA_DIR": str(place / "data"),
        "LMS_SECRET_KEY": "only for tests, only for tests, only for tests",
        "LMS_MAIL_URL": "outbox:",
    }
    return place, environ


def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


def test_nothing_is_missing_or_there_twice(wheel):
    held = names(wheel)
    assert not [name for name, times in Counter(held).items() if times > 1]
    for place, inside in {
        "lms": "lms",
        "templates": "lms/_data/templates",
        "migrations": "lms/_data/migrations",
        "course_content": "lms/_data/course_content",
    }.items():
        for path in (ROOT / place).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"{inside}/{path.relative_to(ROOT / place).as_posix()}" in held
    tops = {name.split("/")[0] for name in held}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"lms"}


def test_the_source_archive_makes_the_same_wheel(wheel, tmp_path):
    archive = build("sdist", ROOT, tmp_path / "sdist")
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(tmp_path)], check=True)
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    assert sorted(names(build("wheel", unpacked, tmp_path / "dist"))) == sorted(names(wheel))


def test_it_migrates_and_serves(elsewhere):
    place, environ = elsewhere
    call("-m", "lms", "db", "upgrade", cwd=place, env=environ)
    port = free_port()
    environ = environ | {"PORT": str(port), "LMS_BASE_URL": f"http://localhost:{port}"}
    log = place / "serve.log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            [sys.executable, "-m", "lms", "serve"], cwd=place, env=environ, stdout=out, stderr=out
        ) as server,
    ):
        try:
            page = visit(f"http://localhost:{port}/", server)
        finally:
            server.terminate()
    assert "<html" in page, f"{page}\n{log.read_text()}"


def visit(url: str, server: subprocess.Popen[bytes]) -> str:
    """The page, as soon as the server answers."""
    asked = urllib.request.Request(url, headers={"Accept": "text/html"})
    for _ in range(300):
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return f"{error.code}: {error.read().decode()}"
        except OSError:
            if server.poll() is not None:
                return "the server ended"
            time.sleep(0.1)
    return "no answer within 30 seconds"


def test_it_renders_a_pdf(elsewhere):
    place, environ = elsewhere
    made = call("-c", RENDER, str(place / "site"), cwd=place, env=environ)
    assert made.startswith(b"%PDF")
