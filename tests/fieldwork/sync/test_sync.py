"""What devices send: each thing once, none stops the next, nothing believes the device's clock."""

import hashlib
from uuid import UUID

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from lms.fieldwork.entries import service as entries
from lms.fieldwork.models import Evidence, Observation, PracticumEntry, SyncedItem
from lms.fieldwork.rules import EntryState, SyncStatus
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.sync.conftest import Phone
from tests.pages import counted
from tests.people import person


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def statuses(results):
    return [result["status"] for result in results]


def entry_of(session, sent):
    session.expire_all()
    return session.get(PracticumEntry, UUID(sent["id"]))


# --- once ---


def test_a_note_becomes_a_draft_of_whoever_is_signed_in(session, phone, note, enrolment):
    sent = note()
    result = phone.one(sent)
    assert (result["id"], result["status"], result["errors"]) == (sent["id"], 201, {})
    entry = entry_of(session, sent)
    assert entry.state is EntryState.DRAFT
    assert entry.person_id == enrolment.person_id
    assert (entry.minutes_direct, entry.participants) == (45, {"elected": 2})
    assert entry.claimed_at.isoformat() == "2026-06-15T08:00:00+00:00"
    assert entry.received_at == NOW


def test_the_same_again_gets_the_same_receipt(session, phone, note):
    sent = note()
    first = phone.one(sent)
    for again in (sent, dict(reversed(sent.items())), sent | {"claimed_at": "2026-06-15T09:00Z"}):
        repeat = phone.one(again)
        assert repeat["status"] == 200
        assert repeat["receipt"] == first["receipt"] != ""
    assert number_of(session, PracticumEntry) == number_of(session, SyncedItem) == 1


def test_twice_in_one_batch_is_once(session, phone, note):
    sent = note()
    assert statuses(phone.results(sent, sent)) == [201, 200]
    assert number_of(session, PracticumEntry) == 1


def test_a_changed_repeat_is_kept_beside_the_first(session, phone, note):
    sent = note()
    first = phone.one(sent)
    changed = note(sent["id"], minutes_direct=90)
    second = phone.one(changed)
    assert second["status"] == 409
    assert second["receipt"] != first["receipt"]
    assert phone.one(changed)["status"] == 409
    assert phone.one(sent)["status"] == 200
    assert entry_of(session, sent).minutes_direct == 45
    kept = session.scalars(select(SyncedItem).order_by(SyncedItem.id)).all()
    assert [each.status for each in kept] == [SyncStatus.STORED, SyncStatus.CONFLICT]
    assert [each.content["minutes_direct"] for each in kept] == [45, 90]


def test_what_the_form_has_taken_already_is_no_conflict(session, phone, note, placement):
    made = fieldwork.draft(session, placement)
    said = entries.content_of(made)
    sent = note(
        made.id,
        held_on=said.held_on.isoformat(),
        form=said.form,
        role=said.role,
        minutes_direct=said.minutes_direct,
        minutes_indirect=said.minutes_indirect,
        minutes_preparation=said.minutes_preparation,
        participants=said.participants,
        stakes=list(said.stakes),
        purposes=list(said.purposes),
        summary=said.summary,
        consent_basis=said.consent_basis.value,
    )
    assert phone.one(sent)["status"] == 201
    assert phone.one(note(made.id))["status"] == 409
    assert number_of(session, PracticumEntry) == 1


# --- each on its own ---


def test_one_bad_entry_never_stops_the_rest(session, phone, note):
    good, also = note(), note()
    bad = note(type="flying", minutes_direct=-3, participants={"martian": 1}, unheard="of")
    results = phone.results(good, bad, "nonsense", None, {"id": 7}, also)
    assert statuses(results) == [201, 422, 422, 422, 422, 201]
    assert set(results[1]["errors"]) == {"type", "minutes_direct", "participants", "unheard"}
    assert all(words and all(words) for words in results[1]["errors"].values())
    assert results[1]["id"] == bad["id"]
    assert number_of(session, PracticumEntry) == number_of(session, SyncedItem) == 2


def test_what_was_refused_can_be_corrected_under_the_same_key(phone, note):
    bad = note(held_on="2026-02-31")
    assert phone.one(bad)["status"] == 422
    assert phone.one(note(bad["id"]))["status"] == 201


def test_fifty_at_once_and_not_one_more(session, phone, note):
    batch = [note() for _ in range(50)]
    assert set(statuses(phone.results(*batch))) == {201}
    assert set(statuses(phone.results(*batch))) == {200}
    assert number_of(session, PracticumEntry) == 50
    assert phone.send(*batch, note()).status_code == 422


def test_an_items_queries_do_not_depend_on_how_many_there_are(phone, note):
    def queries(number):
        batch = [note() for _ in range(number)]
        token = phone.start().json["csrf"]
        with counted() as statements:
            phone.client.post(
                "/practice/entries/sync", json={"entries": batch}, headers={"X-CSRFToken": token}
            )
        return len(statements)

    queries(1)
    few, many = queries(5), queries(25)
    assert (many - few) / 20 <= 16
    assert (many - few) % 20 == 0


@pytest.mark.parametrize(
    "body", [None, [], 7, {"entries": {}}, {"entries": None}, {"other": []}, "x"]
)
def test_what_is_no_batch_is_refused(phone, body):
    token = phone.start().json["csrf"]
    answer = phone.client.post("/practice/entries/sync", json=body, headers={"X-CSRFToken": token})
    assert answer.status_code == 422
    assert answer.json["message"]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[" * 100_000, b'{"entries":[' + b"9" * 6000 + b"]}", b"\xff", b" " * 3_000_000],
    ids=["empty", "half", "deep", "long-number", "no-text", "large"],
)
def test_what_cannot_be_read_is_refused(phone, data):
    token = phone.start().json["csrf"]
    answer = phone.client.post(
        "/practice/entries/sync",
        data=data,
        headers={"X-CSRFToken": token, "Content-Type": "application/json"},
    )
    assert answer.status_code == 422


# --- who ---


def test_nobody_sends_without_signing_in(client, note):
    start = client.get("/practice/sync", headers={"Accept": "application/json"})
    assert (start.status_code, start.json) == (401, {"error": "sign-in"})


def test_nothing_is_taken_without_the_token(phone, note, session):
    answer = phone.client.post("/practice/entries/sync", json={"entries": [note()]})
    assert answer.status_code == 400
    assert number_of(session, PracticumEntry) == 0


def test_what_one_person_queued_is_never_sent_as_another(session, phone, note, browse, cohort):
    other = cohorts.enrolment(session, person(session, "trainee.new"), cohort)
    theirs = Phone(browse(other.person))
    mine = str(phone.start().json["person"])
    assert theirs.send(note(), person=mine).status_code == 409
    # and were it sent without saying whose it is: the logbook is not theirs
    result = theirs.one(note())
    assert result["status"] == 422
    assert list(result["errors"]) == ["enrolment"]
    assert number_of(session, PracticumEntry) == number_of(session, SyncedItem) == 0


def test_a_key_that_somebody_else_has_used_is_refused(session, phone, note, browse, cohort):
    other = cohorts.enrolment(session, person(session, "trainee.new"), cohort)
    sent = note()
    phone.one(sent)
    theirs = note(sent["id"], enrolment=str(other.id), placement=None)
    result = Phone(browse(other.person)).one(theirs)
    assert result["status"] == 422
    assert entry_of(session, sent).minutes_direct == 45
    # nor does an entry made by the form give its key away
    made = fieldwork.draft(session, fieldwork.placement(session, other))
    assert phone.one(note(made.id))["status"] == 422


@pytest.mark.parametrize("enrolment_id", [None, "", "x", str(UUID(int=7))])
def test_a_logbook_that_is_not_there(phone, note, enrolment_id):
    assert list(phone.one(note(enrolment=enrolment_id))["errors"]) == ["enrolment"]


def test_somebody_elses_placement_is_refused(session, phone, note, cohort):
    other = cohorts.enrolment(session, person(session, "trainee.new"), cohort)
    place = fieldwork.placement(session, other)
    result = phone.one(note(placement=str(place.id)))
    assert result["status"] == 422
    assert number_of(session, PracticumEntry) == 0


def test_the_reflection_is_never_taken_from_a_device(session, phone, note):
    result = phone.one(note(reflection="pour moi seule"))
    assert result["status"] == 422
    assert list(result["errors"]) == ["reflection"]
    assert number_of(session, SyncedItem) == 0


# --- the device's clock ---


@pytest.mark.parametrize(
    "claimed_at",
    ["2025-06-15T08:00:00Z", "2027-06-15T08:00:00Z", "1970-01-01T00:00Z", "2199-12-31T23:59Z"],
)
def test_a_clock_wrong_by_years_changes_nothing(session, phone, note, claimed_at, placement):
    sent = note(claimed_at=claimed_at)
    assert phone.one(sent)["status"] == 201
    entry, right = entry_of(session, sent), fieldwork.draft(session, placement)
    assert entry.received_at == NOW
    codes = [fault.code for fault in entries.standing_faults(session, entry, NOW)]
    entry.claimed_at = right.claimed_at
    assert [fault.code for fault in entries.standing_faults(session, entry, NOW)] == codes


@pytest.mark.parametrize(
    ("held_on", "code"),
    [("2025-06-01", "entry_outside_cohort"), ("2026-11-01", "entry_in_future")],
)
def test_a_day_that_cannot_be_arrives_but_is_not_handed_in(session, phone, note, held_on, code):
    sent = note(held_on=held_on)
    assert phone.one(sent)["status"] == 201
    standing = entries.standing_faults(session, entry_of(session, sent), NOW)
    assert code in [fault.code for fault in standing]


@pytest.mark.parametrize("claimed_at", [None, "", "yesterday", 7, "9999-12-31T23:59:59-23:59"])
def test_a_time_that_cannot_be_read(phone, note, claimed_at):
    assert list(phone.one(note(claimed_at=claimed_at))["errors"]) == ["claimed_at"]


# --- observations ---


def test_a_trainer_sends_what_they_saw(session, seen, browse, trainer, enrolment):
    phone, sent = Phone(browse(trainer)), seen()
    assert phone.one(sent)["status"] == 201
    assert phone.one(sent)["status"] == 200
    assert phone.one(seen(sent["id"], place="Oujda"))["status"] == 409
    made = session.scalars(select(Observation)).one()
    assert (made.trainer_id, made.place) == (trainer.id, "Berkane")
    assert made.claimed_at.isoformat() == "2026-06-15T08:00:00+00:00"


def test_an_observation_brings_its_notes_and_its_photo(session, seen, browse, trainer):
    phone, data = Phone(browse(trainer)), fieldwork.picture()
    sent = seen(notes={"leadership-objectives": "Objectif dit deux fois."})
    sent["content"]["photos"] = [sha256_of(data)]
    assert phone.one(sent)["status"] == 201
    answers = [phone.photo(sent["id"], data, sha256_of(data), "observations") for _ in range(2)]
    assert [answer.json["status"] for answer in answers] == [201, 200]
    made = session.scalars(select(Observation)).one()
    assert made.notes == {"leadership-objectives": "Objectif dit deux fois."}
    assert made.file.media_type == "image/webp"


def test_observations_are_for_trainers_of_the_cohort(session, phone, seen, browse, supervisor):
    for somebody in (phone, Phone(browse(supervisor))):
        assert list(somebody.one(seen())["errors"]) == ["enrolment"]
    assert number_of(session, Observation) == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"setting": ""}, "setting"),
        ({"scores": {"leadership-objectives": 9}}, "scores"),
        ({"scores": {"courage": 2}}, "scores"),
        ({"observed_on": "soon"}, "observed_on"),
        ({"entry": "x"}, "entry"),
        ({"notes": {"courage": "x"}}, "notes"),
        ({"notes": {"leadership-objectives": "x" * 301}}, "notes"),
        ({"notes": ["x"]}, "notes"),
    ],
)
def test_an_observation_that_cannot_be(browse, trainer, seen, fields, named):
    result = Phone(browse(trainer)).one(seen(**fields))
    assert result["status"] == 422
    assert named in result["errors"]


# --- photos ---


def sha256_of(data):
    return hashlib.sha256(data).hexdigest()


def test_a_photo_follows_its_entry_once(session, phone, note):
    sent, data = note(), fieldwork.picture()
    sent["content"]["photos"] = [sha256_of(data)]
    phone.one(sent)
    statuses = [phone.photo(sent["id"], data, sha256_of(data)).json["status"] for _ in range(3)]
    assert statuses == [201, 200, 200]
    evidence = session.scalars(select(Evidence)).one()
    assert evidence.file.media_type == "image/webp"
    assert str(evidence.entry_id) == sent["id"]


def test_a_photo_that_did_not_arrive_whole(session, phone, note):
    sent, data = note(), fieldwork.picture()
    phone.one(sent)
    assert phone.photo(sent["id"], data[:-9], sha256_of(data)).status_code == 422
    assert phone.photo(sent["id"], b"no picture", sha256_of(b"no picture")).status_code == 422
    assert phone.photo(sent["id"], data, "x").status_code == 422
    assert number_of(session, Evidence) == 0


def test_a_photo_for_somebody_elses_entry(session, phone, note, browse, supervisor):
    sent, data = note(), fieldwork.picture()
    phone.one(sent)
    theirs = Phone(browse(supervisor))
    assert theirs.photo(sent["id"], data, sha256_of(data)).status_code == 404
    assert phone.photo(uuid7(), data, sha256_of(data)).status_code == 404
    assert number_of(session, Evidence) == 0


def test_an_entry_handed_in_takes_no_more_photos(session, phone, placement):
    made = fieldwork.entry(session, placement)
    data = fieldwork.picture()
    assert phone.photo(made.id, data, sha256_of(data)).status_code == 422
