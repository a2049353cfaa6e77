"""`lms demo` loads in another process than the one that is forked to serve."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from lms.demo import commands


@pytest.mark.parametrize("ended", [0, 3])
def test_whoever_serves_has_not_loaded(monkeypatch, tmp_path, ended):
    done = []

    def run(command, *, check):
        done.append(command[1:])
        return SimpleNamespace(returncode=ended)

    monkeypatch.setattr(commands.subprocess, "run", run)
    monkeypatch.setattr(commands, "serve_here", lambda *_args: done.append("served"))
    monkeypatch.setenv("LMS_DEMO", "1")
    monkeypatch.setenv("LMS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LMS_BASE_URL", "http://localhost:8000")
    result = CliRunner().invoke(commands.demo, ["--people", "7"])
    assert result.exit_code == ended, result.output
    loaded = ["-m", "lms", "demo", "load", "--people", "7"]
    assert done == ([loaded] if ended else [loaded, "served"])
    assert not (tmp_path / "lms.sqlite3").exists()
