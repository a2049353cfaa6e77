"""An entry's life in the database, and what the ledger is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from uuid_utils.compat import uuid7

from lms.cohorts import service as cohorts_service
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.files import Upload
from lms.core.mail import MailMessage
from lms.fieldwork import logbook, service
from lms.fieldwork.entries import queue, service as entries
from lms.fieldwork.entries.rules import fingerprint
from lms.fieldwork.models import EntryVersion, Observation, PracticumEntry
from lms.fieldwork.observations import service as observations
from lms.fieldwork.attestations import service as attestations
from lms.fieldwork.placements import service as placements
from lms.fieldwork.placements.service import PlacementData
from lms.fieldwork.rules import (
    EntryEvent,
    EntryState,
    ObservationState,
    PlacementEvent,
    PlacementState,
)
from lms.policy.actions import Action
from lms.policy.actor import SYSTEM
from lms.policy.permits import permits
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW
from tests.people import PERSONAS, person

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


def test_many_are_approved_at_once_and_each_trainee_is_told_once(
    session, placement, supervisor, cohort
):
    other = fieldwork.placement(session, cohorts.enrolment(session, None, cohort), supervisor)
    waiting = [
        fieldwork.entry(session, place, held_on=date(2026, 5, day))
        for place in (placement, other)
        for day in (4, 5)
    ]
    chosen = {entry.id: entry.revision for entry in waiting}
    chosen[waiting[0].id] -= 1
    chosen[uuid7()] = 1
    approved, left = entries.approve_many(session, supervisor.actor, chosen, NOW)
    assert {entry.id for entry in approved} == {entry.id for entry in waiting[1:]}
    assert left == 2
    assert len(session.scalars(select(MailMessage)).all()) == 2


def test_approving_many_never_reaches_the_entries_of_others(session, placement, supervisor):
    entry = fieldwork.entry(session, placement)
    other = people.person(session)
    approved, left = entries.approve_many(session, other.actor, {entry.id: entry.revision}, NOW)
    assert (approved, left) == ([], 1)


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


# --- what the ledger is told ---


def test_only_what_is_approved_or_locked_counts(session, placement):
    for number, state in enumerate(S):
        fieldwork.entry(session, placement, state, held_on=date(2026, 3, 1 + number))
        if state is S.LOCKED:
            break
    counted = service.counted_entries(session, [placement.enrolment_id])[placement.enrolment_id]
    states = {one.state for one in counted}
    assert states == {S.LOCKED}
    assert logbook.totals(session, placement.enrolment).total == 180 * len(counted)


def test_locking_and_letting_go(session, placement):
    enrolment = placement.enrolment
    for day in (1, 2, 3):
        fieldwork.entry(session, placement, S.APPROVED, held_on=date(2026, 4, day))
    waiting = fieldwork.entry(session, placement, held_on=date(2026, 4, 4))
    assert len(service.lock_entries(session, SYSTEM, enrolment, NOW)) == 3
    assert service.lock_entries(session, SYSTEM, enrolment, NOW) == []
    assert waiting.state is S.SUBMITTED
    with refused("reason_needed"):
        service.unlock_entries(session, SYSTEM, enrolment, NOW, "")
    assert len(service.unlock_entries(session, SYSTEM, enrolment, NOW, "Rendu.")) == 3
    assert len(service.counted_entries(session, [enrolment.id])[enrolment.id]) == 3


def test_approved_practice_goes_along_with_a_transfer(session, placement, admin, supervisor):
    enrolment = placement.enrolment
    fieldwork.entry(session, placement, S.APPROVED)
    target = cohorts.cohort(session)
    moved = cohorts_service.transfer(session, admin.actor, enrolment, target, "Départ.", NOW)
    assert len(service.counted_entries(session, [moved.id])[moved.id]) == 1
    assert len(service.lock_entries(session, SYSTEM, moved, NOW)) == 1


def test_the_ledgers_questions_cost_the_same_for_any_number(
    session, cohort, supervisor, trainer, admin
):
    from tests.fieldwork.conftest import counted

    def make(number):
        keys = []
        for _ in range(number):
            enrolment = cohorts.enrolment(session, None, cohort)
            place = fieldwork.placement(session, enrolment, supervisor)
            fieldwork.entry(session, place, S.APPROVED)
            fieldwork.attestation(session, enrolment, admin)
            seen = fieldwork.shared(session, enrolment, trainer)
            observations.countersign(session, enrolment.person.actor, seen, seen.version, "", NOW)
            keys.append(enrolment.id)
        session.commit()
        return keys

    def cost(keys):
        with counted() as statements:
            assert all(service.counted_entries(session, keys).values())
            assert all(service.countersigned_observations(session, keys).values())
            assert all(service.attestations(session, keys).values())
            service.waiting_minutes(session, keys)
        return len(statements)

    few = make(2)
    assert cost(few) == cost(few + make(5)) <= 7


# --- placements ---

PLACE = PlacementData(
    "Commune", "", "Oujda", date(2026, 2, 1), date(2026, 6, 1), own_institution=True,
    consent_note="",
)  # fmt: skip


def test_a_placement_is_proposed_once_and_agreed(session, enrolment, trainee, admin):
    key = uuid7()
    made = placements.propose(session, trainee, enrolment, key, PLACE, NOW)
    assert placements.propose(session, trainee, enrolment, key, PLACE, NOW) is made
    placements.change(session, admin.actor, made, PlacementEvent.AGREE, "", NOW)
    assert made.state is PlacementState.AGREED
    with refused("reason_needed"):
        placements.change(session, admin.actor, made, PlacementEvent.CANCEL, "", NOW)
    with refused("placement_dates_reversed"):
        placements.propose(
            session, trainee, enrolment, uuid7(), replace(PLACE, ends_on=date(2026, 1, 1)), NOW
        )


def test_supervisors_are_named_in_bulk_and_take_over_what_waits(
    session, cohort, admin, supervisor, placement
):
    entry = fieldwork.entry(session, placement)
    old = fieldwork.entry(session, placement, S.APPROVED, held_on=date(2026, 5, 5))
    new = people.person(session)
    with refused("not_supervisor_here"):
        placements.assign_supervisor(session, admin.actor, cohort, [placement.id], new, NOW)
    cohorts_service.assign(session, admin.actor, cohort, new, cohorts_service.TEAM[1], NOW)
    others = [
        fieldwork.placement(session, cohorts.enrolment(session, None, cohort)) for _ in range(3)
    ]
    keys = [placement.id, *(one.id for one in others)]
    assert placements.assign_supervisor(session, admin.actor, cohort, keys, new, NOW) == 4
    assert placements.assign_supervisor(session, admin.actor, cohort, keys, new, NOW) == 0
    session.refresh(entry)
    session.refresh(old)
    assert entry.supervisor_id == new.id
    assert old.supervisor_id == supervisor.id


def test_nobody_supervises_themselves(session, cohort, admin, supervisor):
    enrolment = cohorts.enrolment(session, supervisor, cohort)
    place = fieldwork.placement(session, enrolment)
    with refused("self_supervision"):
        placements.assign_supervisor(session, admin.actor, cohort, [place.id], supervisor, NOW)


# --- observations ---


def test_an_observation_is_shared_answered_corrected_and_countersigned(
    session, enrolment, trainee, trainer
):
    seen = fieldwork.shared(session, enrolment, trainer)
    with refused("comment_needed"):
        observations.comment(session, trainee, seen, seen.version, "", NOW)
    observations.comment(session, trainee, seen, seen.version, "J’ai bien délégué.", NOW)
    assert seen.state is ObservationState.COMMENTED
    observations.edit(
        session, trainer.actor, seen, seen.version,
        fieldwork.observed(scores={"leadership-delegate": 3}),
        fieldwork.rubric_of(session, enrolment), NOW,
    )  # fmt: skip
    observations.share(session, trainer.actor, seen, NOW)
    with pytest.raises(Stale):
        observations.countersign(session, trainee, seen, seen.version - 1, "", NOW)
    observations.countersign(session, trainee, seen, seen.version, "", NOW)
    (counted,) = service.countersigned_observations(session, [enrolment.id])[enrolment.id]
    assert counted.scores == {"leadership-delegate": 3}


def test_what_is_shared_is_not_changed_behind_the_trainees_back(session, enrolment, trainer):
    seen = fieldwork.shared(session, enrolment, trainer)
    grid = fieldwork.rubric_of(session, enrolment)
    with refused("illegal_transition"):
        observations.edit(
            session, trainer.actor, seen, seen.version, fieldwork.observed(), grid, NOW
        )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"observed_on": date(2026, 6, 11)}, "entry_in_future"),
        ({"observed_on": date(2025, 6, 11)}, "entry_outside_cohort"),
        ({"scores": {"astronomy": 3}}, "observation_scores_strange"),
        ({"entry_id": uuid7()}, "entry_of_another"),
    ],
)
def test_impossible_observations(session, enrolment, trainer, fields, code):
    with refused(code):
        fieldwork.observation(session, enrolment, trainer, **fields)


# --- attestations ---


def test_an_attestation_counts_until_it_is_taken_back(session, enrolment, admin):
    made = fieldwork.attestation(session, enrolment, admin, "supervision", 90)
    (counted,) = service.attestations(session, [enrolment.id])[enrolment.id]
    assert (counted.requirement, counted.amount) == ("supervision", 90)
    attestations.revoke(session, admin.actor, made, "Liste fausse.", NOW)
    assert service.attestations(session, [enrolment.id])[enrolment.id] == []
    with refused("attestation_revoked_before"):
        attestations.revoke(session, admin.actor, made, "Encore.", NOW)


def test_what_cannot_be_attested(session, enrolment, admin):
    with refused("requirement_not_attestable"):
        fieldwork.attestation(session, enrolment, admin, "modules", 1)
    with refused("amount_out_of_range"):
        fieldwork.attestation(session, enrolment, admin, "supervision", 0)
    with refused("attestation_of_oneself"):
        fieldwork.attestation(session, enrolment, enrolment.person, "supervision", 1)


# --- who sees what: queries and table agree ---


def test_the_queries_see_what_the_table_allows(session, placement, trainer, supervisor, enrolment):
    there = cohorts.cohort(session, country="SN")
    trainer_sn, supervisor_sn = cohorts.team(session, there, "SN")
    elsewhere = fieldwork.placement(
        session, cohorts.enrolment(session, person(session, "trainee.sn"), there), supervisor_sn
    )
    for place in (placement, elsewhere):
        for number, state in enumerate(S):
            fieldwork.entry(session, place, state, held_on=date(2026, 3, 1 + number))
    for of, by in ((enrolment, trainer), (elsewhere.enrolment, trainer_sn)):
        fieldwork.observation(session, of, by)
        fieldwork.shared(session, of, by)
    session.commit()
    for name in PERSONAS:
        actor = person(session, name).actor
        for model, query, action in (
            (PracticumEntry, service.entries_visible_to(actor), Action.ENTRY_VIEW),
            (Observation, service.observations_visible_to(actor), Action.OBSERVATION_VIEW),
        ):
            everything = session.scalars(select(model)).unique()
            allowed = {
                one.id
                for one in everything
                if one.state is not S.DELETED and permits(actor, action, one)
            }
            assert {one.id for one in session.scalars(query).unique()} == allowed, (name, model)


def test_the_queue_holds_only_what_waits_for_me(session, placement, supervisor):
    first = fieldwork.entry(session, placement, now=NOW - timedelta(days=3))
    second = fieldwork.entry(session, placement, held_on=date(2026, 5, 2))
    fieldwork.entry(session, placement, S.APPROVED, held_on=date(2026, 5, 3))
    found = session.scalars(queue.entries(supervisor.actor, queue.QueueFilter())).all()
    assert {entry.id for entry in found} == {first.id, second.id}
    assert queue.sizes(session, supervisor.actor)[S.SUBMITTED] == 2
    beside = queue.neighbours(session, supervisor.actor, first)
    assert (beside.previous, beside.next, beside.position, beside.total) == (None, second.id, 1, 2)


def test_the_trail_tells_each_change_of_state(session, placement, trainee):
    entry = fieldwork.entry(session, placement, S.AMENDED, reflection="secret")
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == str(entry.id)).order_by(AuditEntry.id)
    ).all()
    assert [(row.action, row.after) for row in rows] == [
        ("entry.create", "draft"),
        ("practicumentry.submit", "submitted"),
        ("practicumentry.approve", "approved"),
        ("practicumentry.amend", "amended"),
    ]
    assert all(row.case_id == entry.enrolment_id for row in rows)
    assert "secret" not in str([(row.reason, row.details, row.subject_label) for row in rows])


def test_versions_have_no_place_for_a_reflection():
    assert "reflection" not in EntryVersion.__table__.columns
