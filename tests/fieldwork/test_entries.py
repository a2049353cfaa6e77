"""An entry's life in the database: written, handed in, decided."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from uuid_utils.compat import uuid7

from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core.errors import Refusal, Stale
from lms.core.files import Upload
from lms.core.mail import MailMessage
from lms.fieldwork import service
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import fingerprint
from lms.fieldwork.rules import (
    EntryEvent,
    EntryState,
)
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.people import person

S = EntryState


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


@pytest.fixture
def trainee(enrolment):
    return enrolment.person.actor


# --- writing and handing in ---


def test_the_same_key_makes_one_entry(session, placement, trainee):
    key, content = uuid7(), fieldwork.content(placement)
    enrolment = placement.enrolment

    def write(content):
        return entries.write_entry(
            session, trainee, enrolment, key, content, "", (), fieldwork.files(), NOW
        )

    entry = write(content)
    assert write(content) is entry
    assert entry.revision == 1
    write(replace(content, summary="Autre chose."))
    assert (entry.summary, entry.revision) == ("Autre chose.", 2)
    entries.submit(session, trainee, entry, NOW)
    with refused("entry_handed_in_before"):
        write(replace(content, summary="Encore autre chose."))


def test_a_draft_may_stay_unfinished(session, enrolment, trainee):
    content = fieldwork.content(
        None, type="", form="", role="", summary="", consent_basis=None, minutes_direct=0,
        held_on=date(2027, 5, 5), participants={},
    )  # fmt: skip
    entry = entries.write_entry(
        session, trainee, enrolment, uuid7(), content, "", (), fieldwork.files(), NOW
    )
    codes = [fault.code for fault in entries.standing_faults(session, entry, NOW)]
    assert codes[0] == "placement_missing"
    assert "entry_in_future" in codes
    with refused("placement_missing"):
        entries.submit(session, trainee, entry, NOW)
    assert entry.state is S.DRAFT


def test_a_day_is_full_after_sixteen_hours_in_all_enrolments(session, placement, supervisor):
    fieldwork.entry(session, placement, S.APPROVED, minutes_direct=600)
    someone = placement.enrolment.person
    other = cohorts.enrolment(session, someone, cohorts.cohort(session, "coach"))
    elsewhere = fieldwork.placement(session, other, supervisor)
    with refused("entry_day_full"):
        fieldwork.entry(session, elsewhere, S.SUBMITTED, minutes_direct=271, minutes_indirect=0,
                        minutes_preparation=0)  # fmt: skip
    fieldwork.entry(session, elsewhere, S.SUBMITTED, minutes_direct=270, minutes_indirect=0,
                    minutes_preparation=0)  # fmt: skip


@pytest.mark.parametrize("state", [S.REJECTED, S.WITHDRAWN, S.REVOKED, S.DRAFT])
def test_what_will_not_count_leaves_room_in_the_day(session, placement, state):
    fieldwork.entry(session, placement, state, minutes_direct=840)
    fieldwork.entry(session, placement, S.SUBMITTED, minutes_direct=840)


def test_each_version_is_kept_and_fingerprinted(session, placement, trainee, supervisor):
    entry = fieldwork.entry(session, placement, S.NEEDS_INFO, reflection="secret")
    new = replace(entries.content_of(entry), minutes_direct=60)
    entries.edit_entry(
        session, trainee, entry, entry.revision, new, "secret", (), (), fieldwork.files(), NOW
    )
    entries.submit(session, trainee, entry, NOW + timedelta(days=1))
    second, first = entries.versions_of(session, entry)
    assert (first.number, second.number, entry.version) == (1, 2, 2)
    assert first.content["minutes_direct"] == 90
    assert second.content["minutes_direct"] == 60
    assert first.content_hash != second.content_hash == entry.content_hash
    assert fingerprint(second.content) == second.content_hash
    assert "secret" not in str(second.content)
    assert "reflection" not in second.content
    assert first.decision is S.NEEDS_INFO
    assert first.comment == "Combien de personnes ?"


def test_files_come_and_go(session, placement, trainee):
    entry = fieldwork.draft(
        session, placement, uploads=[Upload("a.pdf", "application/pdf", fieldwork.PDF)] * 4
    )
    assert len(entry.evidence) == 4
    gone = entry.evidence[0].id
    content = entries.content_of(entry)
    entries.edit_entry(
        session, trainee, entry, 1, content, "",
        [Upload("b.pdf", "application/pdf", fieldwork.PDF)] * 2, {gone}, fieldwork.files(), NOW,
    )  # fmt: skip
    assert len(entry.evidence) == 5
    assert service.find_evidence(session, gone) is None
    with refused("entry_too_many_files"):
        entries.edit_entry(
            session, trainee, entry, 2, content, "",
            [Upload("c.pdf", "application/pdf", fieldwork.PDF)], (), fieldwork.files(), NOW,
        )  # fmt: skip


@pytest.mark.parametrize("state", [S.SUBMITTED, S.APPROVED, S.LOCKED, S.REJECTED])
def test_what_was_handed_in_is_not_changed(session, placement, trainee, state):
    entry = fieldwork.entry(session, placement, state)
    with refused("illegal_transition"):
        entries.edit_entry(
            session, trainee, entry, entry.revision, entries.content_of(entry), "", (), (),
            fieldwork.files(), NOW,
        )  # fmt: skip


@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN])
def test_nothing_is_handed_in_while_the_enrolment_rests(session, cohort, supervisor, state):
    ended = NOW if state is EnrolmentState.WITHDRAWN else None
    enrolment = cohorts.enrolment(session, None, cohort)
    entry = fieldwork.draft(session, fieldwork.placement(session, enrolment, supervisor))
    session.execute(
        text("UPDATE enrolment SET state = :state, ended_at = :ended WHERE id = :id"),
        {"state": state.value, "ended": ended.isoformat() if ended else None,
         "id": enrolment.id.hex if session.get_bind().dialect.name == "sqlite" else enrolment.id},
    )  # fmt: skip
    session.expire(enrolment)
    with refused("enrolment_not_active"):
        entries.submit(session, enrolment.person.actor, entry, NOW)


def test_nothing_is_written_before_the_cohort_begins(session, supervisor):
    enrolment = cohorts.enrolment(session, None, cohorts.cohort(session, state=CohortState.PLANNED))
    with refused("cohort_not_running"):
        fieldwork.draft(session, fieldwork.placement(session, enrolment, supervisor))


def test_a_deleted_draft_is_gone_with_its_reflection(session, placement, trainee):
    entry = fieldwork.draft(session, placement, reflection="secret")
    entries.delete(session, trainee, entry, NOW)
    assert service.find_entry(session, entry.id) is None
    assert entry.reflection == ""


# --- deciding ---


def test_a_decision_counts_and_is_told(session, placement):
    entry = fieldwork.entry(session, placement)
    entries.decide(
        session, placement.supervisor.actor, entry, entry.revision, EntryEvent.APPROVE, "Bien.", NOW
    )
    assert [one.id for one in service.counted_entries(session, [placement.enrolment_id])[
        placement.enrolment_id]] == [entry.id]  # fmt: skip
    mail = session.scalars(select(MailMessage)).one()
    assert mail.to_address == placement.enrolment.person.email
    assert "Bien." in mail.text
    assert f"/practice/entries/{entry.id}" in mail.text
    assert f"/practice/entries/{entry.id}" in mail.html


@pytest.mark.parametrize("decision", [EntryEvent.ASK, EntryEvent.REJECT])
def test_words_are_owed_unless_approving(session, placement, decision):
    entry = fieldwork.entry(session, placement)
    actor = placement.supervisor.actor
    with refused("reason_needed"):
        entries.decide(session, actor, entry, entry.revision, decision, "", NOW)
    entries.decide(session, actor, entry, entry.revision, decision, "Pourquoi ?", NOW)
    assert entry.decision_comment == "Pourquoi ?"


def test_only_the_named_supervisor_decides_never_the_author(session, placement, trainer, admin):
    entry = fieldwork.entry(session, placement)
    for someone in (trainer, admin, placement.enrolment.person, person(session, "programme")):
        with refused("entry_not_yours_to_decide"):
            entries.decide(
                session, someone.actor, entry, entry.revision, EntryEvent.APPROVE, "", NOW
            )


def test_a_stale_decision_is_refused(session, placement, trainee):
    entry = fieldwork.entry(session, placement)
    with pytest.raises(Stale):
        entries.decide(
            session, placement.supervisor.actor, entry, entry.revision - 1, EntryEvent.APPROVE, "",
            NOW,
        )  # fmt: skip


def test_acts_that_are_no_decisions(session, placement):
    entry = fieldwork.entry(session, placement)
    with refused("not_a_decision"):
        entries.decide(
            session, placement.supervisor.actor, entry, entry.revision, EntryEvent.LOCK, "x", NOW
        )


def test_amending_voids_the_approval(session, placement, trainee):
    entry = fieldwork.entry(session, placement, S.APPROVED)
    with refused("reason_needed"):
        entries.amend(session, trainee, entry, "", NOW)
    entries.amend(session, trainee, entry, "Erreur.", NOW)
    assert (entry.state, entry.decided_at, entry.decided_by_id) == (S.AMENDED, None, None)
    assert service.counted_entries(session, [entry.enrolment_id])[entry.enrolment_id] == []
    (version,) = entries.versions_of(session, entry)
    assert version.voided_at == NOW
    entries.submit(session, trainee, entry, NOW)
    assert entry.version == 2


def test_an_approval_is_taken_back_before_the_dossier_holds_it(session, placement, admin):
    entry = fieldwork.entry(session, placement, S.APPROVED)
    entries.revoke(session, admin.actor, entry, entry.revision, "Doublon.", NOW)
    assert entry.state is S.REVOKED
    locked = fieldwork.entry(session, placement, S.LOCKED, held_on=date(2026, 5, 1))
    with refused("illegal_transition"):
        entries.revoke(session, admin.actor, locked, locked.revision, "Doublon.", NOW)
