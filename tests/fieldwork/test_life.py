"""An entry's life as a game: whatever people do, in whatever order, what must hold holds."""

from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as play

from lms.core.errors import Refusal
from lms.fieldwork import logbook, service
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import EDITABLE, FILLS_A_DAY, MINUTES_A_DAY
from lms.fieldwork.rules import COUNTS, EntryEvent, EntryState
from lms.policy.actor import SYSTEM
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.people import person

words = st.sampled_from(["", "Précisez.", "Bien."])


def test_an_entrys_life(session):  # noqa: C901 - one game, many moves
    class Life(RuleBasedStateMachine):
        written = Bundle("written")

        def __init__(self):
            super().__init__()
            self.savepoint = session.begin_nested()
            self.now = NOW

        def teardown(self):
            self.savepoint.rollback()
            session.expire_all()

        @initialize()
        def people(self):
            cohort = cohorts.cohort(session)
            _, self.supervisor = cohorts.team(session, cohort)
            self.admin = person(session, "admin.ma")
            self.trainee = person(session, "trainee")
            enrolment = cohorts.enrolment(session, self.trainee, cohort)
            self.placement = fieldwork.placement(session, enrolment, self.supervisor)
            self.all = []

        def attempt(self, act, *given):
            """Do it if it may be done; a refusal leaves everything as it was."""
            self.now += timedelta(minutes=1)
            states = [(entry.state, entry.revision) for entry in self.all]
            try:
                act(session, *given, self.now)
            except Refusal:
                assert states == [(entry.state, entry.revision) for entry in self.all]

        @rule(target=written, minutes=st.integers(0, 700), day=st.integers(1, 2))
        def write(self, minutes, day):
            entry = fieldwork.draft(
                session, self.placement, "confidentiel", minutes_direct=minutes,
                minutes_indirect=0, minutes_preparation=0, held_on=date(2026, 5, day),
            )  # fmt: skip
            self.all.append(entry)
            return entry

        @rule(entry=written)
        def submit(self, entry):
            self.attempt(entries.submit, self.trainee.actor, entry)

        @rule(entry=written)
        def withdraw(self, entry):
            self.attempt(entries.withdraw, self.trainee.actor, entry)

        @rule(entry=written)
        def delete(self, entry):
            self.attempt(entries.delete, self.trainee.actor, entry)

        @rule(entry=written, reason=words)
        def amend(self, entry, reason):
            self.attempt(entries.amend, self.trainee.actor, entry, reason)

        @rule(entry=written, minutes=st.integers(0, 700))
        def edit(self, entry, minutes):
            content = fieldwork.content(
                self.placement, minutes_direct=minutes, held_on=entry.held_on
            )
            nothing = ("confidentiel", (), (), fieldwork.files())
            given = (self.trainee.actor, entry, entry.revision, content, *nothing)
            self.attempt(entries.edit_entry, *given)

        @rule(
            entry=written,
            decision=st.sampled_from([EntryEvent.APPROVE, EntryEvent.ASK, EntryEvent.REJECT]),
            comment=words,
            late=st.integers(0, 1),
            self_made=st.booleans(),
        )
        def decide(self, entry, decision, comment, late, self_made):
            actor = (self.trainee if self_made else self.supervisor).actor
            given = (actor, entry, entry.revision - late, decision, comment)
            self.attempt(entries.decide, *given)

        @rule(entry=written, reason=words)
        def revoke(self, entry, reason):
            self.attempt(entries.revoke, self.admin.actor, entry, entry.revision, reason)

        @rule()
        def lock(self):
            service.lock_entries(session, SYSTEM, self.placement.enrolment, self.now)

        @rule()
        def unlock(self):
            enrolment = self.placement.enrolment
            service.unlock_entries(session, SYSTEM, enrolment, self.now, "Rendu.")

        @invariant()
        def only_what_was_approved_counts(self):
            if not getattr(self, "all", None):
                return
            enrolment = self.placement.enrolment
            counted = service.counted_entries(session, [enrolment.id])[enrolment.id]
            assert {one.id for one in counted} == {
                entry.id for entry in self.all if entry.state in COUNTS
            }
            totals = logbook.totals(session, enrolment)
            assert totals.total == sum(one.minutes_total for one in counted)

        @invariant()
        def whoever_approved_was_another(self):
            for entry in getattr(self, "all", ()):
                if entry.state in COUNTS:
                    assert entry.decided_by_id == self.supervisor.id != entry.person_id

        @invariant()
        def what_counts_is_what_was_handed_in(self):
            for entry in getattr(self, "all", ()):
                if entry.state in COUNTS | {EntryState.SUBMITTED}:
                    version = entries.versions_of(session, entry)[0]
                    assert version.content_hash == entry.content_hash
                    said = entries.document_of(entry) | {"version": entry.version}
                    assert version.content == said

        @invariant()
        def no_day_is_overfull(self):
            days = {}
            for entry in getattr(self, "all", ()):
                if entry.state in FILLS_A_DAY - EDITABLE:
                    days[entry.held_on] = days.get(entry.held_on, 0) + entry.minutes_total
            assert all(minutes <= MINUTES_A_DAY for minutes in days.values())

        @invariant()
        def what_is_deleted_keeps_no_secret(self):
            for entry in getattr(self, "all", ()):
                if entry.state is EntryState.DELETED:
                    assert entry.reflection == ""

    play(
        Life,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
