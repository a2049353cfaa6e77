"""Figures added up by the database are the ledgers' figures, for everybody, at any size."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.assessment import service as assessment
from lms.assessment.rules.standing import standings
from lms.assessment.service import standing
from lms.assessment.service.sums import standings_of
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.fieldwork.models import (
    HostFeedback,
    PracticumEntry,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import EntryState, PresenceState, SupervisionKind, SupervisionState

NOW = datetime.now(UTC)


def supervised(session, enrolment, supervisor, minutes, kind, days):
    """A session that was held."""
    made = SupervisionSession(
        cohort_id=enrolment.cohort_id,
        supervisor_id=supervisor,
        kind=kind,
        state=SupervisionState.HELD,
        starts_at=NOW - timedelta(days=days),
        minutes=minutes,
        created_at=NOW,
        held_at=NOW,
    )
    session.add(made)
    session.flush()
    presence = SupervisionPresence(
        session_id=made.id, enrolment_id=enrolment.id, state=PresenceState.PRESENT
    )
    session.add(presence)
    session.flush()


def thanked(session, entry, name):
    session.add(
        HostFeedback(
            enrolment_id=entry.enrolment_id,
            placement_id=entry.placement_id,
            giver_name=name,
            answers={},
            given_at=NOW - timedelta(days=3),
        )
    )


@pytest.fixture
def busy(seeded_session):
    """The demonstration, with sessions, feedback and practice at one's own institution."""
    entries = seeded_session.scalars(
        select(PracticumEntry)
        .where(PracticumEntry.state == EntryState.APPROVED)
        .order_by(PracticumEntry.id)
    ).all()
    for turn, entry in enumerate(entries[::9]):
        kind = SupervisionKind.GROUP if turn % 3 else SupervisionKind.INDIVIDUAL
        supervisor = entry.supervisor_id
        supervised(seeded_session, entry.enrolment, supervisor, 45 + turn % 50, kind, turn % 90)
        thanked(seeded_session, entry, f"Hôte {turn % 2}")
        if turn % 4 == 0:
            entry.placement.own_institution = True
    seeded_session.flush()
    return seeded_session


@pytest.mark.slow
def test_the_same_figures_as_the_ledgers(busy):
    compared = 0
    for cohort in busy.scalars(select(Cohort)).all():
        release, programme = standing.programme_at(busy, cohort)
        today = standing.today_of(cohort, NOW)
        people = busy.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort.id)).all()
        added = standings_of(
            busy, [one.id for one in people], release, programme, cohort.time_zone, today
        )
        ledgers = assessment.ledgers(busy, people, release)
        for one in people:
            assert added[one.id] == standings(programme.requirements, ledgers[one.id], today)
            compared += any(line.recent for line in added[one.id].lines)
    assert compared > 5


@pytest.mark.slow
def test_what_was_done_before_a_transfer_counts_after_it(busy):
    old = busy.scalars(
        select(Enrolment).join(Cohort).where(Cohort.name == "Coachs, Oujda 2026")
    ).first()
    new = Enrolment(
        cohort=old.cohort, person=busy.scalars(select(Enrolment)).all()[-1].person,
        enrolled_at=NOW, transferred_from_id=old.id,
    )  # fmt: skip
    busy.add(new)
    old.state, old.ended_at = EnrolmentState.TRANSFERRED, NOW
    busy.flush()
    release, programme = standing.programme_at(busy, old.cohort)
    today = standing.today_of(old.cohort, NOW)
    added = standings_of(busy, [new.id], release, programme, old.cohort.time_zone, today)[new.id]
    ledger = assessment.ledger(busy, new, release)
    assert added == standings(programme.requirements, ledger, today)
    assert added.line("total-practice").counted > 0
    assert standing.span_of(new).begins_on == old.cohort.starts_on


@pytest.mark.slow
def test_those_who_left_are_not_of_the_cohort(busy):
    cohort = busy.scalars(select(Cohort).where(Cohort.name == "Coachs, Oujda 2026")).one()
    seen = {one.enrolment_id for one in standing.of_cohort(busy, cohort, NOW)}
    people = busy.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort.id)).all()
    gone = {EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED}
    assert seen == {one.id for one in people if one.state not in gone}
