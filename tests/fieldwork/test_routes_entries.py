"""Entries over HTTP: written, handed in, decided."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lms.fieldwork.models import Evidence, PracticumEntry
from lms.fieldwork.rules import EntryState
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.conftest import decide
from tests.fieldwork.test_thread import filled
from tests.pages import post

pytestmark = pytest.mark.slow

S = EntryState
CANARY = "canari-violet-4711"


@pytest.fixture
def trainee(browse, enrolment):
    return browse(enrolment.person)


@pytest.fixture
def deciding(browse, supervisor):
    return browse(supervisor)


@pytest.fixture
def office(browse, admin):
    return browse(admin)


@pytest.fixture
def form_address(enrolment):
    return f"/practice/{enrolment.id}/entries/new"


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def errors_of(page):
    return re.findall(r'class="error"[^>]*>(?:<span[^>]*>[^<]*</span> )?([^<]+)', page.text)


def in_language(address, language):
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


# --- writing ---


def test_a_draft_is_kept_however_little_it_says(session, trainee, form_address, placement):
    done = post(trainee, form_address, form_address, held_on="2026-06-01", action="draft")
    assert done.status_code == 303
    entry = session.scalars(select(PracticumEntry)).one()
    assert (entry.state, entry.type) == (S.DRAFT, "")
    assert trainee.get(done.location).status_code == 200


def test_handing_in_too_early_keeps_the_draft_with_its_files(
    session, trainee, form_address, placement
):
    data = filled(placement, summary="", consent_basis="", minutes_direct="")
    data["files"] = (BytesIO(fieldwork.picture()), "photo.jpg")
    refused = post(trainee, form_address, form_address, **data, action="submit")
    assert refused.status_code == 422
    assert len(errors_of(refused)) == 2
    entry = session.scalars(select(PracticumEntry)).one()
    assert entry.state is S.DRAFT
    assert len(entry.evidence) == 1
    assert f"/practice/entries/{entry.id}/edit" in refused.text
    # the form goes on from there
    again = trainee.post(
        f"/practice/entries/{entry.id}/edit",
        data={
            **filled(placement),
            "csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', refused.text)[1],
            "version": re.search(r'name="version"[^>]*value="([^"]+)"', refused.text)[1],
            "action": "submit",
        },
    )
    assert again.status_code == 303
    session.expire_all()
    assert entry.state is S.SUBMITTED
    assert len(entry.evidence) == 1


def test_a_second_press_makes_nothing_twice(session, trainee, form_address, placement):
    page = trainee.get(form_address)
    hidden = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)[1]
        for name in ("csrf_token", "record_id")
    }
    for _ in range(3):
        data = {**hidden, **filled(placement), "action": "submit"}
        data["files"] = (BytesIO(fieldwork.PDF), "a.pdf")
        assert trainee.post(form_address, data=data).status_code == 303
    assert number_of(session, PracticumEntry) == 1
    assert number_of(session, Evidence) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"summary": "x" * 100_000}, "100000"),
        ({"summary": "cloche \x07"}, "caractères"),
        ({"held_on": "2026-02-31"}, "n’existe pas"),
        ({"held_on": "demain"}, "n’existe pas"),
        ({"held_on": "0001-01-01"}, "n’existe pas"),
        ({"minutes_direct": "-5"}, "entier"),
        ({"minutes_direct": "1e9"}, "entier"),
        ({"minutes_direct": "99999"}, "1440"),
        ({"minutes_direct": "9" * 5000}, "entier"),
        ({"participants-citizen": "beaucoup"}, "entier"),
        ({"type": "astronomy"}, ""),
        ({"role": "emperor"}, ""),
        ({"placement": "not-a-key"}, ""),
        ({"stakes": ["moon"]}, ""),
        ({"consent_basis": "none"}, ""),
        ({"reflection": "y" * 100_000}, "100000"),
    ],
)
def test_bad_input_is_answered_and_nothing_typed_is_lost(
    session, trainee, form_address, placement, fields, words
):
    page = post(
        trainee, f"{form_address}?lang=fr", form_address,
        **{**filled(placement), **fields}, action="submit",
    )  # fmt: skip
    assert page.status_code == 422
    assert "Atelier sur les priorités du quartier." in page.text or "summary" in fields
    assert words in page.text
    assert number_of(session, PracticumEntry) == 0


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00 a program", "photo.jpg"),
        (b"", "vide.pdf"),
        (b"<svg onload=alert(1)>", "dessin.svg"),
        (b"%PDF-1.4 cut off", "coupe.pdf"),
    ],
)
def test_wrong_files_are_answered_and_what_was_typed_stays(
    session, trainee, form_address, placement, data, name
):
    page = post(
        trainee, form_address, form_address,
        **filled(placement), files=(BytesIO(data), name), action="submit",
    )  # fmt: skip
    assert page.status_code == 422
    assert "Atelier sur les priorités du quartier." in page.text
    assert number_of(session, PracticumEntry) == 0


def test_another_persons_placement_is_refused(session, trainee, form_address, cohort, placement):
    other = fieldwork.placement(session, cohorts.enrolment(session, None, cohort))
    page = post(
        trainee, form_address, form_address,
        **{**filled(placement), "placement": str(other.id)}, action="submit",
    )  # fmt: skip
    assert page.status_code == 422


def test_two_windows_the_second_is_told_and_keeps_its_words(session, trainee, placement):
    entry = fieldwork.draft(session, placement)
    address = f"/practice/entries/{entry.id}/edit"
    old = trainee.get(address)
    first = post(trainee, address, address, **filled(placement, summary="Un."), action="draft")
    assert first.status_code == 303
    token, version = (
        re.search(rf'name="{name}"[^>]*value="([^"]+)"', old.text)[1]
        for name in ("csrf_token", "version")
    )
    data = filled(placement, summary="Deux, plus long.") | {"csrf_token": token, "version": version}
    stale = trainee.post(address, data={**data, "action": "draft"})
    assert stale.status_code == 409
    assert "Deux, plus long." in stale.text
    session.expire_all()
    assert entry.summary == "Un."


def test_every_act_of_the_author(session, trainee, placement):
    def act(entry, verb, **data):
        home = f"/practice/entries/{entry.id}"
        return post(trainee, f"{home}/{verb}", home, **data)

    waiting = fieldwork.entry(session, placement)
    assert act(waiting, "withdraw").status_code == 303
    draft = fieldwork.draft(session, placement)
    assert act(draft, "delete").status_code == 303
    assert trainee.get(f"/practice/entries/{draft.id}").status_code == 404
    approved = fieldwork.entry(session, placement, S.APPROVED, held_on=date(2026, 5, 5))
    assert act(approved, "amend", reason="").status_code == 422
    assert act(approved, "amend", reason="Durée fausse.").status_code == 303
    session.expire_all()
    assert (waiting.state, approved.state) == (S.WITHDRAWN, S.AMENDED)
    assert act(approved, "withdraw").status_code == 409


# --- deciding ---


def test_a_decision_without_its_reason_is_asked_for(session, deciding, placement):
    entry = fieldwork.entry(session, placement)
    page = decide(deciding, entry, decision="reject", comment="")
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    page = decide(deciding, entry, decision="sing", comment="Très bien ainsi.")
    assert page.status_code == 422
    assert "Très bien ainsi." in page.text


def test_a_late_decision_is_told_kindly_and_the_comment_is_not_lost(
    session, deciding, trainee, placement
):
    entry = fieldwork.entry(session, placement)
    home = f"/practice/entries/{entry.id}"
    page = deciding.get(home)
    post(trainee, f"{home}/withdraw", home)
    token, version = (
        re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)[1]
        for name in ("csrf_token", "version")
    )
    late = deciding.post(
        f"{home}/decide",
        data={
            "csrf_token": token, "version": version, "decision": "ask",
            "comment": "Combien de personnes étaient là ?",
        },
    )  # fmt: skip
    assert late.status_code == 409
    assert "Combien de personnes étaient là ?" in late.text


def test_after_a_decision_comes_the_next(session, deciding, placement):
    first = fieldwork.entry(session, placement, now=NOW - timedelta(days=4))
    second = fieldwork.entry(session, placement, held_on=date(2026, 5, 6))
    assert f"/practice/entries/{second.id}" in deciding.get(f"/practice/entries/{first.id}").text
    done = decide(deciding, first, decision="approve")
    assert done.location == f"/practice/entries/{second.id}"
    assert decide(deciding, second, decision="approve").location == "/practice/queue"


def test_approving_many_asks_once_more_with_the_count(session, deciding, placement):
    waiting = [fieldwork.entry(session, placement, held_on=date(2026, 5, day)) for day in (4, 5, 6)]
    chosen = [f"{entry.id}:{entry.revision}" for entry in waiting]
    page = post(deciding, "/practice/queue/approve?lang=fr", "/practice/queue", entry=chosen)
    assert "Approuver 3 fiches (9 h)" in page.text
    session.expire_all()
    assert waiting[0].state is S.SUBMITTED
    done = post(
        deciding, "/practice/queue/approve", "/practice/queue", entry=chosen, confirmed="yes"
    )
    assert done.status_code == 303
    session.expire_all()
    assert {entry.state for entry in waiting} == {S.APPROVED}
    replay = post(
        deciding, "/practice/queue/approve", "/practice/queue", entry=chosen, confirmed="yes"
    )
    assert replay.status_code == 303


@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["x:y"], [f"{UUID(int=1)}:1"]])
def test_choosing_nothing_or_nonsense(session, deciding, placement, chosen):
    fieldwork.entry(session, placement)
    page = post(deciding, "/practice/queue/approve", "/practice/queue", entry=chosen)
    assert page.status_code in {200, 409}


def test_the_queue_is_filtered_and_paged(session, deciding, placement, cohort, supervisor):
    other = fieldwork.placement(session, cohorts.enrolment(session, None, cohort), supervisor)
    for day in range(1, 28):
        fieldwork.entry(
            session, other, held_on=date(2026, 5, day), now=NOW - timedelta(days=28 - day)
        )
    mine = fieldwork.entry(session, placement, type="citizen-meeting")
    page = deciding.get("/practice/queue?lang=fr")
    assert page.text.count('name="entry"') == 25
    following = re.search(r'rel="next" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert deciding.get(following).text.count('name="entry"') == 3
    for asked in (f"type={mine.type}", "q=salma", "q=العمراني"):
        page = deciding.get(f"/practice/queue?{asked}")
        assert page.text.count('name="entry"') == 1, asked
    for broken in (
        "type=%00",
        "after=x",
        "cohort=x",
        "state=x",
        f"after=2026~{UUID(int=0)}",
        "q=%00",
    ):
        assert deciding.get(f"/practice/queue?{broken}").status_code == 200
    assert deciding.get(f"/practice/queue?cohort={cohort.id}").status_code == 200


def test_the_waiting_days_are_told(session, deciding, placement):
    fieldwork.entry(session, placement, now=NOW - timedelta(days=8))
    page = deciding.get("/practice/queue?lang=fr")
    assert "attend depuis 8 jours" in page.text
    assert "تنتظر منذ 8 أيام" in deciding.get("/practice/queue?lang=ar").text


def test_an_approval_is_taken_back_by_the_administration(session, office, placement):
    entry = fieldwork.entry(session, placement, S.APPROVED)
    home = f"/practice/entries/{entry.id}"
    assert post(office, f"{home}/revoke", home, reason="").status_code == 422
    assert post(office, f"{home}/revoke", home, reason="Doublon.").status_code == 303
    session.expire_all()
    assert entry.state is S.REVOKED
