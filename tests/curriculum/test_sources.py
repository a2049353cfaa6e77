"""The files that a release was made from come back byte for byte."""

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.curriculum import service, sources
from lms.curriculum.commands import content as command
from lms.curriculum.models import ContentRelease
from lms.policy.actor import SYSTEM
from tests.curriculum.sample import encoded, tree
from tests.factories import curriculum
from tests.learning.conftest import NOW

NAMES = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,9}(/[a-z0-9][a-z0-9.-]{0,9}){0,2}", fullmatch=True)


def on_disk(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@settings(max_examples=25)
@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=5))
def test_packed_and_unpacked(files):
    assert sources.unpack(sources.pack(files)) == files


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_export_is_what_was_published_and_publishes_as_the_same(app, session, tmp_path, end):
    files = {
        name: b"\xef\xbb\xbf" + text.replace("\n", end).encode() for name, text in tree().items()
    }
    sources.write(files, tmp_path / "first")
    run = CliRunner().invoke
    with app.app_context():
        assert run(command, ["publish", str(tmp_path / "first")]).exit_code == 0
        done = run(command, ["export", str(tmp_path / "again")])
        assert done.exit_code == 0, done.output
        assert run(command, ["publish", str(tmp_path / "again")]).exit_code == 0
    assert on_disk(tmp_path / "again") == files
    assert session.query(ContentRelease).count() == 1


def test_all_of_ours_comes_back(session, tmp_path):
    release = curriculum.release(session, curriculum.ours())
    sources.write(service.files_of(session, release.id), tmp_path)
    assert on_disk(tmp_path) == curriculum.files(ours=True)


def test_what_lies_there_is_not_overwritten_unasked(app, session, tmp_path):
    release = curriculum.release(session)
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "practicum.toml").write_text("mine")
    run = CliRunner().invoke
    with app.app_context():
        refused = run(command, ["export", str(tmp_path)])
        assert refused.exit_code == 1
        assert "--force" in refused.output
        assert on_disk(tmp_path)["practicum.toml"] == b"mine"
        forced = run(command, ["export", str(tmp_path), "--force", "--release", release.id[:9]])
    assert forced.exit_code == 0
    assert on_disk(tmp_path) == {**encoded(tree()), "mine.txt": b"mine"}


def test_what_cannot_be_exported_is_said(app, session, tmp_path):
    run = CliRunner().invoke
    with app.app_context():
        assert "no release" in run(command, ["export", str(tmp_path / "x")]).output
        made = curriculum.release(session)
        assert "no release" in run(command, ["export", str(tmp_path), "--release", "zz"]).output
        session.get(ContentRelease, made.id).sources = None
        session.flush()
        assert "not kept" in run(command, ["export", str(tmp_path / "x")]).output


def test_a_release_without_files(session):
    made = service.publish(session, SYSTEM, curriculum.sample(), "", NOW)
    with pytest.raises(Refusal, match="release_without_files"):
        service.files_of(session, made.id)
    with pytest.raises(service.NoRelease):
        service.files_of(session, "0" * 64)
