"""Hostile payloads: whatever a device sends, each item gets an answer and nothing breaks."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.rules import SyncKind
from lms.fieldwork.sync import rules
from lms.fieldwork.sync.rules import Unreadable

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "\x00", "\ud800", "\u202e", "=1+1", "<script>", "2026-06-01", "9" * 40]),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), texts, st.uuids().map(str)
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
NAMES = (
    "enrolment", "placement", "type", "form", "held_on", "minutes_direct", "minutes_indirect",
    "role", "participants", "stakes", "summary", "consent_basis", "photos", "reflection",
    "observed_on", "setting", "scores", "notes", "entry", "place", "x",
)  # fmt: skip
contents = st.dictionaries(st.sampled_from(NAMES), anything, max_size=8)
KEY = UUID("01900000-0000-7000-8000-00000000abcd")


@given(anything)
def test_reading_an_item_gives_an_item_or_faults(raw):
    faults = ()
    try:
        item = rules.read_item(raw)
    except Unreadable as unreadable:
        faults = unreadable.faults
    assert faults or len(item.content_hash) == 64


@given(contents, st.permutations(NAMES))
def test_the_fingerprint_does_not_depend_on_the_order_of_fields(content, order):
    if not rules.is_plain(content):
        return
    mixed = {name: content[name] for name in order if name in content}
    first = rules.content_hash(KEY, SyncKind.ENTRY, content)
    assert rules.content_hash(KEY, SyncKind.ENTRY, mixed) == first
    assert rules.content_hash(KEY, SyncKind.OBSERVATION, content) != first
    assert rules.content_hash(KEY, SyncKind.ENTRY, content | {"more": 1}) != first


@given(st.text(max_size=45))
def test_a_time_is_read_in_utc_or_not_at_all(text):
    found = rules.read_time(text)
    assert found is None or found.tzinfo is UTC


@given(st.integers(1, 7_000_000_000_000))
def test_a_time_that_a_browser_writes_is_read(milliseconds):
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    found = rules.read_time(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    assert abs((found - moment).total_seconds()) < 0.001


@pytest.mark.slow
@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    content=contents,
    envelope=st.dictionaries(st.sampled_from(["id", "kind", "claimed_at"]), anything, max_size=2),
    kind=st.sampled_from(["entry", "observation"]),
)
def test_hostile_items_never_break_the_batch(session, phone, note, content, envelope, kind):
    good, bad = note(), note(kind=kind)
    bad["content"] |= content
    bad |= envelope
    token = phone.start().json["csrf"]
    before = session.scalar(select(func.count()).select_from(PracticumEntry))
    answer = phone.client.post(
        "/practice/entries/sync",
        data=json.dumps({"entries": [bad, good]}),
        headers={"X-CSRFToken": token, "Content-Type": "application/json"},
    )
    assert answer.status_code == 200, answer.text
    first, second = answer.json["results"]
    assert first["status"] in {200, 201, 409, 422}
    assert bool(first["errors"]) == (first["status"] == 422)
    assert second["status"] == 201
    made = session.scalar(select(func.count()).select_from(PracticumEntry)) - before
    assert made == (2 if first["status"] == 201 and kind == "entry" else 1)


@pytest.mark.slow
@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(body=anything)
def test_hostile_bodies_are_refused(phone, body):
    token = phone.start().json["csrf"]
    answer = phone.client.post(
        "/practice/entries/sync",
        data=json.dumps(body),
        headers={"X-CSRFToken": token, "Content-Type": "application/json"},
    )
    assert answer.status_code == 422
