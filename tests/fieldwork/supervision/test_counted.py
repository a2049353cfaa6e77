"""What the ledger is told of supervision."""

from datetime import timedelta
from itertools import product

from lms.cohorts import enrolling
from lms.cohorts import service as cohorts_service
from lms.fieldwork import service
from lms.fieldwork.models import SupervisionPresence, SupervisionSession
from lms.fieldwork.rules import PresenceState, SupervisionKind, SupervisionState
from tests.factories import cohorts
from tests.factories.cohorts import NOW
from tests.pages import counted


def meeting(session, supervisor, cohort, there, state=SupervisionState.HELD, days=3, **fields):
    """A session that took place `days` ago; `there` says who came."""
    made = SupervisionSession(
        cohort=cohort,
        supervisor=supervisor,
        kind=SupervisionKind.GROUP if len(there) > 1 else SupervisionKind.INDIVIDUAL,
        state=state,
        starts_at=NOW - timedelta(days=days),
        minutes=60,
        created_at=NOW - timedelta(days=days + 5),
        held_at=NOW if state is SupervisionState.HELD else None,
        **fields,
    )
    session.add(made)
    for enrolment, presence in there.items():
        session.add(SupervisionPresence(session=made, enrolment=enrolment, state=presence))
    session.flush()
    return made


def test_only_sessions_held_count_and_only_for_those_present(
    session, cohort, supervisor, enrolment
):
    other = cohorts.enrolment(session, None, cohort)
    for state, presence in product(SupervisionState, PresenceState):
        meeting(session, supervisor, cohort, {enrolment: presence}, state)
    group = meeting(
        session, supervisor, cohort,
        {enrolment: PresenceState.PRESENT, other: PresenceState.PRESENT}, days=1,
    )  # fmt: skip
    found = service.counted_supervision(session, [enrolment.id, other.id])
    assert [one.kind for one in found[enrolment.id]] == ["individual", "group"]
    (only,) = found[other.id]
    assert (only.id, only.enrolment_id, only.minutes) == (group.id, other.id, 60)
    assert only.starts_at == group.starts_at


def test_supervision_goes_along_with_a_transfer(session, cohort, supervisor, enrolment, admin):
    meeting(session, supervisor, cohort, {enrolment: PresenceState.PRESENT})
    target = cohorts.cohort(session)
    moved = enrolling.transfer(session, admin.actor, enrolment, target, "Départ.", NOW)
    meeting(session, supervisor, target, {moved: PresenceState.PRESENT}, days=1)
    whole = cohorts_service.lineage(session, [moved.id])
    assert len(service.counted_supervision(session, [moved.id], whole)[moved.id]) == 2
    assert len(service.counted_supervision(session, [moved.id])[moved.id]) == 2


def test_the_question_costs_the_same_for_any_number(session, cohort, supervisor):
    several = [cohorts.enrolment(session, None, cohort) for _ in range(6)]
    for one in several:
        meeting(session, supervisor, cohort, {one: PresenceState.PRESENT})
    keys = [one.id for one in several]
    session.commit()

    def cost(number):
        with counted() as statements:
            assert all(service.counted_supervision(session, keys[:number]).values())
        return len(statements)

    assert cost(1) == cost(6) == 2
