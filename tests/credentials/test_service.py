"""The register on a database: issuing step by step, changes of state, lists, doubts."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from lms.core.audit import AuditEntry
from lms.core.db import write
from lms.core.errors import Refusal
from lms.core.jobs import Job
from lms.core.mail import MailMessage
from lms.credentials import jobs, pdf, proof, service, status_list
from lms.credentials.issuer import body_of
from lms.credentials.issuing import service as issuing
from lms.credentials.issuing.draft import add_months, validity
from lms.credentials.models import Certificate, RegisterCounter
from lms.credentials.offline import ExitCode, verify_file
from lms.credentials.rules import CertificateKind, CertificateState, RevocationCategory, Verdict
from lms.credentials.rules import verdict as verdict_of
from lms.credentials.schema import check_credential, check_status_list
from lms.policy.actor import PUBLIC, SYSTEM, Role, Scope
from tests.factories import credentials as factory
from tests.factories import people
from tests.factories.credentials import NOW

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)


@pytest.fixture
def body(app, session):
    return body_of(app)


@pytest.fixture
def issued(session):
    return factory.certificate(session)


def test_an_award_becomes_a_certificate(session, body, issued):
    assert issued.state is CertificateState.ISSUED
    assert issued.register_number == "TC-2026-000001"
    assert issued.kind is CertificateKind.LEGACY
    document = json.loads(issued.credential)
    check_credential(document)
    proof.check(document, body.public_keys)
    assert document["credentialSubject"]["licenseNumber"] == issued.register_number
    assert document["validFrom"] == "2026-11-20T00:00:00Z"
    assert verdict_of(issued, NOW) is Verdict.VALID


def test_the_trail_tells_each_step(session, issued):
    actions = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject_kind == "certificate")
        .order_by(AuditEntry.id)
    )
    assert list(actions) == [
        f"certificate.{step}" for step in ("reserve", "store", "sign", "issue")
    ]


def test_the_holder_is_told_once(session, issued):
    factory.issue(session, issued.award)
    messages = list(session.scalars(select(MailMessage)))
    assert [message.template for message in messages] == ["certificate_ready"]
    assert issued.token in messages[0].text


def test_issuing_again_changes_nothing(session, issued):
    before = (issued.credential, issued.register_number, issued.token)
    again = factory.issue(session, issued.award, NOW + DAY)
    assert again.id == issued.id
    assert (again.credential, again.register_number, again.token) == before
    assert session.get_one(RegisterCounter, 2026).last == 1


def test_numbers_have_no_gap(session):
    for _ in range(5):
        factory.certificate(session)
    numbers = [row.register_number for row in factory.all_of(session)]
    assert numbers == [f"TC-2026-{count:06d}" for count in range(1, 6)]
    assert len({row.status_index for row in factory.all_of(session)}) == 5


def test_a_refused_draft_takes_no_number(session):
    award = factory.award(session, programme="nobody-knows-it")
    with pytest.raises(Refusal) as refusal:
        factory.issue(session, award)
    assert refusal.value.code == "programme_unknown"
    assert session.get(RegisterCounter, 2026) is None
    assert factory.certificate(session).register_number == "TC-2026-000001"


def test_each_year_counts_anew(session):
    assert factory.certificate(session).register_number == "TC-2026-000001"
    later = factory.certificate(session, now=NOW + timedelta(days=60))
    assert later.register_number == "TC-2027-000001"


def test_a_loopback_address_issues_only_in_the_demo(session, body):
    award = factory.award(session)
    local = replace(body, issuer=replace(body.issuer, url="http://localhost:8000"))
    with pytest.raises(Refusal) as refusal, write(session):
        issuing.reserve(session, SYSTEM, local, award.id, 1, now=NOW)
    assert refusal.value.code == "loopback_address"
    with write(session):
        assert issuing.reserve(session, SYSTEM, replace(local, demo=True), award.id, 1, now=NOW)


def test_names_are_frozen(session, issued):
    issued.award.person.family_name = "Alaoui"
    session.commit()
    assert issued.said.latin_name == "Salma Bennani"
    assert "Alaoui" not in issued.credential


def test_what_was_stored_is_what_is_signed(session, body):
    award = factory.award(session)
    with write(session):
        certificate = issuing.reserve(session, SYSTEM, body, award.id, 1, now=NOW)
    with write(session):
        issuing.store(session, SYSTEM, body, certificate, NOW)
    stored = json.loads(certificate.payload)
    first, second = issuing.signature(body, certificate), issuing.signature(body, certificate)
    assert first == second
    assert {k: v for k, v in json.loads(first).items() if k != "proof"} == stored["document"]


def test_signing_goes_on_with_the_key_it_began_with(session, body):
    award = factory.award(session)
    with write(session):
        certificate = issuing.reserve(session, SYSTEM, body, award.id, 1, now=NOW)
        issuing.store(session, SYSTEM, body, certificate, NOW)
    kid = certificate.kid
    body.store.rotate(NOW, timedelta(0))
    credential = issuing.signature(body, certificate)
    assert f"#{kid}" in credential
    proof.check(json.loads(credential), body.public_keys)


def test_the_database_keeps_state_and_data_together(session, issued):
    for change in (
        "state = 'revoked'",
        "state = 'superseded'",
        "credential = NULL",
        "payload = NULL",
        "state = 'reserved'",
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(f"UPDATE certificate SET {change}"))


# --- states ---


def test_suspend_reinstate_revoke(session, issued):
    with write(session):
        service.suspend(session, SYSTEM, issued, "enquiry", NOW + DAY)
    assert verdict_of(issued, NOW + DAY) is Verdict.SUSPENDED
    assert issued.state_since == NOW + DAY
    with write(session):
        service.reinstate(session, SYSTEM, issued, "unfounded", NOW + 2 * DAY)
    assert verdict_of(issued, NOW + 2 * DAY) is Verdict.VALID
    with write(session):
        service.revoke(
            session, SYSTEM, issued, RevocationCategory.ERROR, "wrong person", now=NOW + 3 * DAY
        )
    assert verdict_of(issued, NOW + 3 * DAY) is Verdict.REVOKED
    assert issued.revocation_category is RevocationCategory.ERROR
    with pytest.raises(Refusal) as refusal, write(session):
        service.reinstate(session, SYSTEM, issued, "please", NOW + 4 * DAY)
    assert refusal.value.code == "illegal_transition"


def test_a_reason_is_needed(session, issued):
    for act in (service.suspend, service.reinstate):
        with pytest.raises(Refusal, match="reason_needed"), write(session):
            act(session, SYSTEM, issued, "  ", NOW)
    with pytest.raises(Refusal, match="reason_needed"), write(session):
        service.revoke(session, SYSTEM, issued, RevocationCategory.OTHER, "", now=NOW)
    assert verdict_of(issued, NOW) is Verdict.VALID


def test_reason_is_in_the_trail_only(session, issued):
    with write(session):
        service.revoke(
            session, SYSTEM, issued, RevocationCategory.MISCONDUCT, "a secret", now=NOW + DAY
        )
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "certificate.revoke"))
    assert (entry.reason, entry.details) == ("a secret", {"category": "misconduct"})


def test_a_replacement_supersedes(session, issued):
    issued.award.person.given_name = "Selma"
    session.commit()
    with write(session):
        service.replace(session, SYSTEM, issued, "the name was misspelt", NOW + DAY)
    jobs_waiting = session.scalars(select(Job.payload).where(Job.name == "credentials.issue"))
    assert list(jobs_waiting) == [{"award": str(issued.award_id), "version": 2}]
    new = factory.issue(session, issued.award, NOW + DAY, version=2)
    session.refresh(issued)
    assert verdict_of(issued, NOW + DAY) is Verdict.SUPERSEDED
    assert issued.superseded_by_id == new.id
    assert new.said.latin_name == "Selma Bennani"
    assert new.register_number == "TC-2026-000002"
    with pytest.raises(Refusal, match="cannot_replace"):
        service.replace(session, SYSTEM, issued, "again", NOW)


# --- status lists ---


def bits(session, purpose):
    row = service.find_list(session, purpose, 1)
    document = json.loads(row.credential)
    check_status_list(document)
    return status_list.decode(document["credentialSubject"]["encodedList"])


def test_status_lists_follow_the_register(session, body):
    revoked, suspended, valid = (factory.certificate(session) for _ in range(3))
    with write(session):
        service.revoke(session, SYSTEM, revoked, RevocationCategory.OTHER, "x", now=NOW)
        service.suspend(session, SYSTEM, suspended, "x", NOW)
    jobs.sign_status_lists(session, {}, NOW)
    told = {
        purpose: {
            row.register_number
            for row in (revoked, suspended, valid)
            if status_list.is_set(bits(session, purpose), row.status_index)
        }
        for purpose in status_list.PURPOSES
    }
    assert told == {
        "revocation": {revoked.register_number},
        "suspension": {suspended.register_number},
    }
    lists = [service.find_list(session, p, 1).credential.encode() for p in status_list.PURPOSES]
    codes = [
        verify_file(row.credential.encode(), body.public_keys, now=NOW, status_lists=lists).reason
        for row in (revoked, suspended, valid)
    ]
    assert codes == ["revoked", "suspended", "in_force"]


def test_a_change_asks_for_new_lists(session, issued):
    asked = select(func.count()).where(Job.name == "credentials.sign_status_lists")
    before = session.scalar(asked)
    with write(session):
        service.suspend(session, SYSTEM, issued, "x", NOW)
    assert session.scalar(asked) == before + 1


def test_lists_are_signed_anew(session):
    jobs.sign_status_lists(session, {}, NOW)
    jobs.sign_status_lists(session, {}, NOW + DAY)
    row = service.find_list(session, "revocation", 1)
    assert row.signed_at == NOW + DAY
    assert row.valid_until == NOW + 8 * DAY


def test_a_full_list_is_followed_by_the_next(session, issued, monkeypatch):
    monkeypatch.setattr(issuing, "_FULL", 1)
    following = factory.certificate(session)
    assert (issued.status_list, following.status_list) == (1, 2)
    assert "/status/revocation/2.json#" in following.credential
    assert service.list_numbers(session) == [1, 2]


# --- printing ---


def test_printed_in_every_language(app, session, body):
    award = factory.award(session)
    jobs.issue(session, {"award": str(award.id)}, NOW)
    certificate = issuing.find(session, award.id, 1)
    assert [document.language for document in certificate.documents] == ["ar", "en", "fr"]
    files = app.extensions["files"]
    for document in certificate.documents:
        data = files.get(document.sha256)
        assert len(data) == document.size
        assert verify_file(data, body.public_keys, now=NOW).exit_code is ExitCode.NOT_CHECKED
    jobs.issue(session, {"award": str(award.id)}, NOW + DAY)
    assert len(certificate.documents) == 3


def test_without_pango_it_is_issued_all_the_same(session, monkeypatch):
    def missing(*_):
        raise pdf.PdfUnavailableError("no PDF")

    award = factory.award(session)
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "render", missing)
        with pytest.raises(pdf.PdfUnavailableError):
            jobs.issue(session, {"award": str(award.id)}, NOW)
    certificate = issuing.find(session, award.id, 1)
    assert verdict_of(certificate, NOW) is Verdict.VALID
    assert certificate.documents == []
    assert issuing.unprinted(session) == [(award.id, 1)]
    jobs.reconcile(session, {}, NOW + DAY)
    session.refresh(certificate)
    assert len(certificate.documents) == 3
    assert issuing.unprinted(session) == []


def test_reconcile_takes_up_what_was_left(session, body):
    award = factory.award(session)
    with write(session):
        issuing.reserve(session, SYSTEM, body, award.id, 1, now=NOW)
    assert issuing.unfinished(session) == [(award.id, 1)]
    jobs.reconcile(session, {}, NOW + DAY)
    assert issuing.unfinished(session) == []
    assert issuing.find(session, award.id, 1).is_prepared


# --- finding, and who may see ---


def test_verifying_takes_two_queries(session, issued, count_queries):
    token = issued.token
    session.expire_all()
    with count_queries(2):
        found = service.find_by_token(session, token)
        assert found.superseded_by is None
        assert found.documents == []
        verdict_of(found, NOW)


def test_who_sees_what(session, issued):
    other = factory.certificate(session, country="SN")

    def seen(actor):
        return {row.id for row in session.scalars(service.visible_to(actor))}

    def actor(*grants, country="MA"):
        return people.person(session, country, grants=grants).actor

    assert seen(PUBLIC) == set()
    assert seen(actor()) == set()
    assert seen(issued.award.person.actor) == {issued.id}
    assert seen(actor((Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA"))) == {issued.id}
    assert seen(actor((Role.PROGRAMME_ADMIN, Scope.ALL, ""))) == {issued.id, other.id}
    assert seen(actor((Role.AUDITOR, Scope.ALL, ""))) == {issued.id, other.id}


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(days=5000), NOW - 10 * DAY])
def test_the_filter_agrees_with_the_rule(session, at):
    rows = [factory.certificate(session) for _ in range(4)]
    with write(session):
        service.suspend(session, SYSTEM, rows[1], "x", NOW)
        service.revoke(session, SYSTEM, rows[2], RevocationCategory.OTHER, "x", now=NOW)
        service.replace(session, SYSTEM, rows[3], "x", NOW)
    factory.issue(session, rows[3].award, NOW, version=2)
    everything = factory.all_of(session)
    for verdict in Verdict:
        found = session.scalars(service.with_verdict(select(Certificate), verdict, at))
        expected = {row.id for row in everything if verdict_of(row, at) is verdict}
        assert {row.id for row in found} == expected, verdict


def test_preparation_is_shown_to_the_holder(session):
    award = factory.award(session)
    assert service.awards_in_preparation(session, award.person_id) == [award]
    certificate = factory.issue(session, award)
    assert service.awards_in_preparation(session, award.person_id) == []
    assert service.held_by(session, award.person_id) == [certificate]


# --- doubts ---


def test_a_doubt_is_kept_once_and_answered(session, issued):
    key = uuid4()
    for _ in range(2):
        report = service.report_doubt(
            session, key, issued, shown="TC-1", message="odd stamp", contact="a@b.example", now=NOW
        )
    assert list(service.open_doubts(session)) == [report]
    admin = people.person(session, grants=[(Role.PROGRAMME_ADMIN, Scope.ALL, "")]).actor
    with pytest.raises(Refusal, match="reason_needed"):
        service.handle_doubt(session, admin, report, " ", NOW)
    service.handle_doubt(session, admin, report, "a forgery", NOW + DAY)
    assert report.contact == ""
    assert list(service.open_doubts(session)) == []


# --- dates ---


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 21), 36, date(2029, 11, 21)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_months_later(day, months, expected):
    assert add_months(day, months) == expected


def test_validity():
    begin, end = validity(date(2026, 11, 20), 36, NOW)
    assert begin.isoformat() == "2026-11-20T00:00:00+00:00"
    assert end.isoformat() == "2029-11-21T00:00:00+00:00"
    assert validity(date(2026, 11, 20), 0, NOW)[1] is None
    early = datetime.fromisoformat("2026-11-21T22:00:00+00:00")
    assert validity(date(2026, 11, 22), 0, early)[0] == early
