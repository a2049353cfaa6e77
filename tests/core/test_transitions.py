"""States change by the table alone, and each change stands in the trail."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.core import audit, transitions
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Event(StrEnum):
    GO = "go"
    STOP = "stop"


TABLE = {(Light.RED, Event.GO): Light.GREEN, (Light.GREEN, Event.STOP): Light.RED}


@dataclass
class Crossing:
    state: Light = Light.RED
    id: UUID = field(default_factory=uuid7)
    case_id: UUID = field(default_factory=uuid7)
    country_code: str = "SN"
    audit_label: str = "Carrefour de Kaolack"


@dataclass(frozen=True)
class Somebody:
    person_id: UUID | None = None
    display_name: str = "Awa " * 100


@pytest.mark.parametrize("state", Light)
@pytest.mark.parametrize("event", Event)
def test_every_pair(state, event):
    if (state, event) in TABLE:
        assert transitions.target(TABLE, state, event) is TABLE[state, event]
    else:
        with pytest.raises(Refusal) as refused:
            transitions.target(TABLE, state, event)
        assert refused.value.code == "illegal_transition"
        assert refused.value.params == {"state": state, "event": event}


def test_an_event_changes_the_state_and_is_written_down(session):
    crossing, who = Crossing(), Somebody(uuid7())
    transitions.advance(
        session, who, crossing, Event.GO, TABLE, now=NOW, reason="vide", details={"cars": 3}
    )
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert crossing.state is Light.GREEN
    assert (entry.action, entry.before, entry.after) == ("crossing.go", "red", "green")
    assert (entry.actor_id, entry.at, entry.reason) == (who.person_id, NOW, "vide")
    assert (entry.subject_kind, entry.subject_id) == ("crossing", str(crossing.id))
    assert (entry.subject_label, entry.country_code) == ("Carrefour de Kaolack", "SN")
    assert (entry.case_id, entry.details) == (crossing.case_id, {"cars": 3})
    assert len(entry.actor_label) == 200


def test_an_illegal_event_changes_nothing(session):
    crossing = Crossing()
    with pytest.raises(Refusal):
        transitions.advance(session, Somebody(), crossing, Event.STOP, TABLE, now=NOW)
    assert crossing.state is Light.RED
    assert not session.scalars(select(AuditEntry)).all()


def test_a_record_without_case_or_country(session):
    @dataclass
    class Plain:
        id: str = "tool"
        audit_label: str = "Outil"

    entry = audit.record(session, Somebody(), "plain.make", Plain(), now=NOW)
    session.flush()
    assert (entry.case_id, entry.country_code, entry.details, entry.reason) == (None, None, {}, "")


def test_stale_is_a_refusal():
    assert Stale().code == "stale"
