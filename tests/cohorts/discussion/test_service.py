"""Charter, discussion, moderation and mail in the database."""

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.cohorts.discussion import charter, listing, moderation, service, switch
from lms.cohorts.discussion.rules import PostState
from lms.cohorts.models import CharterAcceptance, PostReport
from lms.core import jobs
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from lms.policy.actions import Action
from lms.policy.permits import permits
from tests.cohorts.discussion.conftest import MINUTE
from tests.factories.cohorts import NOW
from tests.people import person

SECRET = "zz-only among us-zz"


def unread(session, someone):
    return dict(session.execute(listing.unread(someone.actor)).all())


def letters(session, at=NOW):
    session.commit()
    jobs.run_pending(session, lambda: at)
    return session.scalars(
        select(MailMessage)
        .where(MailMessage.template == "discussion_reply")
        .order_by(MailMessage.id)
    ).all()


# --- the charter ---


def test_the_charter_opens_the_discussion_and_taking_it_back_closes_it(
    session, cohort, salma, thread
):
    assert permits(salma.actor, Action.DISCUSSION_JOIN, thread)
    charter.take_back(session, salma.actor, cohort, NOW)
    charter.take_back(session, salma.actor, cohort, NOW)
    session.expire_all()
    assert not permits(salma.actor, Action.DISCUSSION_JOIN, thread)
    assert not permits(salma.actor, Action.DISCUSSION_JOIN, charter.find_room(session, cohort.id))
    assert not session.scalars(listing.threads_visible_to(salma.actor)).all()
    again = charter.accept(session, salma.actor, cohort, "Salma", "ar", NOW)
    assert charter.accept(session, salma.actor, cohort, "x", "fr", NOW) is again, "once"
    session.expire_all()
    assert permits(salma.actor, Action.DISCUSSION_JOIN, thread)
    kept = select(CharterAcceptance).where(CharterAcceptance.person_id == salma.id)
    assert len(session.scalars(kept).unique().all()) == 2, "the first stays, withdrawn"
    acts = session.scalars(
        select(AuditEntry.action).where(AuditEntry.actor_id == salma.id).order_by(AuditEntry.id)
    ).all()
    assert acts == ["charter.accept", "charter.withdraw", "charter.accept"]


def test_a_new_text_is_accepted_anew(session, cohort, salma, thread):
    old = charter.standing(session, cohort.id, salma.id)
    old.charter = "2020-1"
    session.flush()
    session.expire_all()
    assert not permits(salma.actor, Action.DISCUSSION_JOIN, thread)
    new = charter.accept(session, salma.actor, cohort, "Salma", "fr", NOW)
    assert old.withdrawn_at == NOW
    assert charter.signers(session, cohort.id)[-1] is new


# --- writing ---


def test_the_same_key_says_it_once(session, cohort, thread, yassine):
    key = uuid7()
    one = service.reply(session, yassine.actor, thread, key, "a", NOW)
    assert service.reply(session, yassine.actor, thread, key, "b", NOW) is one
    assert thread.replies == 1
    with pytest.raises(Refusal, match="not_possible"):
        service.reply(session, person(session, "trainer").actor, thread, key, "c", NOW)
    again = service.open_thread(session, thread.author.actor, cohort, thread.id, "t", "x", NOW)
    assert again is thread


def test_own_words_for_half_an_hour(session, salma, say):
    post = say(salma, "avant", NOW - 10 * MINUTE)
    service.edit(session, post, 1, "", "après", NOW)
    assert (post.text, post.edited_at, post.search_text) == ("après", NOW, "apres")
    with pytest.raises(Stale):
        service.edit(session, post, 1, "", "encore", NOW)
    with pytest.raises(Refusal, match="post_edit_over"):
        service.edit(session, post, 2, "", "trop tard", NOW + 20 * MINUTE)


def test_what_is_deleted_is_gone(session, cohort, salma, thread, say):
    post = say(salma, SECRET)
    service.delete(session, salma.actor, post, NOW)
    service.delete(session, salma.actor, post, NOW)
    assert (post.state, post.text, post.search_text) == (PostState.DELETED, "", "")
    opening = session.scalars(listing.posts_of(thread).order_by("created_at")).unique().first()
    service.delete(session, salma.actor, opening, NOW)
    assert thread.title == ""
    assert thread.replies == 1
    assert not session.scalars(listing.of_cohort(salma.actor, cohort.id, "elu")).all()


def test_a_closed_discussion_takes_no_replies(session, trainer, thread, say):
    moderation.lock(session, trainer.actor, thread, NOW, on=True)
    with pytest.raises(Refusal, match="thread_locked"):
        say(trainer)
    moderation.lock(session, trainer.actor, thread, NOW, on=False)
    assert say(trainer)


def test_nobody_floods(yassine, salma, say):
    for turn in range(8):
        say(yassine, at=NOW + turn * MINUTE / 10)
    with pytest.raises(Refusal, match="posts_too_fast") as refused:
        say(yassine, at=NOW + MINUTE)
    assert refused.value.params == {"minutes": 4}
    assert say(salma, at=NOW + MINUTE), "only whoever floods must wait"


# --- moderation ---


def test_a_hidden_post_is_found_by_nobody(session, cohort, trainer, salma, yassine, thread, say):
    post = say(yassine, SECRET)
    moderation.hide(session, trainer.actor, post, "On reconnaît quelqu’un.", NOW)
    for who in (salma, trainer):
        assert not session.scalars(listing.of_cohort(who.actor, cohort.id, "only among us")).all()
    kept = [
        repr(tuple(row))
        for model in (AuditEntry, MailMessage, jobs.Job)
        for row in session.execute(select(*model.__table__.columns))
    ]
    assert not [text for text in kept if SECRET in text]
    moderation.show(session, trainer.actor, post, NOW)
    assert session.scalars(listing.of_cohort(salma.actor, cohort.id, "only among us")).all()
    with pytest.raises(Refusal, match="reason_needed"):
        moderation.hide(session, trainer.actor, post, "", NOW)


def test_only_five_on_top(session, cohort, trainer, thread):
    actor = trainer.actor
    for turn in range(5):
        at = NOW - 300 * MINUTE + 10 * turn * MINUTE
        made = service.open_thread(session, actor, cohort, uuid7(), "t", "x", at)
        moderation.pin(session, actor, made, NOW, on=True)
    with pytest.raises(Refusal, match="too_many_pinned"):
        moderation.pin(session, actor, thread, NOW, on=True)
    assert len(listing.pinned(session, actor, cohort.id)) == 5


def test_reports_go_to_trainers_and_about_trainers_to_the_office(
    session, trainer, admin, salma, yassine, say
):
    def seen_by(who):
        return session.scalars(moderation.reports_visible_to(who.actor)).unique().all()

    about_peer = moderation.report(
        session, salma.actor, say(yassine, SECRET), "dur", NOW, to_office=False
    )
    assert (
        moderation.report(session, salma.actor, about_peer.post, "x", NOW, to_office=True)
        is about_peer
    )
    assert seen_by(trainer) == [about_peer]
    assert seen_by(admin) == []
    assert seen_by(yassine) == []
    about_trainer = moderation.report(
        session, salma.actor, say(trainer), "injuste", NOW, to_office=False
    )
    assert about_trainer.to_office
    assert seen_by(admin) == [about_trainer]
    assert seen_by(trainer) == [about_peer], "never one's own"
    service.delete(session, yassine.actor, about_peer.post, NOW)
    assert about_peer.text == SECRET, "as it was when it was reported"
    moderation.settle(session, admin.actor, about_trainer, "Injurieux.", NOW, hides=True)
    assert about_trainer.post.state is PostState.HIDDEN
    assert moderation.open_reports(session, admin.actor) == 0
    assert moderation.open_reports(session, trainer.actor) == 1
    assert len(session.scalars(select(PostReport)).unique().all()) == 2


# --- what is new, and mail ---


def test_what_is_new(session, cohort, salma, yassine, thread, say):
    assert unread(session, salma) == {}, "their own words"
    assert unread(session, yassine) == {cohort.id: 1}
    listing.see(session, yassine.actor, thread, NOW)
    assert unread(session, yassine) == {}
    say(salma, at=NOW + MINUTE)
    assert unread(session, yassine) == {cohort.id: 1}


def test_mail_to_those_who_take_part_once_until_they_look_in(
    session, trainer, salma, yassine, thread, say
):
    salma.language = "ar"
    say(yassine, SECRET)
    say(yassine, SECRET)
    (letter,) = letters(session)
    assert (letter.person_id, letter.language) == (salma.id, "ar")
    assert thread.title in letter.subject
    assert SECRET not in letter.text + letter.html
    assert f"/cohorts/discussion/{thread.id}/newest" in letter.text
    listing.see(session, salma.actor, thread, NOW + MINUTE)
    say(trainer, at=NOW + 2 * MINUTE)
    assert [one.person_id for one in letters(session, NOW + 2 * MINUTE)].count(salma.id) == 2


def test_mail_stops_by_its_own_link(session, app, cohort, salma, yassine, thread, say):
    say(yassine)
    (letter,) = letters(session)
    secret = app.config["SETTINGS"].secret_key
    token = letter.text.rpartition("/discussion-mail/")[2].split()[0]
    found = switch.read(secret, token)
    assert (found.person_id, found.thread_id) == (salma.id, thread.id)
    for broken in ("", token[:-2], f"x{token}", "a.b"):
        assert switch.read(secret, broken) is None
    switch.stop(session, found, everywhere=False)
    listing.see(session, salma.actor, thread, NOW + MINUTE)
    say(yassine, at=NOW + 2 * MINUTE)
    assert len(letters(session, NOW + 2 * MINUTE)) == 1
    switch.set_one(session, salma.actor, thread, on=True)
    switch.stop(session, found, everywhere=True)
    say(yassine, at=NOW + 3 * MINUTE)
    assert len(letters(session, NOW + 3 * MINUTE)) == 1
    assert not charter.standing(session, cohort.id, salma.id).mails


def test_no_mail_about_what_was_hidden_nor_to_whom_it_is_closed(
    session, cohort, trainer, salma, yassine, say
):
    hidden = say(yassine, SECRET)
    moderation.hide(session, trainer.actor, hidden, "x", NOW)
    assert letters(session) == []
    charter.take_back(session, salma.actor, cohort, NOW)
    say(yassine)
    assert letters(session) == []
