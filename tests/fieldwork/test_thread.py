"""The thin thread over HTTP: an entry written, handed in, approved, counted."""

from lms.fieldwork.rules import EntryState
from lms.fieldwork.service import counted_entries, find_entry
from tests.pages import post


def filled(placement, **fields):
    """What a trainee types."""
    return {
        "placement": str(placement.id),
        "type": "workshop",
        "form": "working-group",
        "held_on": "2026-06-01",
        "role": "led",
        "minutes_direct": "90",
        "minutes_preparation": "60",
        "participants-elected": "2",
        "participants-civil-society": "5",
        "stakes": ["environment", "social-cohesion"],
        "summary": "Atelier sur les priorités du quartier.",
        "consent_basis": "consent",
        **fields,
    }


def test_an_entry_is_written_handed_in_approved_and_counted(
    session, browse, enrolment, placement, supervisor
):
    trainee = browse(enrolment.person)
    address = f"/practice/{enrolment.id}/entries/new"
    done = post(trainee, address, address, **filled(placement), action="submit")
    assert done.status_code == 303, done.text
    page = trainee.get(done.location)
    assert "Atelier sur les priorités du quartier." in page.text
    entry = find_entry(session, _key(done))
    assert entry.state is EntryState.SUBMITTED
    assert entry.supervisor_id == supervisor.id
    assert counted_entries(session, [enrolment.id])[enrolment.id] == []

    theirs = browse(supervisor)
    queue = theirs.get("/practice/queue")
    assert enrolment.person.name in queue.text
    decided = post(
        theirs,
        f"/practice/entries/{entry.id}/decide",
        f"/practice/entries/{entry.id}",
        decision="approve",
        comment="Bien mené.",
    )
    assert decided.status_code == 303, decided.text
    session.expire_all()
    assert entry.state is EntryState.APPROVED
    (counted,) = counted_entries(session, [enrolment.id])[enrolment.id]
    assert (counted.minutes_direct, counted.minutes_total) == (90, 150)
    assert "2 h 30" in trainee.get(f"/practice/{enrolment.id}").text


def _key(response):
    from uuid import UUID

    return UUID(response.location.rpartition("/")[2])
