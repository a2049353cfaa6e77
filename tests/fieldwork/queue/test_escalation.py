"""Who is told what waits too long: once, in one mail; supervisors gently."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.cohorts import service as cohorts_service
from lms.core import jobs
from lms.core.errors import Refusal
from lms.core.mail import MailMessage
from lms.fieldwork.entries import service as entries
from lms.fieldwork.models import Placement
from lms.fieldwork.placements import service as placements
from lms.fieldwork.queue import absences, escalation, late
from lms.fieldwork.rules import EntryEvent
from lms.policy.actor import Role
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.people import person

LONG_AGO = NOW - timedelta(days=10)


def told(session, someone):
    query = select(MailMessage).where(MailMessage.person_id == someone.id)
    return session.scalars(query.order_by(MailMessage.id)).all()


@pytest.fixture
def old(session, placement):
    """Two entries that have waited for ten days, one that has not."""
    found = [
        fieldwork.entry(session, placement, now=LONG_AGO, held_on=date(2026, 5, 20 + number))
        for number in range(2)
    ]
    fieldwork.entry(
        session, placement, now=LONG_AGO + timedelta(minutes=1), held_on=date(2026, 5, 25)
    )
    return found


def test_each_entry_is_told_once_in_one_mail(session, old, admin):
    abroad = person(session, "admin.sn")
    assert escalation.escalate(session, NOW) == 2
    assert escalation.escalate(session, NOW) == 0
    (mail,) = told(session, admin)
    assert "2" in mail.subject
    assert not told(session, abroad)
    assert {entry.escalated_at for entry in old} == {NOW}
    assert escalation.escalate(session, NOW + timedelta(days=1)) == 1
    assert len(told(session, admin)) == 2


def test_the_clock_asks_once_a_day(session, old, admin):
    session.commit()
    for hours in (0, 1, 30):
        moment = NOW + timedelta(hours=hours)
        jobs.ask_periodic(session, moment)
        jobs.run_pending(session, lambda moment=moment: moment)
    assert len(told(session, admin)) == 2


def test_what_is_handed_in_again_may_be_told_again(session, old, admin, supervisor):
    entry = old[0]
    escalation.escalate(session, NOW)
    entries.decide(session, supervisor.actor, entry, entry.revision, EntryEvent.ASK, "Qui ?", NOW)
    entries.submit(session, entry.enrolment.person.actor, entry, NOW)
    assert entry.escalated_at is None
    assert escalation.escalate(session, NOW + timedelta(days=10)) >= 1
    assert entry.escalated_at == NOW + timedelta(days=10)


def test_nobody_is_told_of_their_own(session, admin, cohort, supervisor):
    mine = cohorts.enrolment(session, admin, cohort)
    fieldwork.entry(
        session,
        fieldwork.placement(session, mine, supervisor),
        now=LONG_AGO,
        held_on=date(2026, 5, 20),
    )
    escalation.escalate(session, NOW)
    assert not told(session, admin)


def test_supervisors_are_reminded_and_left_in_peace_while_away(session, old, supervisor, colleague):
    assert escalation.remind(session, LONG_AGO + timedelta(days=2)) == 0
    assert escalation.remind(session, NOW) == 1
    (mail,) = told(session, supervisor)
    assert "3" in mail.subject
    day = NOW.date()
    absences.plan(session, supervisor.actor, uuid7(), supervisor, colleague, day, day, "", NOW)
    assert escalation.remind(session, NOW) == 1
    assert len(told(session, supervisor)) == 1
    assert told(session, colleague)[-1].template == "entries_wait"


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_mails_speak_the_readers_language(session, old, admin, supervisor, language):
    admin.language = supervisor.language = language
    escalation.escalate(session, NOW)
    escalation.remind(session, NOW)
    for someone in (admin, supervisor):
        mail = told(session, someone)[-1]
        assert mail.language == language
        assert f'lang="{language}"' in mail.html
        assert "/practice/" in mail.text


# --- seeing to it ---


def listed(session, actor, cohort_id=None):
    return set(session.scalars(late.entries(actor, NOW, cohort_id)))


def test_late_is_what_has_waited_for_ten_days_here(session, old, admin, cohort):
    assert listed(session, admin.actor) == set(old)
    assert listed(session, admin.actor, cohort.id) == set(old)
    assert listed(session, admin.actor, uuid7()) == set()
    assert listed(session, person(session, "admin.sn").actor) == set()
    assert listed(session, person(session, "programme").actor) == set(old)


def test_what_is_late_goes_to_somebody_else_with_its_placement(
    session, old, placement, admin, supervisor, colleague
):
    ids = [old[0].id]
    assert late.reassign(session, admin.actor, ids, [], colleague, NOW) == 1
    session.expire_all()
    assert placement.supervisor_id == colleague.id
    assert {entry.supervisor_id for entry in old} == {colleague.id}
    with pytest.raises(Refusal, match="not_supervisor_here"):
        late.reassign(session, admin.actor, ids, [], person(session, "supervisor.sn"), NOW)
    with pytest.raises(Refusal, match="nothing_chosen"):
        late.reassign(session, person(session, "admin.sn").actor, ids, [], colleague, NOW)


def test_placements_whose_supervisor_left_are_found(session, placement, admin, cohort, supervisor):
    alone = fieldwork.placement(session, placement.enrolment, None, host="Sans superviseur")

    def orphans():
        found = late.cohorts_of(session, admin.actor)
        team = late.teams(session, found)
        return set(session.scalars(late.orphans(admin.actor, found, team)))

    assert orphans() == {alone}
    cohorts_service.unassign(session, admin.actor, cohort, supervisor, Role.SUPERVISOR, NOW)
    assert orphans() == {alone, placement}
    placement.state = next(iter(placements.OVER))
    session.flush()
    assert orphans() == {alone}
    assert session.get(Placement, alone.id) is alone
