"""Publishing and finding releases on a real database, and the command line."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.curriculum import service
from lms.curriculum.commands import content as command
from lms.curriculum.models import ContentRelease
from lms.curriculum.release import BadRelease, canonical, pack
from lms.policy.actor import SYSTEM
from tests.curriculum.sample import encoded, tree
from tests.factories import curriculum
from tests.learning.conftest import NOW


@pytest.fixture
def folder(tmp_path):
    for name, body in encoded(tree()).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)
    return tmp_path


def spoil(folder):
    path = folder / "modules/c6-method/module.toml"
    path.write_text(path.read_text().replace("pass_percent = 70", "pass_percent = 700"))


def test_faulty_content_is_refused(folder):
    spoil(folder)
    with pytest.raises(service.FaultyContent) as refused:
        service.prepare(service.read(folder))
    assert [fault.file for fault in refused.value.faults] == ["modules/c6-method/module.toml"]


def test_publishing_twice_makes_one_release(session, folder):
    first = service.publish(session, SYSTEM, service.prepare(service.read(folder)), "first", NOW)
    again = service.publish(session, SYSTEM, service.prepare(service.read(folder)), "again", NOW)
    assert again is first
    (row,) = session.scalars(select(AuditEntry)).all()
    assert (row.action, row.subject_id, row.reason) == ("release.publish", first.id, "first")


def test_a_release_is_read_once_a_process(session, monkeypatch):
    monkeypatch.setattr(service, "_loaded", {})
    release = curriculum.release(session)
    assert service.release(session, release.id) is release
    assert release.content == curriculum.sample()


def test_a_release_that_nobody_published(session):
    with pytest.raises(service.NoRelease):
        service.release(session, "0" * 64)


def test_a_stored_release_that_was_changed_is_refused(session, monkeypatch):
    monkeypatch.setattr(service, "_loaded", {})
    made = service.publish(session, SYSTEM, curriculum.sample(), "", NOW)
    made.body = pack(canonical(curriculum.sample()).replace(b"70", b"10"))
    session.flush()
    with pytest.raises(BadRelease):
        service.release(session, made.id)


def test_the_public_sees_what_was_published_last(session):
    assert service.current_release(session) is None
    curriculum.release(session, published_at=NOW)
    newer = curriculum.release(session, curriculum.ours(), NOW + timedelta(days=1))
    assert service.current_release(session) is newer
    assert next(one.id for one in service.published(session)) == newer.id


# The command line


def test_check_names_file_line_and_remedy(folder):
    spoil(folder)
    done = CliRunner().invoke(command, ["check", str(folder)])
    assert done.exit_code == 1
    assert "modules/c6-method/module.toml:" in done.stderr
    assert "`pass_percent` must be a whole number from 1 to 100" in done.stderr
    assert "Traceback" not in done.output


def test_check_says_what_is_there(folder):
    done = CliRunner().invoke(command, ["check", str(folder)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "2 modules, 3 lessons, 5 questions, each in fr, en, ar" in done.output


def test_check_without_a_folder_reads_our_own_content():
    assert "no faults" in CliRunner().invoke(command, ["check"]).output


def test_publish_and_list(app, session, folder):
    with app.app_context():
        assert "lms content publish" in CliRunner().invoke(command, ["list"]).output
        done = CliRunner().invoke(command, ["publish", str(folder), "--note", "New module"])
        assert done.exit_code == 0, done.output
        listed = CliRunner().invoke(command, ["list"]).output
    assert "New module" in listed
    assert session.scalar(select(func.count()).select_from(ContentRelease)) == 1


def test_nothing_faulty_is_published(app, session, folder):
    spoil(folder)
    with app.app_context():
        assert CliRunner().invoke(command, ["publish", str(folder)]).exit_code == 1
    assert session.scalar(select(func.count()).select_from(ContentRelease)) == 0
