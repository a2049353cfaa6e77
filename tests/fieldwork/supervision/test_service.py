"""A session's life on a database: planned, moved, held, corrected, cancelled; who is told."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.cohorts.timetable.meetings import between
from lms.cohorts.timetable.rules import Slot
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from lms.core.transitions import advance
from lms.fieldwork import service as fieldwork
from lms.fieldwork.models import SupervisionAction, SupervisionSession
from lms.fieldwork.rules import (
    SUPERVISION_TRANSITIONS,
    PresenceState,
    SupervisionEvent,
    SupervisionKind,
    SupervisionState,
)
from lms.fieldwork.supervision import queries, service
from lms.fieldwork.supervision.rules import Share
from lms.policy.actions import Action
from lms.policy.actor import SYSTEM
from lms.policy.permits import permits
from tests.factories import cohorts
from tests.factories import supervision as make
from tests.factories.cohorts import NOW
from tests.pages import counted
from tests.people import PERSONAS, person

S, E = SupervisionState, SupervisionEvent


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


@pytest.fixture
def others(session, cohort):
    return [cohorts.enrolment(session, None, cohort) for _ in range(3)]


def mails(session):
    rows = session.scalars(select(MailMessage).order_by(MailMessage.id)).all()
    return [(row.person_id, row.subject, row.text) for row in rows]


# --- planning ---


def test_a_session_is_planned_once_and_the_trainee_is_told(session, cohort, supervisor, enrolment):
    key, plan = uuid7(), make.asked(enrolment, weeks=3)
    made = service.plan(session, supervisor.actor, cohort, key, plan, NOW)
    assert [one.starts_at for one in made] == list(plan.starts_at)
    assert service.plan(session, supervisor.actor, cohort, key, plan, NOW) == made
    ((person_id, subject, text),) = mails(session)
    assert person_id == enrolment.person_id
    assert "12" in subject
    assert text.count("\n- ") == 3
    assert "Casablanca" in text


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_told_in_the_trainees_language(session, cohort, supervisor, enrolment, language):
    enrolment.person.language = language
    made = make.session_of(session, supervisor, cohort, enrolment)
    at = make.asked(enrolment, at=NOW + timedelta(days=5))
    service.change(session, supervisor.actor, made, made.revision, at, NOW)
    service.cancel(session, supervisor.actor, made, made.revision, "Grève.", NOW)
    found = session.scalars(select(MailMessage).order_by(MailMessage.id)).all()
    assert [row.language for row in found] == [language] * 3
    assert len({row.subject for row in found}) == 3
    assert all(supervisor.name in row.text and supervisor.name in row.html for row in found)
    assert "Grève." in found[2].text
    assert "Grève." in found[2].html
    if language != "en":
        assert "Supervision on" not in found[0].subject


def test_another_supervisors_key_is_not_theirs(session, cohort, supervisor, trainer, enrolment):
    key = uuid7()
    service.plan(session, supervisor.actor, cohort, key, make.asked(enrolment), NOW)
    with refused("supervision_of_another"):
        service.plan(session, trainer.actor, cohort, key, make.asked(enrolment), NOW)


def test_only_trainees_of_the_cohort_are_invited(session, cohort, supervisor):
    stranger = cohorts.enrolment(session)
    with refused("supervision_not_enrolled"):
        make.session_of(session, supervisor, cohort, stranger)
    themselves = cohorts.enrolment(session, supervisor, cohort)
    with refused("self_supervision"):
        make.session_of(session, supervisor, cohort, themselves)


def test_changing_tells_those_concerned_and_nobody_else(
    session, cohort, supervisor, enrolment, others
):
    made = make.session_of(session, supervisor, cohort, enrolment, others[0])
    before = len(mails(session))
    same_time = make.asked(enrolment, others[1], topic="Autre sujet")
    service.change(session, supervisor.actor, made, made.revision, same_time, NOW)
    told = {key for key, _, _ in mails(session)[before:]}
    assert told == {others[0].person_id, others[1].person_id}
    with pytest.raises(Stale):
        service.change(session, supervisor.actor, made, made.revision - 1, same_time, NOW)
    moved = make.asked(enrolment, others[1], at=NOW + timedelta(days=9))
    before = len(mails(session))
    service.change(session, supervisor.actor, made, made.revision, moved, NOW)
    told = {key for key, _, _ in mails(session)[before:]}
    assert told == {enrolment.person_id, others[1].person_id}


def test_what_is_past_tells_nobody(session, cohort, supervisor, enrolment):
    make.held(session, supervisor, cohort, enrolment)
    before = len(mails(session))
    make.session_of(session, supervisor, cohort, enrolment, at=NOW - timedelta(days=1))
    assert len(mails(session)) == before


# --- writing down ---


def test_a_session_counts_once_written_down(session, cohort, supervisor, enrolment, others):
    made = make.held(
        session, supervisor, cohort, enrolment, others[0], absent=[others[1]], minutes=75
    )
    keys = [enrolment.id, others[0].id, others[1].id]
    shares = queries.shares(session, keys)
    assert [shares[key] for key in keys] == [Share(group=75), Share(group=75), Share()]
    assert made.held_at is not None
    assert {one.reason for one in made.presences} == {"", "Malade"}


def test_a_correction_asks_for_a_reason_and_keeps_what_is_done(
    session, cohort, supervisor, enrolment, others
):
    actor = supervisor.actor
    made = make.held(
        session, supervisor, cohort, enrolment, others[0],
        agreed=[make.will("Pour tous"), make.will("Pour une", enrolment)],
    )  # fmt: skip
    actions = queries.actions_of(session, actor, made)
    assert sorted(one.text for one in actions) == ["Pour tous", "Pour tous", "Pour une"]
    mine = next(o for o in actions if o.text == "Pour tous" and o.enrolment_id == enrolment.id)
    service.tick(session, mine, NOW, done=True)
    with refused("reason_needed"):
        service.reopen(session, actor, made, made.revision, "", NOW)
    service.reopen(session, actor, made, made.revision, "Durée fausse.", NOW)
    assert fieldwork.counted_supervision(session, [enrolment.id])[enrolment.id] == []
    again = make.written(enrolment, others[0], minutes=45, agreed=[make.will("Pour tous")])
    service.hold(session, actor, made, made.revision, again, NOW)
    kept = queries.actions_of(session, actor, made)
    assert [one.text for one in kept] == ["Pour tous", "Pour tous"]
    assert {one.done_at is not None for one in kept} == {True, False}
    (row,) = fieldwork.counted_supervision(session, [enrolment.id])[enrolment.id]
    assert row.minutes == 45


def test_a_dossier_holds_a_session_fast(session, cohort, supervisor, enrolment, others):
    made = make.held(session, supervisor, cohort, enrolment, others[0])
    fieldwork.lock_entries(session, SYSTEM, enrolment, NOW)
    with refused("supervision_locked"):
        service.reopen(session, supervisor.actor, made, made.revision, "Durée fausse.", NOW)
    fieldwork.unlock_entries(session, SYSTEM, enrolment, NOW, "Rendu.")
    service.reopen(session, supervisor.actor, made, made.revision, "Durée fausse.", NOW)
    assert made.state is S.PLANNED


@pytest.mark.parametrize(("state", "event"), list(product(S, E)))
def test_every_pair_of_state_and_event(session, cohort, supervisor, enrolment, state, event):
    made = make.session_of(session, supervisor, cohort, enrolment)
    made.state = state
    allowed = SUPERVISION_TRANSITIONS.get((state, event))
    if allowed is None:
        with refused("illegal_transition"):
            advance(session, SYSTEM, made, event, SUPERVISION_TRANSITIONS, now=NOW)
        session.expunge(made)
    else:
        made.held_at = NOW if allowed is S.HELD else None
        advance(session, SYSTEM, made, event, SUPERVISION_TRANSITIONS, now=NOW)
        assert made.state is allowed


@pytest.mark.parametrize("act", ["change", "cancel", "hold", "reopen", "private"])
def test_what_was_cancelled_stays_so(session, cohort, supervisor, enrolment, act):
    actor = supervisor.actor
    made = make.session_of(session, supervisor, cohort, enrolment)
    service.cancel(session, actor, made, made.revision, "Grève.", NOW)
    seen = made.revision
    acts = {
        "change": lambda: service.change(session, actor, made, seen, make.asked(enrolment), NOW),
        "cancel": lambda: service.cancel(session, actor, made, seen, "Encore.", NOW),
        "hold": lambda: service.hold(session, actor, made, seen, make.written(enrolment), NOW),
        "reopen": lambda: service.reopen(session, actor, made, seen, "Non.", NOW),
        "private": lambda: service.write_private(session, made, seen, "x"),
    }
    with refused("illegal_transition"):
        acts[act]()


def test_a_form_opened_before_is_stale(session, cohort, supervisor, enrolment):
    actor = supervisor.actor
    made = make.session_of(session, supervisor, cohort, enrolment, at=NOW - timedelta(hours=3))
    for act in (
        lambda: service.hold(session, actor, made, 0, make.written(enrolment), NOW),
        lambda: service.cancel(session, actor, made, 0, "Grève.", NOW),
        lambda: service.write_private(session, made, 0, "x"),
    ):
        with pytest.raises(Stale):
            act()


# --- what was agreed ---


def test_open_actions_come_back_at_the_next_session_with_the_same_supervisor(
    session, cohort, supervisor, trainer, enrolment, others
):
    soon = date(2026, 6, 20)
    make.held(
        session, supervisor, cohort, enrolment, days=9,
        agreed=[make.will("Sans date"), make.will("Bientôt", due_on=soon)],
    )  # fmt: skip
    make.held(session, trainer, cohort, enrolment, days=8, agreed=[make.will("D’une autre")])
    make.held(session, supervisor, cohort, others[0], days=7, agreed=[make.will("D’un autre")])
    made = make.session_of(session, supervisor, cohort, enrolment)
    carried = queries.carried_over(session, supervisor.actor, made)
    assert [one.text for one in carried] == ["Bientôt", "Sans date"]
    service.tick(session, carried[0], NOW, done=True)
    service.tick(session, carried[0], NOW + timedelta(days=1), done=True)
    assert carried[0].done_at == NOW
    assert len(queries.carried_over(session, supervisor.actor, made)) == 1
    assert len(queries.open_actions(session, enrolment.person.actor)) == 2


def test_actions_are_read_by_whom_they_concern(session, cohort, supervisor, enrolment, others):
    made = make.held(
        session, supervisor, cohort, enrolment, others[0],
        agreed=[make.will("Mien", enrolment), make.will("Sien", others[0])],
    )  # fmt: skip
    seen = queries.actions_of(session, others[0].person.actor, made)
    assert [one.text for one in seen] == ["Sien"]
    assert queries.actions_of(session, others[1].person.actor, made) == []


# --- clashes ---


def test_clashes_of_supervisor_and_trainee_are_told(
    session, cohort, supervisor, trainer, enrolment, others
):
    at = NOW + timedelta(days=2)
    taken = make.session_of(session, trainer, cohort, enrolment, at=at)

    def who(slot, *invited, by=supervisor, but=None):
        found = queries.clashing(session, by.id, invited, [slot], but)
        return [clash.name for clash in found]

    overlapping = Slot(at + timedelta(minutes=59), 60)
    assert who(overlapping, enrolment) == [enrolment.person.name]
    assert who(overlapping, others[0]) == []
    assert who(overlapping, others[0], by=trainer) == [trainer.name]
    assert who(Slot(at + timedelta(minutes=60), 60), enrolment) == []
    assert who(Slot(at - timedelta(minutes=60), 60), enrolment) == []
    assert who(overlapping, enrolment, by=trainer, but=taken.id) == []
    service.cancel(session, trainer.actor, taken, taken.revision, "Grève.", NOW)
    assert who(overlapping, enrolment) == []


# --- confidences ---


def test_private_notes_are_nowhere_else(session, cohort, supervisor, enrolment):
    secret, shared = "zz-private-zz", "zz-shared-zz"
    made = make.held(
        session, supervisor, cohort, enrolment, shared=shared, private=secret,
        agreed=[make.will("zz-agreed-zz")],
    )  # fmt: skip
    session.flush()
    session.expire_all()
    found = session.get_one(SupervisionSession, made.id)
    assert "private_notes" not in found.__dict__
    assert service.private_notes(session, found) == secret
    for model in (AuditEntry, MailMessage):
        rows = session.execute(select(*model.__table__.columns)).all()
        assert not [row for row in rows if "zz-" in repr(row)]


def test_the_query_sees_what_the_table_allows(session, cohort, supervisor, enrolment, others):
    there = cohorts.cohort(session, country="SN")
    _, away = cohorts.team(session, there, "SN")
    abroad = cohorts.enrolment(session, person(session, "trainee.sn"), there)
    make.session_of(session, supervisor, cohort, enrolment)
    make.held(session, supervisor, cohort, others[0], others[1])
    make.held(session, away, there, abroad)
    session.commit()
    everything = session.scalars(select(SupervisionSession)).unique().all()
    for name in PERSONAS:
        actor = person(session, name).actor
        allowed = {one.id for one in everything if permits(actor, Action.SUPERVISION_VIEW, one)}
        query = queries.sessions_visible_to(actor)
        assert {one.id for one in session.scalars(query).unique()} == allowed, name


def test_lists_cost_the_same_for_any_number(session, cohort, supervisor, others):
    def cost():
        session.commit()
        session.expire_all()
        with counted() as statements:
            found = between(
                session, queries.sessions_visible_to(supervisor.actor),
                NOW - timedelta(days=90), NOW + timedelta(days=90), 100,
            )  # fmt: skip
            assert all(p.enrolment.person.name for one in found for p in one.presences)
        return len(found), len(statements)

    make.held(session, supervisor, cohort, *others)
    supervisor.actor  # noqa: B018 - read before it is counted
    few = cost()
    for days in range(4, 12):
        make.held(session, supervisor, cohort, *others, days=days)
    many = cost()
    assert few[0] < many[0]
    assert few[1] == many[1]


def test_kinds_and_presence_are_words_of_the_trail(session, cohort, supervisor, enrolment):
    made = make.held(session, supervisor, cohort, enrolment)
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == str(made.id)).order_by(AuditEntry.id)
    ).all()
    assert [row.action for row in rows] == ["supervision.plan", "supervisionsession.hold"]
    assert {row.case_id for row in rows} == {enrolment.id}
    assert rows[1].details == {"minutes": 60, "present": 1, "invited": 1}
    assert made.kind is SupervisionKind.INDIVIDUAL
    assert session.scalars(select(SupervisionAction)).first() is None
    assert made.presences[0].state is PresenceState.PRESENT
