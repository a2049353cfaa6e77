"""Being away: who stands in, when, where, and what stays closed to them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.cohorts import service as cohorts_service
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal
from lms.core.mail import MailMessage
from lms.fieldwork.entries import service as entries
from lms.fieldwork.models import Absence
from lms.fieldwork.queue import absences
from lms.fieldwork.queue import service as queue
from lms.fieldwork.queue.service import QueueFilter
from lms.fieldwork.rules import EntryEvent, EntryState
from lms.people.models import RoleGrant
from lms.policy.actions import Action
from lms.policy.actor import Role, Scope
from lms.policy.permits import permits
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW
from tests.people import grant_in, person

TODAY = NOW.date()
S = EntryState


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


def plan(session, supervisor, colleague, start=0, end=5, by=None, now=NOW, key=None):
    return absences.plan(
        session,
        (by or supervisor).actor,
        key or uuid7(),
        supervisor,
        colleague,
        TODAY + timedelta(days=start),
        TODAY + timedelta(days=end),
        "Congé.",
        now,
    )


def waiting(session, actor):
    return {each.id for each in session.scalars(queue.entries(actor, QueueFilter(), NOW))}


def test_the_stand_in_sees_and_decides_but_reads_no_reflection(
    session, placement, supervisor, colleague
):
    entry = fieldwork.entry(session, placement, reflection="secret")
    assert waiting(session, colleague.actor) == set()
    plan(session, supervisor, colleague)
    actor = colleague.actor
    assert waiting(session, actor) == waiting(session, supervisor.actor) == {entry.id}
    for action in (Action.ENTRY_VIEW, Action.ENTRY_DECIDE):
        assert permits(actor, action, entry)
    for action in (Action.ENTRY_READ_REFLECTION, Action.ENTRY_EDIT, Action.ENTRY_REVOKE):
        assert not permits(actor, action, entry)
    entries.decide(session, actor, entry, entry.revision, EntryEvent.APPROVE, "", NOW)
    assert (entry.decided_by_id, entry.supervisor_id) == (colleague.id, supervisor.id)


def test_drafts_stay_their_authors(session, placement, supervisor, colleague):
    draft = fieldwork.draft(session, placement)
    draft.supervisor_id = supervisor.id
    plan(session, supervisor, colleague)
    assert not permits(colleague.actor, Action.ENTRY_VIEW, draft)


def test_it_begins_and_ends_at_midnight_where_the_supervisor_is(
    session, cohort, supervisor, colleague
):
    supervisor.time_zone = "Asia/Tokyo"
    session.flush()
    plan(session, supervisor, colleague, start=2, end=3)
    zone = ZoneInfo("Asia/Tokyo")

    def stands_in_at(moment):
        absences.settle(session, moment)
        return supervisor.id in colleague.actor.stands_in_for

    first = datetime(2026, 6, 12, tzinfo=zone)
    assert not stands_in_at(first - timedelta(seconds=1))
    assert stands_in_at(first)
    assert stands_in_at(first + timedelta(days=2, seconds=-1))
    assert not stands_in_at(first + timedelta(days=2))


def test_settling_again_changes_nothing(session, cohort, supervisor, colleague):
    plan(session, supervisor, colleague)
    grants = len(colleague.grants)
    for _ in range(3):
        assert absences.settle(session, NOW) == (0, 0)
    assert len(colleague.grants) == grants
    assert absences.settle(session, NOW + timedelta(days=30)) == (0, 1)
    assert absences.settle(session, NOW + timedelta(days=30)) == (0, 0)


def test_back_sooner(session, cohort, supervisor, colleague):
    absence = plan(session, supervisor, colleague)
    absences.end(session, supervisor.actor, absence, NOW)
    absences.end(session, supervisor.actor, absence, NOW + timedelta(hours=1))
    assert absence.ended_at == NOW
    assert not colleague.actor.stands_in_for
    actions = [row.action for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [each for each in actions if each.startswith(("absence", "grant"))] == [
        "absence.plan", "grant.give", "absence.end", "grant.end"
    ]  # fmt: skip


def test_noted_once_and_told_once(session, cohort, supervisor, colleague):
    key = uuid7()
    first = plan(session, supervisor, colleague, key=key)
    assert plan(session, supervisor, colleague, key=key) is first
    (mail,) = session.scalars(select(MailMessage)).all()
    assert mail.person_id == colleague.id


def test_whoever_leaves_stands_in_no_more(session, cohort, supervisor, colleague, admin, placement):
    entry = fieldwork.entry(session, placement)
    plan(session, supervisor, colleague)
    cohorts_service.unassign(session, admin.actor, cohort, colleague, Role.SUPERVISOR, NOW)
    assert not permits(colleague.actor, Action.ENTRY_VIEW, entry)
    assert waiting(session, colleague.actor) == set()
    colleague.left_at = NOW
    assert absences.settle(session, NOW) == (0, 1)


def test_who_may_note_it(session, cohort, supervisor, colleague, admin):
    plan(session, supervisor, colleague, 0, 1, by=admin)
    for other in (colleague, person(session, "admin.sn"), person(session, "programme")):
        with refused("absence_not_yours"):
            plan(session, supervisor, colleague, 3, 4, by=other)
    assert absences.may_be_away(session, supervisor.actor) == [supervisor]
    assert set(absences.may_be_away(session, admin.actor)) == {supervisor, colleague}
    assert absences.colleagues(session, supervisor.actor, [supervisor]) == sorted(
        [supervisor, colleague], key=lambda each: (each.sort_name, each.id)
    )


def test_who_cannot_stand_in(session, cohort, placement, supervisor, colleague):
    with refused("stand_in_not_of_team"):
        plan(session, supervisor, people.person(session))
    second = cohorts.cohort(session)
    grant_in(session, supervisor, Role.SUPERVISOR, second)
    with refused("stand_in_not_of_team"):
        plan(session, supervisor, colleague)
    grant_in(session, colleague, Role.SUPERVISOR, second)
    learning = cohorts.enrolment(session, colleague, cohorts.cohort(session))
    mine = fieldwork.placement(session, learning, supervisor)
    with refused("stand_in_is_trainee"):
        plan(session, supervisor, colleague)
    session.delete(mine)
    session.flush()
    plan(session, supervisor, colleague)


def test_conflicts(session, cohort, supervisor, colleague):
    plan(session, supervisor, colleague, 2, 5)
    with refused("absence_overlaps"):
        plan(session, supervisor, colleague, 5, 8)
    with refused("stand_in_away"):
        plan(session, colleague, supervisor, 5, 8)
    with refused("absence_over"):
        plan(session, supervisor, colleague, -8, -1)
    with refused("stand_in_oneself"):
        plan(session, supervisor, supervisor, 20, 21)


def test_nobody_without_a_team_is_missed(session, supervisor, colleague, cohort):
    outsider = people.person(session)
    with refused("absence_without_team"):
        plan(session, outsider, colleague)


def test_lists_show_what_the_table_allows(session, cohort, supervisor, colleague, admin):
    plan(session, supervisor, colleague)
    everybody = [supervisor, colleague, admin, person(session, "admin.sn"), people.person(session)]
    for someone in everybody:
        listed = set(session.scalars(absences.visible_to(someone.actor)))
        allowed = {
            each
            for each in session.scalars(select(Absence))
            if permits(someone.actor, Action.ABSENCE_VIEW, each)
        }
        assert listed == allowed


@pytest.mark.parametrize("day", range(-2, 9))
@pytest.mark.parametrize("ended", [None, 1, 3])
def test_the_grant_lasts_exactly_as_long(session, cohort, supervisor, colleague, day, ended):
    """Every day around an absence from the second to the sixth, ended sooner or not."""
    absence = plan(session, supervisor, colleague, 1, 5)
    if ended is not None:
        absences.end(session, supervisor.actor, absence, NOW + timedelta(days=ended))
    absences.settle(session, NOW + timedelta(days=day))
    held = session.scalars(
        select(RoleGrant).where(RoleGrant.scope == Scope.PERSON, RoleGrant.ended_at.is_(None))
    ).all()
    assert bool(held) is (ended is None and 1 <= day <= 5)
