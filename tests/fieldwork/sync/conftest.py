"""A phone that sends what it has kept."""

import pytest
from uuid_utils.compat import uuid7

CLAIMED = "2026-06-15T08:00:00.000Z"


class Phone:
    """A signed-in browser that speaks with `/practice/sync` as the page's script does."""

    def __init__(self, client):
        self.client = client

    def start(self):
        return self.client.get("/practice/sync", headers={"Accept": "application/json"})

    def send(self, *entries, **body):
        token = self.start().json["csrf"]
        return self.client.post(
            "/practice/entries/sync",
            json={"entries": list(entries), **body},
            headers={"X-CSRFToken": token},
        )

    def results(self, *entries):
        answer = self.send(*entries)
        assert answer.status_code == 200, answer.text
        return answer.json["results"]

    def one(self, entry):
        (result,) = self.results(entry)
        return result

    def photo(self, key, data, sha256, area="entries"):
        from io import BytesIO

        return self.client.post(
            f"/practice/{area}/{key}/photos",
            data={"photo": (BytesIO(data), "p.jpg"), "sha256": sha256},
            headers={"X-CSRFToken": self.start().json["csrf"], "Accept": "application/json"},
        )


@pytest.fixture
def phone(browse, enrolment, placement):
    return Phone(browse(enrolment.person))


@pytest.fixture
def note(enrolment, placement):
    """Call it for a note as a device keeps it."""

    def make(key=None, claimed_at=CLAIMED, kind="entry", **content):
        given = {
            "enrolment": str(enrolment.id),
            "placement": str(placement.id),
            "type": "workshop",
            "held_on": "2026-06-01",
            "minutes_direct": 45,
            "participants": {"elected": 2},
            "summary": "Réunion de quartier. اجتماع الحي.",
        }
        return {
            "id": str(key or uuid7()),
            "kind": kind,
            "claimed_at": claimed_at,
            "content": given | content,
        }

    return make


@pytest.fixture
def seen(enrolment):
    """Call it for an observation as a device keeps it."""

    def make(key=None, claimed_at=CLAIMED, **content):
        given = {
            "enrolment": str(enrolment.id),
            "observed_on": "2026-06-02",
            "setting": "workshop",
            "place": "Berkane",
            "scores": {"leadership-objectives": 3},
            "feedback": "Cadre posé.",
        }
        return {
            "id": str(key or uuid7()),
            "kind": "observation",
            "claimed_at": claimed_at,
            "content": given | content,
        }

    return make
