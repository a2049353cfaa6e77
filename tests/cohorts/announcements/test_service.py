"""Announcements in the database: told once, moved, withdrawn, new to whom."""

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from lms.cohorts.announcements import service, telling
from lms.cohorts.announcements.rules import AnnouncementState
from lms.cohorts.announcements.service import Words
from lms.cohorts.rules import EnrolmentState
from lms.core import clock, jobs
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from tests.cohorts.announcements.conftest import HOUR
from tests.factories import cohorts
from tests.factories.cohorts import NOW


def unread(session, someone):
    return dict(session.execute(service.unread(someone.actor)).all())


def letters(session):
    return session.scalars(
        select(MailMessage).where(MailMessage.template == "announcement").order_by(MailMessage.id)
    ).all()


def done(session, at=NOW):
    jobs.run_pending(session, lambda: at)


def test_everybody_enrolled_gets_it_once_in_their_language(
    session, cohort, trainer, trainee, other, tell
):
    trainee.language, other.language = "ar", "fr"
    cohorts.enrolment(session, None, cohort, state=EnrolmentState.WITHDRAWN, ended_at=NOW)
    session.commit()
    made = tell("قاعة 4")
    session.commit()
    done(session)
    found = letters(session)
    assert {letter.person_id for letter in found} == {trainee.id, other.id}
    arabic = next(letter for letter in found if letter.language == "ar")
    assert "كتب" in arabic.text
    assert '<p dir="auto">On <strong>change</strong> de salle.</p>' in arabic.html
    assert arabic.subject == f"{cohort.name}: قاعة 4"
    assert telling.tell_some(session, made, NOW) is False
    assert len(letters(session)) == 2


def test_mail_goes_out_some_at_a_time_and_goes_on_where_it_stopped(
    session, cohort, trainee, other, tell, monkeypatch
):
    monkeypatch.setattr(telling, "AT_ONCE", 1)
    made = tell()
    assert telling.tell_some(session, made, NOW) is True
    assert len(letters(session)) == 1
    assert telling.tell_some(session, made, NOW) is True
    assert telling.tell_some(session, made, NOW) is False
    assert {letter.person_id for letter in letters(session)} == {trainee.id, other.id}


def test_a_planned_one_waits_for_its_hour(session, trainee, tell):
    made = tell(hour=NOW + HOUR)
    session.commit()
    done(session)
    assert made.state is AnnouncementState.PLANNED
    assert not letters(session)
    done(session, NOW + HOUR)
    assert made.state is AnnouncementState.PUBLISHED
    done(session, NOW + HOUR)
    assert len(letters(session)) == 1


def test_a_planned_one_may_be_moved_or_withdrawn(session, trainer, trainee, tell):
    moved, gone = tell(hour=NOW + HOUR), tell(hour=NOW + HOUR)
    words = Words(moved.title, "Plus tard.")
    service.edit(session, trainer.actor, moved, 1, words, NOW + 3 * HOUR, NOW)
    service.withdraw(session, trainer.actor, gone, NOW)
    session.commit()
    done(session, NOW + 2 * HOUR)
    assert moved.state is AnnouncementState.PLANNED
    assert moved.edited_at is None
    assert gone.state is AnnouncementState.WITHDRAWN
    service.restore(session, trainer.actor, gone, NOW + 2 * HOUR)
    assert gone.state is AnnouncementState.PUBLISHED, "its hour had come in the meantime"
    session.commit()
    done(session, NOW + 4 * HOUR)
    assert moved.state is AnnouncementState.PUBLISHED


def test_one_that_has_appeared_is_marked_when_changed(session, trainer, tell):
    made = tell()
    seen = made.version
    service.edit(session, trainer.actor, made, seen, Words("Salle 5", "Enfin"), None, NOW + HOUR)
    assert (made.title, made.edited_at) == ("Salle 5", NOW + HOUR)
    with pytest.raises(Stale):
        service.edit(session, trainer.actor, made, seen, Words("Salle 6", ""), None, NOW)


def test_what_was_said_before_is_kept_once_it_has_appeared(session, trainer, tell):
    made, waits = tell(), tell(hour=NOW + HOUR)
    for number, words in enumerate([Words("Salle 5", "Enfin"), Words("Salle 6", "Enfin")], 1):
        service.edit(session, trainer.actor, made, made.version, words, None, NOW + number * HOUR)
    service.edit(session, trainer.actor, made, made.version, words, None, NOW + 3 * HOUR)
    service.edit(session, trainer.actor, waits, waits.version, words, NOW + HOUR, NOW)
    kept = service.earlier_wordings(session, [made, waits])
    assert [(old.title, old.replaced_at, old.replaced_by) for old in kept.pop(made.id)] == [
        ("Salle 5", NOW + 2 * HOUR, trainer.name),
        ("Salle 4", NOW + HOUR, trainer.name),
    ]
    assert not kept, "nobody has read what waits"


def test_withdrawing_can_be_undone_and_mail_is_not_sent_again(session, trainer, trainee, tell):
    made = tell()
    session.commit()
    done(session)
    service.withdraw(session, trainer.actor, made, NOW)
    service.withdraw(session, trainer.actor, made, NOW)
    assert not session.scalars(service.visible_to(trainee.actor)).all()
    assert session.scalars(service.visible_to(trainer.actor)).all() == [made]
    with pytest.raises(Refusal, match="announcement_withdrawn"):
        service.edit(session, trainer.actor, made, made.version, Words("x", "y"), None, NOW)
    service.restore(session, trainer.actor, made, NOW)
    session.commit()
    done(session)
    assert session.scalars(service.visible_to(trainee.actor)).all() == [made]
    assert len(letters(session)) == 1
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == str(made.id)))
    assert sorted(acts) == sorted([
        "announcement.write", "announcement.publish", "announcement.withdraw",
        "announcement.restore",
    ])  # fmt: skip


def test_the_same_key_tells_once(session, cohort, trainer):
    key = uuid7()
    for _ in range(2):
        service.write(session, trainer.actor, cohort, key, Words("a", "b"), NOW, NOW)
    assert (
        session.scalar(
            select(func.count()).select_from(service.visible_to(trainer.actor).subquery())
        )
        == 1
    )


def test_new_since_the_last_visit(session, cohort, trainer, trainee, tell):
    tell(at=NOW - 2 * HOUR)
    assert unread(session, trainee) == {cohort.id: 1}
    assert unread(session, trainer) == {}, "their own"
    with clock.frozen(NOW):
        service.see(session, trainee.actor, cohort, NOW)
    assert unread(session, trainee) == {}
    tell(at=NOW + HOUR)
    assert unread(session, trainee) == {cohort.id: 1}
    service.see(session, trainee.actor, cohort, NOW - HOUR)
    assert service.seen_until(session, trainee.actor, cohort.id) == NOW, "never back"
