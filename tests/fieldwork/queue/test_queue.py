"""The queue: whose entries, in which order, how many queries, what comes next."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from uuid_utils.compat import uuid7

from lms.cohorts import service as cohorts_service
from lms.core.search import fold
from lms.fieldwork import service
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.queue import service as queue
from lms.fieldwork.queue.service import QueueFilter
from lms.fieldwork.rules import EntryEvent, EntryState, Means
from lms.policy.actions import Action
from lms.policy.actor import Role
from lms.policy.permits import permits
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW
from tests.pages import counted
from tests.people import grant_in

S = EntryState


def found(session, actor, **asked):
    return session.scalars(queue.entries(actor, QueueFilter(**asked), NOW)).all()


def test_the_queue_holds_only_what_waits_for_me(session, placement, supervisor):
    first = fieldwork.entry(session, placement, now=NOW - timedelta(days=3))
    second = fieldwork.entry(session, placement, held_on=date(2026, 6, 2))
    fieldwork.entry(session, placement, S.APPROVED, held_on=date(2026, 6, 3))
    actor = supervisor.actor
    assert {entry.id for entry in found(session, actor)} == {first.id, second.id}
    assert queue.sizes(session, actor) == {S.SUBMITTED: 2, S.NEEDS_INFO: 0}
    beside = queue.neighbours(session, actor, first, QueueFilter(), NOW)
    assert (beside.previous, beside.next, beside.position, beside.total) == (None, second.id, 1, 2)


def test_whoever_leaves_the_team_has_no_queue_left(session, placement, supervisor, cohort, admin):
    entry = fieldwork.entry(session, placement)
    cohorts_service.unassign(session, admin.actor, cohort, supervisor, Role.SUPERVISOR, NOW)
    actor = supervisor.actor
    assert not found(session, actor)
    assert queue.sizes(session, actor)[S.SUBMITTED] == 0
    assert not session.scalars(service.entries_visible_to(actor)).all()
    for action in (
        Action.ENTRY_VIEW, Action.ENTRY_DECIDE, Action.ENTRY_READ_REFLECTION, Action.ENTRY_REVOKE
    ):  # fmt: skip
        assert not permits(actor, action, entry)


def test_nobody_decides_on_their_own(session, placement, cohort):
    """However they came to be named: a trainee of one cohort may supervise in another."""
    author = placement.enrolment.person
    entry = fieldwork.entry(session, placement)
    entry.supervisor_id = author.id
    grant_in(session, author, Role.SUPERVISOR, cohort)
    session.flush()
    assert not found(session, author.actor)
    assert queue.sizes(session, author.actor)[S.SUBMITTED] == 0
    assert not queue.oldest(session, author.actor, 5)


def test_what_the_queue_shows_is_what_may_be_decided(session, placement, supervisor, colleague):
    for number, state in enumerate(S):
        fieldwork.entry(session, placement, state, held_on=date(2026, 5, 12 + number))
    session.commit()
    for person in (supervisor, colleague, placement.enrolment.person):
        allowed = {
            entry.id
            for entry in session.query(PracticumEntry)
            if entry.state is S.SUBMITTED and permits(person.actor, Action.ENTRY_DECIDE, entry)
        }
        assert {entry.id for entry in found(session, person.actor)} == allowed


def test_filters(session, cohort, placement, supervisor):
    fouad = people.person(
        session, family_name="Öztürk", given_name="Éloïse", family_name_ar="أوزتورك"
    )
    other = fieldwork.placement(session, cohorts.enrolment(session, fouad, cohort), supervisor)
    late = fieldwork.entry(
        session, placement, now=NOW - timedelta(days=10), held_on=date(2026, 5, 25)
    )
    confirmed = fieldwork.entry(session, other, held_on=date(2026, 6, 3), type="citizen-meeting")
    confirmed.host_means = Means.QR
    session.flush()
    actor = supervisor.actor

    def shown(**asked):
        return {entry.id for entry in found(session, actor, **asked)}

    assert shown() == {late.id, confirmed.id}
    assert shown(is_late=True) == {late.id}
    assert shown(is_confirmed=True) == {confirmed.id}
    assert shown(type="citizen-meeting") == {confirmed.id}
    assert shown(enrolment_id=other.enrolment_id) == {confirmed.id}
    assert shown(cohort_id=cohort.id) == {late.id, confirmed.id}
    assert shown(cohort_id=uuid7()) == set()
    for words in ("eloise", "OZTURK", "اوزتورك", fold("Éloïse Öztürk")):
        assert shown(words=words) == {confirmed.id}, words
    beside = queue.neighbours(session, actor, late, QueueFilter(is_late=True), NOW)
    assert (beside.next, beside.total) == (None, 1)
    beside = queue.neighbours(session, actor, late, QueueFilter(words="ozturk"), NOW)
    assert (beside.next, beside.total) == (confirmed.id, 2)


def test_a_filter_goes_into_an_address_and_back(app):
    from lms.fieldwork.routes.desk import read_filter

    asked = QueueFilter(S.NEEDS_INFO, uuid7(), uuid7(), "workshop", "élo", True, True)
    assert QueueFilter().query == {}
    for each in (asked, QueueFilter()):
        with app.test_request_context("/practice/queue", query_string=each.query):
            assert read_filter() == each
    with app.test_request_context("/practice/queue?state=x&cohort=1&trainee=&type=%00&late=yes"):
        assert read_filter() == QueueFilter()


def test_usual_is_learnt_from_what_was_decided(session, placement, supervisor):
    from lms.fieldwork.entries import service as entries

    actor = supervisor.actor
    assert queue.usual(session, actor) is None
    for number, days in enumerate((1, 3, 9)):
        entry = fieldwork.entry(
            session, placement, now=NOW - timedelta(days=12), held_on=date(2026, 5, 20 + number)
        )
        decided = NOW - timedelta(days=12 - days)
        entries.decide(
            session, actor, entry, entry.revision, EntryEvent.APPROVE, "", decided, tell=False
        )
    assert queue.usual(session, actor) == 3


def test_next_passes_over_what_somebody_else_looks_at(session, placement, supervisor, colleague):
    first, second, third = (
        fieldwork.entry(
            session,
            placement,
            now=NOW - timedelta(days=9 - number),
            held_on=date(2026, 5, 25 + number),
        )
        for number in range(3)
    )
    second.claimed_by_id, second.claimed_until = colleague.id, NOW + timedelta(minutes=5)
    session.flush()
    actor = supervisor.actor
    assert queue.neighbours(session, actor, first, QueueFilter(), NOW).next == third.id
    later = NOW + timedelta(minutes=6)
    assert queue.neighbours(session, actor, first, QueueFilter(), later).next == second.id


def many(session, placement, number):
    """That many entries waiting, written straight into the table."""
    session.flush()
    rows = [
        {
            "id": uuid7(), "enrolment_id": placement.enrolment_id, "placement_id": placement.id,
            "supervisor_id": placement.supervisor_id, "type": "workshop", "form": "working-group",
            "held_on": date(2026, 5, 1), "minutes_direct": 60, "minutes_indirect": 0,
            "minutes_preparation": 0, "role": "led", "participants": {}, "stakes": [],
            "limits": [], "purposes": [], "coachees": [], "summary": "x", "reflection": "",
            "consent_basis": "consent", "state": "submitted", "version": 1, "revision": 1,
            "content_hash": "", "claimed_at": NOW, "received_at": NOW, "decision_comment": "",
            "submitted_at": NOW - timedelta(days=1, seconds=each),
        }
        for each in range(number)
    ]  # fmt: skip
    session.execute(insert(PracticumEntry), rows)


@pytest.mark.slow
def test_ten_thousand_wait_at_the_cost_of_ten(session, browse, placement, supervisor):
    reader = browse(supervisor)
    spent = []
    for number in (10, 2_490, 7_500):
        many(session, placement, number)
        oldest = queue.oldest(session, supervisor.actor, 1)[0]
        pages = (
            "/practice/queue",
            "/practice/queue?late=1&q=a",
            f"/practice/entries/{oldest.id}",
        )
        spent.append([])
        for page in pages:
            reader.get(page)
            with counted() as statements:
                assert reader.get(page).status_code == 200
            spent[-1].append(len(statements))
    assert spent[0] == spent[1] == spent[2]
    assert max(spent[0]) <= 14, spent[0]
