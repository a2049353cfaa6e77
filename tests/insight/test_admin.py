"""Audit trail, jobs and outbox: found, filtered, page by page, tried again."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.core import clock, jobs, mail
from lms.core.audit import AuditEntry
from lms.core.jobs import Job, JobState
from lms.core.mail import MailMessage
from lms.insight import service
from lms.policy.actor import Actor
from tests.insight.following import token_of


def rows_of(page):
    return page.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")


def next_of(page):
    found = re.search(r'rel="next" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else None


# --- the trail ---


def test_the_trail_is_read_page_by_page(as_persona, seeded_session):
    total = seeded_session.scalar(select(func.count()).select_from(AuditEntry))
    browser, url, seen, pages = as_persona("auditor"), "/admin/audit?kind=dossier", 0, 0
    while url:
        page = browser.get(url).text
        seen, pages, url = seen + rows_of(page), pages + 1, next_of(page)
    dossiers = (
        select(func.count()).select_from(AuditEntry).where(AuditEntry.subject_kind == "dossier")
    )
    assert seen == seeded_session.scalar(dossiers)
    assert pages > 1
    assert seen < total


def test_search_by_person_and_by_record(as_persona):
    browser = as_persona("auditor")
    by_actor = browser.get("/admin/audit", query_string={"q": "Cherkaoui"}).text
    assert rows_of(by_actor)
    assert by_actor.count("Leïla Cherkaoui") >= rows_of(by_actor)
    assert (
        "TC-" in browser.get("/admin/audit", query_string={"q": "TC-", "kind": "certificate"}).text
    )


@pytest.mark.parametrize("q", ["salma bènnani", "سلمى", "Bennani"])
def test_people_are_found_without_accents_and_in_both_scripts(as_persona, q):
    page = as_persona("auditor").get("/admin/audit", query_string={"q": q}).text
    assert rows_of(page) > 10
    assert "Salma Bennani" in page


@pytest.mark.parametrize("q", ["%", "_", "\\", "x" * 5000, "' OR 1=1", "\u0000", "🙂"])
def test_whatever_is_searched_for_is_only_searched_for(as_persona, q):
    answer = as_persona("auditor").get("/admin/audit", query_string={"q": q, "kind": "nonsense"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "after", ["x", "2026-01-01~x", "~", "0~00000000-0000-0000-0000-000000000000"]
)
def test_a_broken_address_starts_at_the_beginning(as_persona, after):
    answer = as_persona("auditor").get("/admin/audit", query_string={"after": after})
    assert rows_of(answer.text) == 40


def test_an_admin_reads_the_trail_of_their_country(as_persona, seeded_session):
    whole = seeded_session.scalars(
        service.trail_visible_to(Actor()).where(AuditEntry.country_code.is_not(None))
    ).all()
    assert not whole
    assert (
        "Kaolack"
        not in as_persona("admin.ma").get("/admin/audit?q=Kaolack").text.partition("<table")[2]
    )
    assert rows_of(as_persona("admin.sn").get("/admin/audit?q=Kaolack").text)


# --- jobs ---


@pytest.fixture
def failed(seeded_session):
    now = clock.now()
    job = jobs.enqueue(seeded_session, "core.deliver_mail", "test", {"id": "none"}, now)
    job.status, job.attempts, job.error = JobState.FAILED, 5, "ConnectionRefusedError: <smtp>"
    seeded_session.commit()
    return job


def test_a_failed_job_is_shown_and_tried_again(as_persona, seeded_session, failed):
    browser = as_persona("programme")
    page = browser.get("/admin/jobs?state=failed").text
    assert f"/admin/jobs/{failed.id}/retry" in page
    assert "ConnectionRefusedError: &lt;smtp&gt;" in page
    url = f"/admin/jobs/{failed.id}/retry"
    answer = browser.post(url, data={"csrf_token": token_of(page)})
    assert (answer.status_code, answer.location) == (303, "/admin/jobs")
    seeded_session.expire_all()
    job = seeded_session.get(Job, failed.id)
    assert (job.status, job.attempts) == (JobState.QUEUED, 0)
    assert job.run_after <= clock.now()


def test_what_is_done_is_not_done_again(as_persona, seeded_session):
    job = seeded_session.scalars(select(Job).where(Job.status == JobState.DONE)).first()
    browser = as_persona("programme")
    token = token_of(browser.get("/sign-out").text)
    browser.post(f"/admin/jobs/{job.id}/retry", data={"csrf_token": token})
    seeded_session.expire_all()
    assert seeded_session.get(Job, job.id).status is JobState.DONE


@pytest.mark.parametrize("key", ["trainee", "admin.ma", "auditor"])
def test_others_try_nothing_again(as_persona, failed, key):
    browser = as_persona(key)
    token = token_of(browser.get("/sign-out").text)
    answer = browser.post(f"/admin/jobs/{failed.id}/retry", data={"csrf_token": token})
    assert answer.status_code in {403, 404}


# --- mail ---


def test_all_four_kinds_of_mail_are_in_the_outbox(seeded_session):
    kinds = set(seeded_session.scalars(select(MailMessage.template)))
    assert {"invitation", "entry_decided", "dossier_decided", "certificate_ready"} <= kinds


def test_a_message_is_read_as_text_and_designed(as_persona, seeded_session):
    browser = as_persona("programme")
    listed = browser.get("/admin/outbox").text
    path = re.search(r'href="(/admin/outbox/[0-9a-f-]+)"', listed)[1]
    assert 'class="mail-text"' in browser.get(path).text
    designed = browser.get(f"{path}/html")
    assert designed.status_code == 200
    policy = designed.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_a_message_without_address_says_so(as_persona, seeded_session):
    now = clock.now() + timedelta(seconds=1)
    to = mail.Recipient("Quelqu’un", None, "fr")
    mail.send(
        seeded_session,
        to,
        "reset",
        {"url": "https://x.example/r", "expires_at": now, "zone": "UTC"},
        now,
    )
    page = as_persona("programme").get("/admin/outbox?lang=en").text
    assert "no address" in page


def test_an_unknown_message_is_not_found(as_persona):
    path = "/admin/outbox/00000000-0000-7000-8000-000000000000"
    assert as_persona("programme").get(path).status_code == 404
