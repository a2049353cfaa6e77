"""The queue over HTTP: deciding, undoing, taking over, being away, seeing to what is late."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lms.core.mail import MailMessage
from lms.fieldwork.entries import service as entries
from lms.fieldwork.models import Absence, Observation, ReusableComment
from lms.fieldwork.rules import EntryEvent, EntryState
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW
from tests.fieldwork.conftest import decide
from tests.pages import counted, post

pytestmark = pytest.mark.slow
S = EntryState


@pytest.fixture
def deciding(browse, supervisor):
    return browse(supervisor)


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def refresh(session, entry):
    session.expire_all()
    return entry.state


def test_an_approval_is_undone_from_the_toast_or_the_page(session, deciding, placement):
    entry = fieldwork.entry(session, placement)
    assert decide(deciding, entry, decision="approve").status_code == 303
    assert refresh(session, entry) is S.APPROVED
    page = deciding.get("/practice/queue")
    undo = re.findall(r'action="(/practice/queue/undo/[0-9a-f-]+)"', page.text)
    assert len(undo) == 2
    assert len(set(undo)) == 1
    assert post(deciding, undo[0], "/practice/queue").status_code == 303
    assert refresh(session, entry) is S.SUBMITTED
    assert "/practice/queue/undo/" not in deciding.get("/practice/queue").text
    assert number_of(session, MailMessage) == 0
    nobody = f"/practice/queue/undo/{UUID(int=1)}"
    assert post(deciding, nobody, "/practice/queue").status_code == 409


def test_many_are_checked_counted_approved_and_undone(session, deciding, placement):
    waiting = [
        fieldwork.entry(session, placement, held_on=date(2026, 5, 20 + number))
        for number in range(3)
    ]
    chosen = [f"{entry.id}:{entry.revision}" for entry in waiting[:2]]
    act = "/practice/queue/approve?type=workshop"
    check = post(deciding, act, "/practice/queue", entry=chosen)
    assert check.status_code == 200
    assert "6 h" in check.text
    assert refresh(session, waiting[0]) is S.SUBMITTED
    done = post(deciding, act, "/practice/queue", entry=chosen, confirmed="yes")
    assert done.location.endswith("/practice/queue?type=workshop")
    assert [refresh(session, entry) for entry in waiting] == [S.APPROVED, S.APPROVED, S.SUBMITTED]
    again = post(deciding, act, "/practice/queue", entry=chosen, confirmed="yes")
    assert again.status_code == 303
    for nonsense in ([], ["x"], ["1:1", ":"]):
        assert post(deciding, act, "/practice/queue", entry=nonsense).status_code == 409


def test_the_way_through_the_queue_keeps_its_filters(session, deciding, placement):
    first, second, _third = (
        fieldwork.entry(
            session, placement, held_on=date(2026, 5, 20 + number), type=kind,
            now=NOW - timedelta(days=9 - number),
        )
        for number, kind in enumerate(("workshop", "workshop", "citizen-meeting"))
    )  # fmt: skip
    page = deciding.get(f"/practice/entries/{first.id}?type=workshop")
    assert f"/practice/entries/{second.id}?type=workshop" in page.text
    home = f"/practice/entries/{first.id}"
    done = post(
        deciding, f"{home}/decide?type=workshop", f"{home}?type=workshop", decision="approve"
    )
    assert done.location.endswith(f"/practice/entries/{second.id}?type=workshop")


def test_what_somebody_else_decided_stands_beside_what_was_typed(
    session, deciding, placement, supervisor
):
    entry = fieldwork.entry(session, placement)
    home = f"/practice/entries/{entry.id}"
    page = deciding.get(home)
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    entries.decide(session, supervisor.actor, entry, entry.revision, EntryEvent.ASK, "Qui ?", NOW)
    author = placement.enrolment.person.actor
    content = fieldwork.content(placement, summary="Nouveau récit.")
    entries.edit_entry(
        session, author, entry, entry.revision, content, "", [], (), fieldwork.files(), NOW
    )
    entries.submit(session, author, entry, NOW)
    session.commit()
    late = post(
        deciding, f"{home}/decide", home,
        version=version, seen="1", decision="reject", comment="Mes mots.",
    )  # fmt: skip
    assert late.status_code == 409
    assert "Mes mots." in late.text
    assert 'id="changes"' in late.text
    assert "Atelier sur les priorités" in late.text
    assert refresh(session, entry) is S.SUBMITTED


def test_claims_are_shown_and_taken_over(
    session, browse, deciding, placement, colleague, supervisor
):
    entry = fieldwork.entry(session, placement)
    home = f"/practice/entries/{entry.id}"
    day = NOW.date().isoformat()
    away = {"supervisor": str(supervisor.id), "stand_in": str(colleague.id)}
    planned = post(
        deciding, "/practice/absences", "/practice/absences", **away, starts_on=day, ends_on=day
    )
    assert planned.status_code == 303
    theirs = browse(colleague)
    assert supervisor.name in theirs.get("/practice/queue").text
    assert supervisor.name in theirs.get(home).text
    assert post(theirs, f"{home}/claim", home, quiet="yes").status_code == 204
    assert colleague.name in deciding.get("/practice/queue").text
    refused = decide(deciding, entry, decision="approve", comment="Bien.")
    assert refused.status_code == 409
    assert "Bien." in refused.text
    assert post(deciding, f"{home}/claim", home).status_code == 409
    assert post(deciding, f"{home}/claim", home, take_over="yes").status_code == 303
    assert post(deciding, f"{home}/release", home).status_code == 303
    assert decide(theirs, entry, decision="approve").status_code == 303
    absence = session.scalars(select(Absence)).one()
    end = f"/practice/absences/{absence.id}/end"
    assert post(theirs, end, "/practice/absences").status_code == 403
    assert post(deciding, end, "/practice/absences").status_code == 303
    assert theirs.get(home).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": "2026-06-20", "ends_on": "2026-06-12"},
        {"starts_on": "2026-01-01", "ends_on": "2026-01-02"},
        {"starts_on": "soon", "ends_on": "2026-06-12"},
        {"stand_in": "x"},
        {"stand_in": ""},
        {"supervisor": str(UUID(int=1))},
        {"reason": "x" * 501},
    ],
)
def test_bad_absences_are_answered(session, deciding, cohort, supervisor, colleague, fields):
    data = {
        "supervisor": str(supervisor.id), "stand_in": str(colleague.id), "reason": "Congé annuel.",
        "starts_on": "2026-06-12", "ends_on": "2026-06-20", **fields,
    }  # fmt: skip
    page = post(deciding, "/practice/absences", "/practice/absences", **data)
    assert page.status_code == 422
    assert data["reason"] in page.text
    assert number_of(session, Absence) == 0


def test_words_are_kept_inserted_changed_and_thrown_away(
    session, browse, deciding, placement, colleague
):
    entry = fieldwork.entry(session, placement)
    home = f"/practice/entries/{entry.id}"
    page = "/practice/comments"
    assert post(deciding, page, page, language="fr", text="").status_code == 422
    assert post(deciding, page, page, language="xx", text="Où ?").status_code == 422
    assert post(deciding, page, page, language="ar", text="أين؟").status_code == 303
    decide(deciding, entry, decision="ask", comment="Précisez le lieu.", keep="y")
    kept = {each.language: each for each in session.scalars(select(ReusableComment))}
    assert kept["fr"].text == "Précisez le lieu."
    other = fieldwork.entry(session, placement, held_on=date(2026, 5, 20))
    home = f"/practice/entries/{other.id}"
    shown = deciding.get(home).text
    assert shown.index("Précisez le lieu.") < shown.index("أين؟")
    inserted = post(deciding, f"{home}/decide", home, comment="Bonjour.", insert=str(kept["fr"].id))
    assert re.search(r"Bonjour\.\s+Précisez le lieu\.</textarea>", inserted.text)
    assert refresh(session, other) is S.SUBMITTED
    address = f"{page}/{kept['fr'].id}"
    assert browse(colleague).get(address).status_code == 404
    assert post(deciding, address, address, language="en", text="Where?").status_code == 303
    assert post(deciding, f"{address}/delete", page).status_code == 303
    assert number_of(session, ReusableComment) == 1


def test_what_is_late_is_given_to_somebody_else(
    session, browse, admin, placement, supervisor, colleague
):
    entry = fieldwork.entry(
        session, placement, now=NOW - timedelta(days=11), held_on=date(2026, 5, 20)
    )
    office = browse(admin)
    page = office.get("/practice/late")
    assert placement.enrolment.person.name in page.text
    act = "/practice/late"
    assert post(office, act, act, entries=[str(entry.id)]).status_code == 422
    assert post(office, act, act, supervisor=str(colleague.id)).status_code == 422
    wrong = post(office, act, act, entries=["x"], supervisor=str(colleague.id))
    assert wrong.status_code == 422
    given = post(office, act, act, entries=[str(entry.id)], supervisor=str(colleague.id))
    assert given.status_code == 303
    session.expire_all()
    assert entry.supervisor_id == colleague.id


def test_the_timeline_tells_everything_once_page_by_page(
    session, browse, trainer, placement, supervisor
):
    for number in range(30):
        fieldwork.entry(
            session, placement, S.APPROVED, held_on=date(2026, 5, 11) + timedelta(days=number % 20)
        )
    fieldwork.draft(session, placement, summary="brouillon")
    fieldwork.shared(session, placement.enrolment, trainer)
    reader, seen = browse(trainer), []
    address = f"/practice/{placement.enrolment_id}/timeline"
    while address:
        page = reader.get(address)
        assert page.status_code == 200
        seen += re.findall(
            r'timeline-title"><a href="/practice/(?:entries|observations)/([^"]+)"', page.text
        )
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 31
    only = reader.get(f"/practice/{placement.enrolment_id}/timeline?kind=observation")
    assert only.text.count("timeline-title") == 1
    for nonsense in ("?kind=x", "?after=x", "?after=2026-99-99~1", "?after=~"):
        assert (
            reader.get(f"/practice/{placement.enrolment_id}/timeline{nonsense}").status_code == 200
        )


def test_the_timeline_costs_the_same_for_any_number(session, browse, trainer, placement):
    reader, costs = browse(trainer), []
    for number in (3, 20):
        for day in range(number):
            fieldwork.entry(session, placement, held_on=date(2026, 5, 11) + timedelta(days=day))
        reader.get(f"/practice/{placement.enrolment_id}/timeline")
        with counted() as statements:
            reader.get(f"/practice/{placement.enrolment_id}/timeline")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12


def test_an_observation_has_notes_and_a_photo(session, browse, trainer, enrolment):
    theirs, address = browse(trainer), f"/practice/{enrolment.id}/observations/new"
    data = {
        "observed_on": "2026-06-02", "setting": "workshop", "feedback": "Bien.",
        "scores-leadership-objectives": "3", "notes-leadership-objectives": "Objectif au mur.",
    }  # fmt: skip
    broken = post(theirs, address, address, **data, photo=(BytesIO(b"MZ"), "a.exe"))
    assert broken.status_code == 422
    assert "Objectif au mur." in broken.text
    kept = post(
        theirs, address, address, **data, action="share",
        photo=(BytesIO(fieldwork.picture()), "atelier.jpg"),
    )  # fmt: skip
    assert kept.status_code == 303
    seen = session.scalars(select(Observation)).one()
    assert seen.notes == {"leadership-objectives": "Objectif au mur."}
    photo = browse(enrolment.person).get(f"/practice/observations/{seen.id}/photo")
    assert photo.mimetype == "image/webp"
    assert photo.headers["Content-Disposition"].startswith("attachment")
    assert (
        "Objectif au mur." in browse(enrolment.person).get(f"/practice/observations/{seen.id}").text
    )
    bare = fieldwork.shared(session, enrolment, trainer)
    assert theirs.get(f"/practice/observations/{bare.id}/photo").status_code == 404


def test_every_page_in_every_language(session, browse, placement, supervisor, colleague, admin):
    fieldwork.entry(session, placement)
    other = cohorts.enrolment(session, people.person(session), placement.enrolment.cohort)
    fieldwork.placement(session, other, None)
    for someone, address in (
        (supervisor, "/practice/queue"),
        (supervisor, "/practice/comments"),
        (supervisor, "/practice/absences"),
        (admin, "/practice/absences"),
        (admin, "/practice/late"),
        (supervisor, f"/practice/{placement.enrolment_id}/timeline"),
    ):
        for language in ("fr", "en", "ar"):
            page = browse(someone).get(f"{address}?lang={language}")
            assert page.status_code == 200, address
            assert f'lang="{language}"' in page.text
            assert "None" not in page.text.partition("<main")[2], address
