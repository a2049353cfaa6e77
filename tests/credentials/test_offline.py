"""`verify_file`: what each kind of file and evidence leads to."""

from datetime import timedelta

import pytest

from lms.credentials.facts import CertificateFacts, tidy_name
from lms.credentials.offline import ExitCode, verify_file
from lms.credentials.rules import Standing, Verdict
from tests.credentials.sample import FACTS, INDEX, NOW, as_bytes

DAY = timedelta(days=1)


def check(office, data, **more):
    report = verify_file(data, office.keys, **{"now": NOW, **more})
    return report.exit_code, report.reason


def test_authentic_but_state_not_checked(office, credential):
    assert check(office, credential) == (ExitCode.NOT_CHECKED, "not_checked")


@pytest.mark.parametrize(
    ("revoked", "suspended", "expected"),
    [
        ([], None, (0, "in_force")),
        ([INDEX + 1], [INDEX - 1], (0, "in_force")),
        ([INDEX], None, (1, "revoked")),
        ([INDEX], [INDEX], (1, "revoked")),
        ([], [INDEX], (1, "suspended")),
        (None, [INDEX], (1, "suspended")),
        (None, [], (3, "not_checked")),
    ],
)
def test_status_lists(office, credential, revoked, suspended, expected):
    lists = []
    if revoked is not None:
        lists.append(office.status(*revoked))
    if suspended is not None:
        lists.append(office.status(*suspended, purpose="suspension"))
    assert check(office, credential, status_lists=lists) == expected


def test_an_old_list_leaves_it_open(office, credential):
    report = verify_file(credential, office.keys, now=NOW + 8 * DAY, status_lists=[office.status()])
    assert (report.exit_code, report.reason) == (3, "status_list_old")
    assert report.known_at == NOW


def test_an_old_list_still_tells_of_a_revocation(office, credential):
    lists = [office.status(INDEX)]
    assert check(office, credential, now=NOW + 8 * DAY, status_lists=lists) == (1, "revoked")


def test_a_forged_list_is_refused(office, credential):
    forged = office.status(INDEX).replace(
        b'"statusPurpose":"revocation"', b'"statusPurpose":"suspension"'
    )
    assert check(office, credential, status_lists=[forged]) == (1, "status_list_refused")
    assert check(office, credential, status_lists=[credential]) == (1, "status_list_refused")


def test_a_list_of_others_says_nothing(office):
    other = office.credential(
        status=FACTS.status.__class__("https://verify.example/status/revocation/2.json", INDEX)
    )
    lists = [office.status(INDEX)]
    assert check(office, as_bytes(other), status_lists=lists) == (3, "not_checked")


def test_time(office, credential):
    assert check(office, credential, now=NOW - DAY) == (1, "pending")
    assert check(office, credential, now=NOW + 1095 * DAY) == (1, "expired")
    endless = as_bytes(office.credential(valid_until=None))
    assert check(office, endless, now=NOW + 99999 * DAY)[1] == "not_checked"


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(Verdict.VALID, NOW), (0, "in_force")),
        (Standing(Verdict.SUSPENDED, NOW), (1, "suspended")),
        (Standing(Verdict.SUPERSEDED, NOW), (1, "superseded")),
        (None, (1, "not_in_register")),
    ],
)
def test_our_own_register_decides(office, credential, standing, expected):
    asked = []

    def register(identifier, data):
        asked.append((identifier, data))
        return standing

    assert check(office, credential, register=register) == expected
    assert asked == [(FACTS.credential_url, credential)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_json"),
        (b"\x89PNG\r\n", "not_json"),
        (b"{}", "not_a_credential"),
        (b'{"type":["Other"]}', "not_a_credential"),
        (b"%PDF-1.7\n%%EOF", "no_credential"),
        (b" " * 70_000, "too_large"),
        (b"%PDF-1.7" + b" " * (11 * 1024 * 1024), "too_large"),
    ],
    ids=lambda value: repr(value[:10]),
)
def test_unreadable(office, data, reason):
    assert check(office, data) == (ExitCode.UNREADABLE, reason)


def test_a_foreign_credential_is_refused_unread(office):
    foreign = b'{"@context":["https://evil.example"],"type":["VerifiableCredential"]}'
    assert check(office, foreign) == (ExitCode.REFUSED, "not_our_profile")


def test_facts_survive_storage():
    assert CertificateFacts.from_json(FACTS.to_json()) == FACTS


def test_names_hide_nothing():
    assert tidy_name("  Salma \u202eBennani\u202c\n ") == "Salma Bennani"
    assert tidy_name("Aïcha") == "Aïcha"
    assert tidy_name("سَلْمَى  بناني\u200f") == "سَلْمَى بناني"
    assert tidy_name("می\u200cخواهم") == "می\u200cخواهم"  # a joiner that Persian spelling needs
