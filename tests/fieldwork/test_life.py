"""An entry's life as a game: whatever people do, in whatever order, what must hold holds."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as play
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.core.errors import Refusal
from lms.fieldwork import logbook, service
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import (
    EDITABLE,
    FILLS_A_DAY,
    LIMITS,
    MINUTES_A_DAY,
    came_in_time,
    facts_fingerprint,
    local_date,
)
from lms.fieldwork.models import EntryVersion, Placement, PracticumEntry, Signature, SyncedItem
from lms.fieldwork.rules import COUNTS, EntryEvent, EntryState, LinkPurpose, Means, SyncKind
from lms.fieldwork.signing import links
from lms.fieldwork.signing import service as signing
from lms.fieldwork.signing.service import Answer
from lms.fieldwork.sync import rules as sync_rules
from lms.fieldwork.sync import service as sync
from lms.policy.actor import SYSTEM
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.people import person

words = st.sampled_from(["", "Précisez.", "Bien."])
minutes_of = st.integers(0, 700)
days_ago = st.sampled_from([0, 1, 2, 29, 31, 45, -1])
STEPS = 50


def life(session):  # noqa: C901 - one game, many moves
    """The game, on one database: the people are always the same, what they do is undone."""
    cohort = cohorts.cohort(session)
    _, supervisor = cohorts.team(session, cohort)
    admin, trainee = person(session, "admin.ma"), person(session, "trainee")
    enrolment = cohorts.enrolment(session, trainee, cohort)
    placement = fieldwork.placement(session, enrolment, supervisor)
    keys = placement.id, supervisor.id, admin.actor, supervisor.actor, trainee.actor

    class Life(RuleBasedStateMachine):
        written = Bundle("written")
        steps = 0

        def __init__(self):
            super().__init__()
            self.savepoint = session.begin_nested()
            self.now = NOW
            self.all, self.sent = [], {}

        def teardown(self):
            self.counts_add_up()
            self.savepoint.rollback()
            session.expunge_all()

        @initialize()
        def people(self):
            placement_id, self.supervisor_id, self.admin, self.supervisor, self.me = keys
            self.placement = session.get_one(Placement, placement_id)

        def attempt(self, act, *given):
            """Do it if it may be done; a refusal leaves everything as it was."""
            Life.steps += 1
            self.now += timedelta(minutes=1)
            states = [(entry.state, entry.revision) for entry in self.all]
            try:
                return act(session, *given, self.now)
            except Refusal:
                assert states == [(entry.state, entry.revision) for entry in self.all]

        def content(self, minutes, ago, people=4, summary="Un atelier."):
            held_on = self.now.date() - timedelta(days=ago)
            return fieldwork.content(
                self.placement, minutes_direct=minutes, minutes_indirect=0, minutes_preparation=0,
                held_on=held_on, participants={"citizen": people}, summary=summary,
            )  # fmt: skip

        # --- the trainee ---

        @rule(target=written, minutes=minutes_of, ago=days_ago, wrong=st.integers(-400, 400))
        def write(self, minutes, ago, wrong):
            """On a device whose clock is wrong by up to 400 days."""
            Life.steps += 1
            self.now += timedelta(minutes=1)
            entry = entries.write_entry(
                session, self.me, self.placement.enrolment, uuid7(), self.content(minutes, ago),
                "confidentiel", (), fieldwork.files(), self.now, self.now + timedelta(days=wrong),
            )  # fmt: skip
            self.all.append(entry)
            return entry

        @rule(entry=written)
        def submit(self, entry):
            before = entry.state
            self.attempt(entries.submit, self.me, entry)
            if entry.state is EntryState.SUBMITTED and before is not EntryState.SUBMITTED:
                zone = entry.enrolment.cohort.time_zone
                received, today = local_date(entry.received_at, zone), local_date(self.now, zone)
                assert came_in_time(entry.held_on, received, today, LIMITS.backdating_days)
                assert entry.held_on <= today

        @rule(entry=written)
        def withdraw(self, entry):
            self.attempt(entries.withdraw, self.me, entry)

        @rule(entry=written)
        def delete(self, entry):
            self.attempt(entries.delete, self.me, entry)

        @rule(entry=written, reason=words)
        def amend(self, entry, reason):
            self.attempt(entries.amend, self.me, entry, reason)

        @rule(
            entry=written, minutes=minutes_of, ago=days_ago, people=st.integers(1, 3),
            summary=words, late=st.integers(0, 1),
        )  # fmt: skip
        def edit(self, entry, minutes, ago, people, summary, late):
            content = self.content(minutes, ago, people, summary)
            nothing = ("confidentiel", (), (), fieldwork.files())
            self.attempt(
                entries.edit_entry, self.me, entry, entry.revision - late, content, *nothing
            )

        @rule(entry=written, summary=words)
        def reword(self, entry, summary):
            """The host's word stands: nothing that they signed has changed."""
            if entry.state in EDITABLE:
                means = entry.host_means
                said = entries.content_of(entry)
                content = replace(said, summary=summary)
                nothing = ("confidentiel", (), (), fieldwork.files())
                self.attempt(entries.edit_entry, self.me, entry, entry.revision, content, *nothing)
                assert entry.host_means is means

        @rule(days=st.integers(1, 20))
        def wait(self, days):
            Life.steps += 1
            self.now += timedelta(days=days)

        # --- the device ---

        @rule(key=st.integers(0, 3), minutes=st.integers(1, 3), wrong=st.integers(-400, 400))
        def send(self, key, minutes, wrong):
            """A device sends something once, again, or changed; with any time on its clock."""
            device_id = UUID(int=key + 1)
            content = {
                "enrolment": str(self.placement.enrolment_id),
                "placement": str(self.placement.id), "type": "workshop",
                "held_on": "2026-06-09", "minutes_direct": minutes, "participants": {"citizen": 2},
            }  # fmt: skip
            item = sync_rules.Item(
                device_id, SyncKind.ENTRY, self.now + timedelta(days=wrong), content,
                sync_rules.content_hash(device_id, SyncKind.ENTRY, content),
            )  # fmt: skip
            before = self.sent.get(device_id, {})
            outcome = self.attempt(self.receive, item)
            if outcome is None:
                return
            assert before.get(item.content_hash, outcome.receipt) == outcome.receipt
            known = self.sent.setdefault(device_id, {})
            if not known:
                assert outcome.status == sync.CREATED
                self.all.append(session.get_one(PracticumEntry, device_id))
            elif item.content_hash not in known:
                assert outcome.status == sync.CONFLICT
            else:
                first = next(iter(known)) == item.content_hash
                assert outcome.status == (sync.REPEATED if first else sync.CONFLICT)
            known[item.content_hash] = outcome.receipt

        def receive(self, session, item, now):
            return sync.receive(session, self.me, item, fieldwork.files(), now)

        # --- the host ---

        @rule(entry=written, means=st.sampled_from([Means.QR, Means.LINK]), objects=st.booleans())
        def sign(self, entry, means, objects):
            link = self.attempt(links.make_link, self.me, entry, LinkPurpose.ENTRY, means)
            if link is None:
                return
            seen = facts_fingerprint(entries.content_of(entry))
            answer = Answer("Une agente", "", "fr", "Non." if objects else "", objects)
            before = (entry.state, entry.revision)
            for again in range(2):
                given = self.attempt(signing.answer_entry, link[0], seen, answer)
                assert given is None or not again, "a link is used once"
            assert (entry.state, entry.revision) == before

        # --- the supervisor, the administration, the dossier ---

        @rule(
            entry=written,
            decision=st.sampled_from([EntryEvent.APPROVE, EntryEvent.ASK, EntryEvent.REJECT]),
            comment=words,
            late=st.integers(0, 1),
            self_made=st.booleans(),
        )
        def decide(self, entry, decision, comment, late, self_made):
            actor = self.me if self_made else self.supervisor
            given = (actor, entry, entry.revision - late, decision, comment)
            self.attempt(self.decides, *given)

        def decides(self, session, actor, entry, seen, decision, comment, now):
            entries.decide(session, actor, entry, seen, decision, comment, now, tell=False)

        @rule(entry=written)
        def approve(self, entry):
            self.attempt(
                self.decides, self.supervisor, entry, entry.revision, EntryEvent.APPROVE, ""
            )

        @rule(entry=written, reason=words)
        def revoke(self, entry, reason):
            self.attempt(entries.revoke, self.admin, entry, entry.revision, reason)

        @rule()
        def lock(self):
            Life.steps += 1
            service.lock_entries(session, SYSTEM, self.placement.enrolment, self.now)

        @rule()
        def unlock(self):
            Life.steps += 1
            enrolment = self.placement.enrolment
            service.unlock_entries(session, SYSTEM, enrolment, self.now, "Rendu.")

        # --- what must hold ---

        def counts_add_up(self):
            """Only what was approved counts: asked of the database at the end of each game."""
            if not self.all:
                return
            enrolment = self.placement.enrolment
            counted = service.counted_entries(session, [enrolment.id])[enrolment.id]
            approved = {entry.id for entry in self.all if entry.state in COUNTS}
            assert {one.id for one in counted} == approved
            totals = logbook.totals(session, enrolment)
            assert totals.total == sum(one.minutes_total for one in counted)
            assert len(session.scalars(select(PracticumEntry.id)).all()) == len(self.all)
            stored = session.scalars(select(SyncedItem.device_id)).all()
            assert len(stored) == sum(map(len, self.sent.values()))
            self.versions_hold()
            self.signatures_hold()

        def versions_hold(self):
            versions = {
                (each.entry_id, each.number): each for each in session.scalars(select(EntryVersion))
            }
            for entry in self.all:
                if entry.state in COUNTS | {EntryState.SUBMITTED}:
                    version = versions[entry.id, entry.version]
                    assert version.content_hash == entry.content_hash
                    said = entries.document_of(entry) | {"version": entry.version}
                    assert version.content == said
                    assert version.voided_at is None
                    assert (version.decision is not None) is (entry.state in COUNTS)

        def signatures_hold(self):
            standing = session.scalars(select(Signature).where(Signature.voided_at.is_(None))).all()
            for entry in self.all:
                now = facts_fingerprint(entries.content_of(entry))
                mine = [each for each in standing if each.entry_id == entry.id]
                assert {each.fingerprint for each in mine} <= {now}
                assert entry.host_means is signing.means_of(mine)

        @invariant()
        def whoever_approved_was_another(self):
            for entry in self.all:
                if entry.state in COUNTS:
                    assert entry.decided_by_id == self.supervisor_id != entry.person_id
                else:
                    assert entry.state is not EntryState.APPROVED

        @invariant()
        def no_day_is_overfull(self):
            days: dict[date, int] = {}
            for entry in self.all:
                if entry.state in FILLS_A_DAY - EDITABLE:
                    days[entry.held_on] = days.get(entry.held_on, 0) + entry.minutes_total
            assert all(minutes <= MINUTES_A_DAY for minutes in days.values())

        @invariant()
        def what_is_deleted_keeps_no_secret(self):
            for entry in self.all:
                if entry.state is EntryState.DELETED:
                    assert entry.reflection == ""

    return Life


def played(session, games):
    """Play that many games; how many moves were made."""
    machine = life(session)
    play(
        machine,
        settings=settings(
            max_examples=games,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.steps


@pytest.mark.slow
def test_an_entrys_life(session):
    """10,000 moves on SQLite; a tenth of it on PostgreSQL, where each takes longer."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    assert played(session, 245 if on_sqlite else 26) >= (10_000 if on_sqlite else 1_000)


@pytest.mark.soak
@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_a_hundred_thousand_moves(session):
    assert played(session, 2_450) >= 100_000
