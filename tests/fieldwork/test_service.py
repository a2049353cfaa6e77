"""What the ledger is told; placements, observations, attestations; who sees what."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.cohorts import enrolling
from lms.cohorts import service as cohorts_service
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.fieldwork import logbook, service
from lms.fieldwork.attestations import service as attestations
from lms.fieldwork.models import EntryVersion, Observation, PracticumEntry
from lms.fieldwork.observations import service as observations
from lms.fieldwork.placements import service as placements
from lms.fieldwork.placements.service import PlacementData
from lms.fieldwork.rules import (
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
    moved = enrolling.transfer(session, admin.actor, enrolment, target, "Départ.", NOW)
    assert len(service.counted_entries(session, [moved.id])[moved.id]) == 1
    assert len(service.lock_entries(session, SYSTEM, moved, NOW)) == 1


def test_the_ledgers_questions_cost_the_same_for_any_number(
    session, cohort, supervisor, trainer, admin
):
    from tests.pages import counted

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
