"""`lms certificates …` and `lms keys …`."""

import json
import os
import subprocess
import sys

import pytest

from lms.core import clock
from lms.credentials import did, jobs, service
from lms.credentials.commands import certificates, keys
from lms.credentials.issuer import body_of
from lms.credentials.rules import CertificateState
from tests.credentials.sample import DID, as_bytes
from tests.factories import credentials as factory
from tests.factories.credentials import NOW

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def run(app, session):
    """Run a command as its user does; returns (exit code, output)."""

    def command(group, *arguments):
        session.commit()
        done = app.test_cli_runner().invoke(group, [str(part) for part in arguments])
        return done.exit_code, done.output

    return command


@pytest.fixture
def issued(session):
    return factory.certificate(session)


def test_verify_by_our_own_register(run, session, issued, tmp_path):
    path = tmp_path / "certificate.json"
    path.write_text(issued.credential)
    code, said = run(certificates, "verify", path)
    assert code == 0
    assert "authentic" in said
    assert "Salma Bennani" in said
    assert issued.register_number in said
    run(certificates, "suspend", issued.register_number, "--reason", "enquiry")
    code, said = run(certificates, "verify", path)
    assert code == 1
    assert "suspended" in said


def test_verify_says_what_is_wrong(run, issued, tmp_path):
    forged, nothing = tmp_path / "forged.json", tmp_path / "nothing.json"
    forged.write_text(issued.credential.replace("Bennani", "Bennami"))
    nothing.write_text("nothing")
    assert run(certificates, "verify", forged)[0] == 1
    assert run(certificates, "verify", nothing)[0] == 2
    assert run(certificates, "verify", tmp_path / "absent.json")[0] == 2
    good = tmp_path / "good.json"
    good.write_text(issued.credential)
    assert run(certificates, "verify", good, forged)[0] == 1
    assert run(certificates, "verify", good, nothing)[0] == 2


def test_verify_with_a_status_list(run, session, issued, tmp_path):
    path, status = tmp_path / "certificate.json", tmp_path / "revocation.json"
    path.write_text(issued.credential)
    jobs.sign_status_lists(session, {}, NOW)
    status.write_text(service.find_list(session, "revocation", 1).credential)
    code, said = run(certificates, "verify", path, "--status-list", status, "--json")
    answer = json.loads(said)
    assert (code, answer["verdict"], answer["authentic"]) == (0, "valid", True)
    assert answer["state_known_at"] == "2026-11-21T09:30:00Z"


def test_a_stranger_needs_no_installation(office, tmp_path, repository):
    """With did.json alone: no settings, no database, no network."""
    (tmp_path / "certificate.json").write_bytes(as_bytes(office.credential()))
    document = did.did_document(DID, office.store.published())
    (tmp_path / "did.json").write_text(json.dumps(document))
    (tmp_path / "list.json").write_bytes(office.status())
    command = [sys.executable, "-m", "lms", "certificates", "verify", "certificate.json"]
    environ = {name: text for name, text in os.environ.items() if not name.startswith("LMS_")}

    def verify(*more):
        return subprocess.run(
            [*command, "--did", "did.json", *more],
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={**environ, "PYTHONPATH": str(repository)},
        )

    done = verify()
    assert done.returncode in {1, 3}, done.stderr  # 1 if today is before the sample's first day
    assert "Salma Bennani" in done.stdout
    assert not (tmp_path / "instance").exists()


def test_revoke_asks_first(run, session, issued):
    number = issued.register_number
    arguments = ["revoke", number, "--category", "error", "--reason", "wrong person"]
    code, said = run(certificates, *arguments)
    assert code == 1
    assert "cannot be undone" in said
    code, said = run(certificates, *arguments, "--yes")
    assert code == 0, said
    session.refresh(issued)
    assert issued.state is CertificateState.REVOKED
    code, said = run(certificates, "reinstate", number, "--reason", "please")
    assert code == 1
    assert "Traceback" not in said


def test_suspend_and_reinstate_sign_the_list_at_once(run, session, issued):
    for verb, expected in (("suspend", [issued.status_index]), ("reinstate", [])):
        assert run(certificates, verb, issued.register_number.lower(), "--reason", "x")[0] == 0
        assert service.set_indices(session, "suspension", 1) == expected
        assert service.find_list(session, "suspension", 1).signed_at == NOW


@pytest.mark.parametrize("number", ["TC-2026-999999", "nonsense", ""])
def test_unknown_numbers(run, issued, number):
    code, said = run(certificates, "suspend", number, "--reason", "x")
    assert code == 1
    assert "Traceback" not in said


def test_issue_what_is_awarded(run, session):
    award = factory.award(session)
    code, said = run(certificates, "issue")
    assert code == 0
    assert said.startswith("1 to issue")
    assert service.held_by(session, award.person_id)[0].is_prepared
    assert run(certificates, "issue")[1].startswith("0 to issue, 0 to finish")


def test_keys(app, run, issued):
    store = body_of(app).store
    before = len(store.published())
    code, said = run(keys, "rotate")
    assert code == 0
    assert "signs from 2026-11-21 10:30" in said
    assert len(store.published()) == before + 1
    listed = run(keys, "list")[1].splitlines()
    assert len(listed) == before + 1
    assert listed[-1].endswith("signs from 2026-11-21 10:30 UTC")
    assert sum(line.endswith("signs") for line in listed) == 1
