"""The quick note without a script, and the pages around the outbox."""

import base64
import json
from io import BytesIO

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from lms.fieldwork.models import Evidence, Observation, PracticumEntry, SyncedItem
from lms.fieldwork.rules import EntryState, SyncStatus
from tests.factories import cohorts, fieldwork
from tests.fieldwork.sync.conftest import Phone
from tests.pages import counted, post, token_of
from tests.people import person

pytestmark = pytest.mark.slow


@pytest.fixture
def trainee(browse, enrolment, placement):
    return browse(enrolment.person)


@pytest.fixture
def address(enrolment):
    return f"/practice/{enrolment.id}/note"


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def typed(placement, **fields):
    return {
        "type": "workshop",
        "placement": str(placement.id),
        "held_on": "2026-06-01",
        "minutes_direct": "45",
        "participants-elected": "2",
        **fields,
    }


# --- the note ---


def test_a_note_is_kept_as_a_draft_with_its_photo(session, trainee, address, placement):
    photo = (BytesIO(fieldwork.picture()), "IMG_0001.jpg")
    done = post(trainee, address, address, **typed(placement, photos=photo))
    assert done.status_code == 303, done.text
    entry = session.scalars(select(PracticumEntry)).one()
    assert entry.state is EntryState.DRAFT
    assert (entry.minutes_direct, entry.participants) == (45, {"elected": 2})
    assert len(entry.evidence) == 1
    assert trainee.get(done.location).status_code == 200


def test_a_second_press_makes_one_note(session, trainee, address, placement):
    page = trainee.get(address)
    key = str(uuid7())
    data = {**typed(placement), "csrf_token": token_of(page), "record_id": key}
    answers = [trainee.post(address, data=data) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert number_of(session, PracticumEntry) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"type": ""},
        {"type": "flying"},
        {"held_on": ""},
        {"minutes_direct": "-1"},
        {"placement": "x"},
        {"participants-elected": "many"},
        {"summary": "bell \x07"},
        {"photos": b"nothing"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_note_that_cannot_be_is_shown_again(session, trainee, address, placement, fields):
    sent = {
        name: (BytesIO(value), "a.jpg") if isinstance(value, bytes) else value
        for name, value in fields.items()
    }
    refused = post(trainee, address, address, **typed(placement, summary="gardé") | sent)
    assert refused.status_code == 422
    assert 'class="error"' in refused.text
    assert fields.get("summary") or "gardé" in refused.text
    assert number_of(session, PracticumEntry) == 0


def test_only_its_trainee_writes_a_note(browse, address, supervisor, admin, session):
    assert browse(supervisor).get(address).status_code == 403
    assert browse(admin).get(address).status_code == 403
    assert browse(person(session, "trainee.new")).get(address).status_code == 404


def test_the_note_is_found_without_knowing_the_case(trainee, address, browse, trainer):
    assert trainee.get("/practice/note").location == address
    assert browse(trainer).get("/practice/note").location == "/practice"


def test_what_a_phone_keeps(session, trainee, address, browse, trainer, admin):
    assert Phone(trainee).start().json["keep"] == [address, "/practice/outbox"]
    assert Phone(browse(trainer)).start().json["keep"] == ["/practice/observe", "/practice/outbox"]
    assert Phone(browse(admin)).start().json["keep"] == []


# --- the visit's grid ---


def test_a_trainer_finds_the_trainees_on_the_grid(browse, trainer, enrolment, session):
    page = browse(trainer).get("/practice/observe")
    assert enrolment.person.name in page.text
    assert "scores-leadership-objectives" in page.text
    chosen = browse(trainer).get(f"/practice/observe/whom?enrolment={enrolment.id}")
    assert chosen.location == f"/practice/{enrolment.id}/observations/new"
    assert browse(trainer).get(f"/practice/observe/whom?enrolment={uuid7()}").status_code == 404
    assert browse(trainer).get("/practice/observe/whom?enrolment=x").status_code == 302


def test_nobody_else_finds_trainees_there(trainee, enrolment, browse, supervisor):
    for somebody in (trainee, browse(supervisor)):
        page = somebody.get("/practice/observe")
        assert page.status_code == 200
        assert str(enrolment.id) not in page.text


def test_the_grid_takes_as_many_queries_for_many(session, browse, trainer, cohort, enrolment):
    theirs = browse(trainer)

    def queries():
        theirs.get("/practice/observe")
        with counted() as statements:
            theirs.get("/practice/observe")
        return len(statements)

    few = queries()
    for _ in range(5):
        cohorts.enrolment(session, in_cohort=cohort)
    assert queries() == few


# --- the outbox ---


def test_the_outbox_shows_what_has_arrived(trainee, note):
    sent = note()
    receipt = Phone(trainee).one(sent)["receipt"]
    page = trainee.get("/practice/outbox")
    assert receipt in page.text
    assert f"/practice/entries/{sent['id']}" in page.text


@pytest.fixture
def conflict(session, trainee, note):
    phone, first = Phone(trainee), note(summary="Première version.")
    phone.one(first)
    phone.one(note(first["id"], summary="Seconde version.", minutes_direct=90))
    query = select(SyncedItem).where(SyncedItem.status == SyncStatus.CONFLICT)
    return session.scalars(query).one()


def test_both_versions_stand_side_by_side(trainee, conflict):
    assert f"/practice/outbox/{conflict.id}" in trainee.get("/practice/outbox").text
    page = trainee.get(f"/practice/outbox/{conflict.id}")
    assert "Première version." in page.text
    assert "Seconde version." in page.text


@pytest.mark.parametrize(("choice", "minutes"), [("first", 45), ("second", 90)])
def test_the_author_chooses_once(session, trainee, conflict, choice, minutes):
    address = f"/practice/outbox/{conflict.id}"
    assert post(trainee, address, address, choice=choice).status_code == 303
    session.expire_all()
    assert session.get(PracticumEntry, conflict.device_id).minutes_direct == minutes
    assert conflict.settled_at is not None
    page = trainee.get("/practice/outbox")
    assert address not in page.text
    again = trainee.post(address, data={"csrf_token": trainee.token, "choice": "second"})
    assert again.status_code == 409
    session.expire_all()
    assert session.get(PracticumEntry, conflict.device_id).minutes_direct == minutes


def test_a_choice_that_is_none(trainee, conflict):
    address = f"/practice/outbox/{conflict.id}"
    assert post(trainee, address, address, choice="both").status_code == 422


def test_what_was_handed_in_is_not_replaced(session, trainee, conflict, placement):
    entry = session.get(PracticumEntry, conflict.device_id)
    entry.state, entry.submitted_at, entry.consent_basis = EntryState.WITHDRAWN, None, "consent"
    session.flush()
    address = f"/practice/outbox/{conflict.id}"
    page = trainee.get(address)
    assert 'value="second"' not in page.text
    refused = post(trainee, address, address, choice="second")
    assert refused.status_code == 409
    session.expire_all()
    assert session.get(PracticumEntry, conflict.device_id).minutes_direct == 45


def test_an_observations_versions(session, browse, trainer, seen):
    theirs = browse(trainer)
    phone, first = Phone(theirs), seen()
    phone.one(first)
    phone.one(seen(first["id"], place="Oujda"))
    query = select(SyncedItem.id).where(SyncedItem.status == SyncStatus.CONFLICT)
    address = f"/practice/outbox/{session.scalars(query).one()}"
    assert "Oujda" in theirs.get(address).text
    assert post(theirs, address, address, choice="second").status_code == 303
    session.expire_all()
    assert session.scalars(select(Observation)).one().place == "Oujda"


def test_versions_are_their_authors(conflict, browse, supervisor, admin):
    for somebody in (supervisor, admin):
        assert browse(somebody).get(f"/practice/outbox/{conflict.id}").status_code == 404


# --- the file ---


def file_of(person_id, *entries):
    body = {"format": "lms-outbox", "person": str(person_id), "entries": list(entries)}
    return BytesIO(json.dumps(body).encode()), "outbox.json"


def hand_in(client, file):
    return post(client, "/practice/outbox", "/practice/outbox", file=file)


def test_a_file_is_handed_in_once(session, trainee, enrolment, note):
    good, bad = note(), note(type="flying")
    good["photos"] = [base64.b64encode(fieldwork.picture()).decode()]
    for _ in range(2):
        done = hand_in(trainee, file_of(enrolment.person_id, good, bad))
        assert done.status_code == 200, done.text
    assert number_of(session, PracticumEntry) == 1
    assert number_of(session, Evidence) == 1


@pytest.mark.parametrize("photo", ["*", "", 7, None, base64.b64encode(b"no picture").decode()])
def test_a_photo_that_cannot_be_does_not_stop_its_entry(session, trainee, enrolment, note, photo):
    sent = note() | {"photos": [photo]}
    assert hand_in(trainee, file_of(enrolment.person_id, sent)).status_code == 200
    assert number_of(session, PracticumEntry) == 1
    assert number_of(session, Evidence) == 0


def test_somebody_elses_file_is_refused(session, trainee, note, supervisor):
    refused = hand_in(trainee, file_of(supervisor.id, note()))
    assert refused.status_code == 422
    assert number_of(session, PracticumEntry) == 0


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 50_000, b'{"entries": 1}'])
def test_what_is_no_file_of_ours(trainee, data):
    assert hand_in(trainee, (BytesIO(data), "x.json")).status_code == 422


# --- the service worker and its shell ---


def test_the_service_worker_comes_from_the_root_and_is_asked_for_anew(client):
    worker = client.get("/sw.js")
    assert worker.content_type.startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    again = client.get("/sw.js", headers={"If-None-Match": worker.headers["ETag"]})
    assert again.status_code == 304
    shell = json.loads(worker.text.split("const SHELL = ")[1].split(";\n")[0])
    for address in shell:
        kept = client.get(address)
        assert kept.status_code == 200
        assert "immutable" in kept.headers["Cache-Control"]


def test_the_shell_says_nothing_of_anybody(trainee, client, enrolment):
    mine, nobodys = trainee.get("/offline?lang=fr"), client.get("/offline?lang=fr")
    assert mine.text == nobodys.text
    assert enrolment.person.family_name not in mine.text
    assert "csrf" not in mine.text


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")])
def test_the_manifest_speaks_three_languages(client, language, direction):
    client.get(f"/?lang={language}")
    manifest = client.get("/manifest.webmanifest").json
    assert (manifest["lang"], manifest["dir"]) == (language, direction)
    assert manifest["start_url"]
    assert manifest["name"]
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200
