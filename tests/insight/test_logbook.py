"""The printed logbook: asked for, made by the worker, kept while it is true, nothing private."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock, jobs
from lms.fieldwork.models import (
    Observation,
    PracticumEntry,
    Signature,
    SupervisionSession,
)
from lms.fieldwork.rules import COUNTS, Means, Party
from lms.insight.logbook import printing
from lms.insight.logbook.contents import collect
from tests.insight.following import token_of
from tests.people import person


@pytest.fixture
def salma(seeded_session):
    trainee = person(seeded_session, "trainee")
    return seeded_session.scalars(
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == trainee.id, Cohort.name == "Coachs, Oujda 2026")
    ).one()


@pytest.fixture
def approved(seeded_session, salma):
    return seeded_session.scalars(
        select(PracticumEntry)
        .where(PracticumEntry.enrolment_id == salma.id, PracticumEntry.state.in_(COUNTS))
        .order_by(PracticumEntry.held_on, PracticumEntry.id)
    ).all()


def work(session):
    """What the worker does, once."""
    return jobs.run_pending(session, clock.now)


def text_of(data):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def signed(session, entry, **fields):
    made = Signature(
        enrolment_id=entry.enrolment_id,
        entry_id=entry.id,
        party=Party.HOST,
        means=Means.QR,
        fingerprint="f" * 64,
        signer_name="Aïcha Benomar",
        signer_role="Secrétaire générale",
        signed_at=clock.now(),
        **fields,
    )
    session.add(made)
    session.flush()
    return made


def test_asked_for_made_downloaded(as_persona, seeded_session, salma, approved):
    signed(seeded_session, approved[0])
    browser, url = as_persona("trainee"), f"/practice/{salma.id}/logbook"
    page = browser.get(url, query_string={"lang": "fr"}).text
    assert browser.get(f"{url}.pdf").status_code == 303
    for _ in range(2):  # asked twice, made once
        answer = browser.post(url, data={"csrf_token": token_of(page)})
        assert answer.status_code == 303
    assert "En préparation" in browser.get(url).text
    work(seeded_session)
    page = browser.get(url).text
    assert "Télécharger le PDF" in page
    data = browser.get(f"{url}.pdf").data
    told = text_of(data)
    for words in (
        "Carnet de bord de la pratique supervisée", "Salma Bennani", "Aïcha Benomar",
        "sur place", approved[0].content_hash, "Pratique de terrain (total)",
    ):  # fmt: skip
        assert words in told, words
    assert all(entry.content_hash in told for entry in approved)


def test_in_arabic_from_right_to_left(as_persona, seeded_session, salma):
    browser, url = as_persona("trainee"), f"/practice/{salma.id}/logbook"
    page = browser.get(url, query_string={"lang": "ar"}).text
    browser.post(url, data={"csrf_token": token_of(page)})
    work(seeded_session)
    data = browser.get(f"{url}.pdf").data
    assert PdfReader(BytesIO(data)).root_object["/Lang"] == "ar"
    assert "Salma Bennani" in text_of(data)
    with_words = printing.page(seeded_session, collect(seeded_session, salma), "ar", clock.now())
    assert 'dir="rtl"' in with_words
    assert "سجل الممارسة تحت الإشراف" in with_words
    assert "سلمى" in with_words


def test_what_has_changed_since_is_said_and_printed_anew(
    as_persona, seeded_session, salma, approved
):
    browser, url = as_persona("trainee"), f"/practice/{salma.id}/logbook"
    page = browser.get(url, query_string={"lang": "fr"}).text
    browser.post(url, data={"csrf_token": token_of(page)})
    work(seeded_session)
    before = browser.get(f"{url}.pdf").data
    signed(seeded_session, approved[0])
    page = browser.get(url).text
    assert "Quelque chose a changé" in page
    assert browser.get(f"{url}.pdf").data == before
    browser.post(url, data={"csrf_token": token_of(page)})
    work(seeded_session)
    assert "Quelque chose a changé" not in browser.get(url).text
    assert "Benomar" in text_of(browser.get(f"{url}.pdf").data)


def test_void_signatures_are_left_out_and_objections_told(seeded_session, salma, approved):
    void = signed(seeded_session, approved[0], voided_at=clock.now())
    objection = signed(seeded_session, approved[1], objects=True, comment="Pas trois heures.")
    book = collect(seeded_session, salma)
    told = {one.id for key in book.signatures for one in book.signatures[key]}
    assert void.id not in told
    assert objection.id in told
    page = printing.page(seeded_session, book, "fr", clock.now())
    assert "(objection)" in page


def test_nothing_confidential_is_printed(seeded_session, salma, approved):
    for entry in approved:
        entry.reflection = "yy-reflection-yy"
    for meeting in seeded_session.scalars(select(SupervisionSession)).unique():
        meeting.private_notes = meeting.shared_notes = "yy-notes-yy"
    for seen in seeded_session.scalars(select(Observation)).unique():
        seen.setting_note = seen.feedback = "yy-feedback-yy"
    seeded_session.flush()
    seeded_session.expire_all()
    for language in ("fr", "en", "ar"):
        book = collect(seeded_session, salma)
        assert "yy-" not in printing.page(seeded_session, book, language, clock.now())


def test_hostile_words_stay_words(seeded_session, salma, approved):
    approved[0].summary = "<script>alert(1)</script><img src=file:///etc/passwd>{{ 7 * 7 }}"
    seeded_session.flush()
    page = printing.page(seeded_session, collect(seeded_session, salma), "fr", clock.now())
    assert "<script>" not in page
    assert "<img" not in page
    assert "{{ 7 * 7 }}" in page


def test_the_fingerprint_tells_what_matters(seeded_session, salma, approved):
    before = collect(seeded_session, salma).fingerprint
    assert collect(seeded_session, salma).fingerprint == before
    signed(seeded_session, approved[0])
    assert collect(seeded_session, salma).fingerprint != before


def test_a_constant_number_of_queries(seeded_session, salma, count_queries):
    collect(seeded_session, salma)
    with count_queries(24) as seen:
        collect(seeded_session, salma)
    assert len(seen) <= 24


@pytest.mark.parametrize(
    ("words", "side"),
    [("Bonjour", "ltr"), ("مرحبا", "rtl"), ("« مرحبا »", "rtl"), ("12 h", "ltr"), ("", "ltr")],
)
def test_which_side_a_text_begins_on(words, side):
    assert printing.side(words) == side
