"""Training on a database: planned, moved, ticked, closed, corrected; who is told, what counts."""

from datetime import timedelta
from itertools import product

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from lms.cohorts.models import Attendance, TrainingSession
from lms.cohorts.rules import EnrolmentState
from lms.cohorts.timetable.rules import Slot
from lms.cohorts.training import attendance, codes, queries, service, telling
from lms.cohorts.training.counting import training_days
from lms.cohorts.training.rules import Attended, Noting, Tick, TrainingState, Worth
from lms.core import jobs
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage, compose
from lms.policy.actions import Action
from lms.policy.actor import SYSTEM
from lms.policy.permits import permits
from tests.factories import cohorts
from tests.factories import training as make
from tests.factories.cohorts import NOW
from tests.pages import counted
from tests.people import PERSONAS, person

A = Attended
HOUR = timedelta(hours=1)


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


def halves(session, enrolment, *, held=True):
    days = training_days(session, [enrolment.id])[enrolment.id]
    return sum(one.halves for one in days if one.held is held)


def events(message):
    return list(Calendar.from_ical(message.calendar).walk("VEVENT"))


def told(session, settings):
    """Let the job write, twice; give what it wrote, by address."""
    for job in session.scalars(select(jobs.Job).where(jobs.Job.name == telling.JOB)):
        for _ in range(2):
            while telling.send(session, job.payload, settings, limit=2):
                pass
    return session.scalars(
        select(MailMessage).where(MailMessage.template == telling.TEMPLATE).order_by(MailMessage.id)
    ).all()


# --- planning, and telling everybody ---


def test_a_series_is_planned_once_and_everybody_told(
    session, settings, cohort, trainer, enrolment, others
):
    key, plan = uuid7(), make.asked(trainer, times=3)
    made = service.plan(session, trainer.actor, cohort, key, plan, NOW)
    assert [one.starts_at for one in made] == [slot.starts_at for slot in plan.slots]
    assert service.plan(session, trainer.actor, cohort, key, plan, NOW) == made
    found = told(session, settings)
    people = {trainer.id, enrolment.person_id, *(one.person_id for one in others)}
    assert {one.person_id for one in found} == people
    assert len(found) == len(people)
    assert "METHOD:PUBLISH" in found[0].calendar
    assert [event.decoded("dtstart") for event in events(found[0])] == [
        slot.starts_at for slot in plan.slots
    ]


def test_moving_and_cancelling_update_the_calendars(session, settings, cohort, trainer, enrolment):
    made = make.planned(session, trainer, cohort)
    told(session, settings)
    moved = make.asked(trainer, at=NOW + timedelta(days=5))
    service.change(session, trainer.actor, made, made.revision, moved, NOW + HOUR)
    told(session, settings)
    service.cancel(session, trainer.actor, made, made.revision, "Grève.", NOW + 2 * HOUR)
    found = [one for one in told(session, settings) if one.person_id == enrolment.person_id]
    first, second, third = (events(one)[0] for one in found)
    assert {first["uid"], second["uid"], third["uid"]} == {first["uid"]}
    assert first["sequence"] < second["sequence"] < third["sequence"]
    methods = [Calendar.from_ical(one.calendar)["method"] for one in found]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]
    assert second.decoded("dtstart") == moved.slots[0].starts_at
    assert third["status"] == "CANCELLED"
    assert third["attendee"] == f"mailto:{enrolment.person.email}"
    assert "Grève." in found[2].text
    mail = compose(settings, found[2])
    kinds = {part.get_content_type(): part for part in mail.walk()}
    assert kinds["text/calendar"].get_param("method") == "CANCEL"
    assert Calendar.from_ical(kinds["text/calendar"].get_content()) is not None


def test_a_trainer_taken_off_is_told(session, settings, cohort, trainer, enrolment):
    other = person(session, "supervisor", cohort=cohort)
    service_team = service.trainers(session, cohort)
    assert other not in service_team
    second = cohorts.people.person(session, "MA")
    cohorts.grant_in(session, second, cohorts.Role.TRAINER, cohort)
    made = make.planned(session, trainer, cohort, trainer_ids=frozenset({trainer.id, second.id}))
    alone = make.asked(trainer, trainer_ids=frozenset({trainer.id}))
    service.change(session, trainer.actor, made, made.revision, alone, NOW + HOUR)
    last = [one for one in told(session, settings) if one.created_at == NOW + HOUR]
    assert [one.person_id for one in last] == [second.id]
    with refused("training_trainer_gone"):
        service.plan(session, trainer.actor, cohort, uuid7(), make.asked(other), NOW)


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_told_in_ones_language(session, settings, cohort, trainer, enrolment, language):
    enrolment.person.language = language
    make.planned(session, trainer, cohort)
    (message,) = [one for one in told(session, settings) if one.person_id == enrolment.person_id]
    assert message.language == language
    assert "Posture et outils" in message.subject
    assert ("Training" in message.subject) == (language == "en")


def test_clashes_of_trainer_and_cohort_are_told(session, cohort, trainer):
    made = make.planned(session, trainer, cohort)
    slots = [Slot(made.starts_at + HOUR, 60)]
    names = [one.name for one in queries.clashing(session, cohort, [trainer.id], slots)]
    assert names == [cohort.name, trainer.name]
    elsewhere = cohorts.cohort(session)
    found = queries.clashing(session, elsewhere, [trainer.id], slots)
    assert [one.name for one in found] == [trainer.name]
    assert queries.clashing(session, cohort, [trainer.id], slots, made.id) == []
    assert queries.clashing(session, cohort, [trainer.id], [Slot(made.ends_at, 60)]) == []


def test_what_was_opened_on_something_older_is_refused(session, cohort, trainer):
    made = make.planned(session, trainer, cohort)
    for act in (
        lambda: service.change(session, trainer.actor, made, 0, make.asked(trainer), NOW),
        lambda: service.cancel(session, trainer.actor, made, 0, "x", NOW),
        lambda: service.close(session, trainer.actor, made, 0, NOW),
    ):
        with pytest.raises(Stale):
            act()


# --- the list ---


def test_closing_counts_the_day_for_those_who_were_there(
    session, cohort, trainer, enrolment, others
):
    late, absent = others
    make.held(
        session, trainer, cohort, enrolment,
        marks={late: A.LEFT_EARLY, absent: (A.EXCUSED, "Malade")},
    )  # fmt: skip
    half = make.held(session, trainer, cohort, enrolment, late, absent, days=2, worth=Worth.HALF)
    assert [halves(session, one) for one in (enrolment, late, absent)] == [3, 2, 1]
    assert half.state is TrainingState.HELD
    rows = session.scalars(select(AuditEntry.details).where(
        AuditEntry.action == "trainingsession.hold").order_by(AuditEntry.id)).all()  # fmt: skip
    assert rows[0] == {"present": 2, "enrolled": 3}


def test_a_planned_day_waits_for_those_who_may_come(session, cohort, trainer, enrolment, others):
    made = make.planned(session, trainer, cohort)
    make.planned(session, trainer, cohort, worth=Worth.NONE)
    there, paused = others
    paused.state = EnrolmentState.PAUSED
    session.flush()
    assert [halves(session, one, held=False) for one in (enrolment, there, paused)] == [2, 2, 0]
    attendance.announce(session, enrolment.person.actor, made, "Malade", NOW)
    assert [halves(session, one, held=False) for one in (enrolment, there)] == [0, 2]
    service.cancel(session, trainer.actor, made, made.revision, "Salle prise", NOW)
    assert halves(session, there, held=False) == 0


def test_nobody_is_noted_before_it_is_said(session, cohort, trainer, enrolment, others):
    made = make.planned(session, trainer, cohort, at=NOW - HOUR)
    with refused("training_list_incomplete"):
        service.close(session, trainer.actor, made, made.revision, NOW)
    make.ticked(session, made, {others[0]: A.ABSENT})
    attendance.announce(session, enrolment.person.actor, made, "Malade", NOW)
    batch, number = attendance.everybody(session, made, NOW)
    assert number == 1
    marks = {key: row.mark for key, row in queries.attendances(session, made).items()}
    assert marks == {
        enrolment.id: A.EXPECTED, others[0].id: A.ABSENT, others[1].id: A.PRESENT,
    }  # fmt: skip
    attendance.undo(session, made, batch)
    assert queries.attendances(session, made)[others[1].id].mark is A.EXPECTED
    attendance.everybody(session, made, NOW)
    # announced beforehand, so that excusing needs no further word
    make.ticked(session, made, {enrolment: A.EXCUSED})
    service.close(session, trainer.actor, made, made.revision, NOW)
    assert made.state is TrainingState.HELD


def test_a_list_opened_before_a_code_was_typed_overwrites_nothing(
    session, cohort, trainer, enrolment, others
):
    made = make.planned(session, trainer, cohort, at=NOW - HOUR)
    attendance.check_in(session, enrolment.person.actor, made, NOW)
    untouched = {enrolment.id: Tick(A.EXPECTED, "", A.EXPECTED)}
    assert attendance.note(session, made, untouched, NOW) == 0
    with pytest.raises(Stale):
        make.ticked(session, made, {enrolment: A.ABSENT})
    assert queries.attendances(session, made)[enrolment.id].mark is A.PRESENT


def test_a_correction_keeps_its_reason(session, cohort, trainer, enrolment, others):
    made = make.held(session, trainer, cohort, enrolment, *others)
    row = queries.attendances(session, made)[enrolment.id]
    with refused("reason_needed"):
        attendance.correct(session, trainer.actor, row, A.PRESENT, A.ABSENT, "", NOW)
    with pytest.raises(Stale):
        attendance.correct(session, trainer.actor, row, A.LATE, A.ABSENT, "Erreur", NOW)
    attendance.correct(session, trainer.actor, row, A.PRESENT, A.ABSENT, "Erreur", NOW)
    assert halves(session, enrolment) == 0
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "attendance.correct")
    ).one()
    assert (entry.before, entry.after, entry.reason) == ("present", "absent", "Erreur")
    service.reopen(session, trainer.actor, made, made.revision, "Autre jour", NOW)
    assert (halves(session, others[0]), halves(session, others[0], held=False)) == (0, 2)
    assert halves(session, enrolment, held=False) == 0, "absent: nothing more is planned for them"
    with refused("training_list_open"):
        attendance.correct(session, trainer.actor, row, A.ABSENT, A.LATE, "x", NOW)


def test_what_a_dossier_holds_fast_stays(session, cohort, trainer, enrolment, others):
    made = make.held(session, trainer, cohort, enrolment, *others)
    service.hold_fast(session, [enrolment.id], NOW)
    row = queries.attendances(session, made)[enrolment.id]
    with refused("training_locked"):
        attendance.correct(session, trainer.actor, row, A.PRESENT, A.ABSENT, "x", NOW)
    with refused("training_locked"):
        service.reopen(session, trainer.actor, made, made.revision, "x", NOW)
    other = queries.attendances(session, made)[others[0].id]
    attendance.correct(session, trainer.actor, other, A.PRESENT, A.LATE, "x", NOW)
    service.hold_fast(session, [enrolment.id], None)
    attendance.correct(session, trainer.actor, row, A.PRESENT, A.ABSENT, "x", NOW)


# --- the code ---


def code_now(session, meeting, at=NOW):
    return codes.code_at(attendance.secret_of(session, meeting), codes.step_of(at))


def test_a_whole_classroom_types_the_code(session, cohort, trainer, enrolment, others):
    made = make.planned(session, trainer, cohort, at=NOW - HOUR)
    attendance.show_code(session, trainer.actor, made, NOW)
    secret = attendance.secret_of(session, made)
    attendance.show_code(session, trainer.actor, made, NOW)
    assert attendance.secret_of(session, made) == secret
    code = code_now(session, made)
    (coming,) = queries.next_ones(session, enrolment.person.actor, NOW)
    assert not coming.is_there
    for one in (enrolment, *others):
        actor = one.person.actor
        assert attendance.session_of_code(session, actor, code.lower(), NOW) is made
        row = attendance.check_in(session, actor, made, NOW)
        assert attendance.check_in(session, actor, made, NOW + HOUR) is row
        assert (row.mark, row.noted_by, row.noted_at) == (A.PRESENT, Noting.CODE, NOW)
        (coming,) = queries.next_ones(session, actor, NOW)
        assert (coming.meeting, coming.is_there) == (made, True)
    assert session.scalar(select(func.count()).select_from(Attendance)) == 3
    attendance.stop_code(session, made)
    assert attendance.session_of_code(session, actor, code, NOW) is None


def test_who_guesses_is_stopped_and_only_they(session, cohort, trainer, enrolment, others):
    made = make.planned(session, trainer, cohort, at=NOW - HOUR)
    attendance.show_code(session, trainer.actor, made, NOW)
    for _ in range(attendance.CODE_LIMIT.tries):
        actor = enrolment.person.actor
        assert attendance.session_of_code(session, actor, "222222", NOW) is None
    with refused("throttled"):
        attendance.session_of_code(session, actor, code_now(session, made), NOW)
    neighbour = others[0].person.actor
    assert attendance.session_of_code(session, neighbour, code_now(session, made), NOW) is made


def test_who_is_not_enrolled_is_refused_kindly(session, cohort, trainer):
    made = make.planned(session, trainer, cohort, at=NOW - HOUR)
    stranger = cohorts.enrolment(session).person.actor
    with refused("training_not_enrolled"):
        attendance.check_in(session, stranger, made, NOW)
    with refused("training_code_not_now"):
        attendance.show_code(session, trainer.actor, made, NOW + timedelta(days=1))


def test_a_word_of_the_trainer_is_not_undone_by_a_code(session, cohort, trainer, enrolment):
    made = make.planned(session, trainer, cohort, at=NOW - HOUR)
    make.ticked(session, made, {enrolment: A.ABSENT})
    with refused("training_noted_already"):
        attendance.check_in(session, enrolment.person.actor, made, NOW)
    with refused("training_noted_already"):
        attendance.announce(session, enrolment.person.actor, made, "Malade", NOW)


# --- who sees what ---


def test_the_query_sees_what_the_table_allows(session, cohort, trainer, enrolment):
    elsewhere = cohorts.cohort(session, country="SN")
    teaching = cohorts.team(session, elsewhere, "SN")[0]
    made = [make.planned(session, trainer, cohort), make.planned(session, teaching, elsewhere)]
    people = [person(session, key).actor for key in PERSONAS] + [enrolment.person.actor, SYSTEM]
    for actor, one in product(people, made):
        seen = session.scalars(
            queries.sessions_visible_to(actor).where(TrainingSession.id == one.id)
        ).unique().all()  # fmt: skip
        assert bool(seen) == permits(actor, Action.TRAINING_VIEW, one), actor
    assert list(session.scalars(queries.own(trainer.actor)).unique()) == [made[0]]
    assert list(session.scalars(queries.own(enrolment.person.actor)).unique()) == [made[0]]


def test_a_list_takes_the_same_queries_for_any_number(session, cohort, trainer, enrolment, others):
    made = make.planned(session, trainer, cohort, at=NOW - HOUR)
    numbers = []
    for _ in range(2):
        attendance.everybody(session, made, NOW)
        session.expire_all()
        with counted() as statements:
            lines = queries.lines(session, session.get_one(TrainingSession, made.id))
            assert all(line.enrolment.person.name for line in lines)
        numbers.append(len(statements))
        for _ in range(4):
            cohorts.enrolment(session, None, cohort)
    assert numbers[0] == numbers[1] <= 5
