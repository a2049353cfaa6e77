"""Approving many, undoing it at once, taking an entry for a while, two at the same time."""

from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.core import jobs
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.jobs import Job
from lms.core.mail import MailMessage
from lms.fieldwork import service
from lms.fieldwork.entries import service as entries
from lms.fieldwork.queue import bulk, changes, claims, comments
from lms.fieldwork.queue.rules import CLAIM_FOR, UNDO_FOR
from lms.fieldwork.rules import EntryEvent, EntryState
from lms.fieldwork.words import words_of
from tests.factories import cohorts, fieldwork, people
from tests.factories.cohorts import NOW

S = EntryState
LATER = NOW + UNDO_FOR


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


@pytest.fixture
def three(session, placement, supervisor, cohort):
    """Entries waiting: two of one trainee, one of another."""
    other = cohorts.enrolment(session, people.person(session), cohort)
    place = fieldwork.placement(session, other, supervisor)
    return [
        fieldwork.entry(session, placement),
        fieldwork.entry(session, placement, held_on=date(2026, 5, 20)),
        fieldwork.entry(session, place),
    ]


def chosen(*entries):
    return {entry.id: entry.revision for entry in entries}


def mails(session):
    return session.scalars(select(MailMessage)).all()


def work(session, now):
    """Let the worker do what is due."""
    session.commit()
    return jobs.run_pending(session, lambda: now)


# --- many at once ---


def test_many_are_approved_as_they_were_seen(session, three, supervisor):
    picked = chosen(*three)
    picked[three[0].id] -= 1
    picked[uuid7()] = 1
    batch, left = bulk.approve_many(session, supervisor.actor, picked, NOW)
    assert [entry.state for entry in three] == [S.SUBMITTED, S.APPROVED, S.APPROVED]
    assert (batch.number, batch.until, left) == (2, LATER, 2)


def test_many_never_reach_the_entries_of_others(session, three, cohort, colleague):
    for other in (people.person(session), colleague):
        batch, left = bulk.approve_many(session, other.actor, chosen(*three), NOW)
        assert (batch, left) == (None, 3)


def test_each_trainee_is_told_once_and_only_then(session, three, supervisor):
    bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    work(session, LATER - timedelta(seconds=1))
    assert not mails(session)
    work(session, LATER)
    assert len(mails(session)) == 2
    work(session, LATER + timedelta(hours=1))
    assert len(mails(session)) == 2


def test_a_batch_told_twice_by_a_worker_that_died_is_told_once(session, three, supervisor):
    bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    job = session.scalars(select(Job).where(Job.name == bulk.TELL)).one()
    for _ in range(2):
        bulk.tell(session, job.key, LATER)
    assert len(mails(session)) == 2


# --- undo ---


def test_undone_at_once_nothing_has_happened(session, three, supervisor):
    batch, _ = bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    assert bulk.last_batch(session, supervisor.actor, NOW) == batch
    assert bulk.undo(session, supervisor.actor, batch.key, LATER - timedelta(seconds=1)) == (3, 0)
    for entry in three:
        assert (entry.state, entry.decided_at, entry.decided_by_id) == (S.SUBMITTED, None, None)
        assert entry.submitted_at == NOW
        (version,) = entries.versions_of(session, entry)
        assert (version.decision, version.decided_at, version.comment) == (None, None, "")
        rows = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == str(entry.id)))
        assert [row.action for row in rows][-2:] == [
            "practicumentry.approve",
            "practicumentry.undo",
        ]
    assert bulk.last_batch(session, supervisor.actor, NOW) is None
    work(session, LATER)
    assert not mails(session)


def test_undone_twice_changes_nothing_more(session, three, supervisor):
    batch, _ = bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    bulk.undo(session, supervisor.actor, batch.key, NOW)
    revisions = [entry.revision for entry in three]
    assert bulk.undo(session, supervisor.actor, batch.key, NOW) == (0, 0)
    assert [entry.revision for entry in three] == revisions


def test_what_something_else_has_happened_to_stays(session, three, supervisor):
    batch, _ = bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    entries.amend(session, three[0].enrolment.person.actor, three[0], "Erreur.", NOW)
    service.lock_entries(session, supervisor.actor, three[2].enrolment, NOW)
    assert bulk.undo(session, supervisor.actor, batch.key, NOW) == (1, 2)
    assert [entry.state for entry in three] == [S.AMENDED, S.SUBMITTED, S.LOCKED]


def test_too_late_or_somebody_elses_to_undo(session, three, supervisor, colleague):
    batch, _ = bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    for actor, key, now in (
        (supervisor.actor, batch.key, LATER),
        (colleague.actor, batch.key, NOW),
        (supervisor.actor, UUID(str(uuid7())), NOW),
    ):
        with refused("undo_too_late"):
            bulk.undo(session, actor, key, now)
    assert bulk.last_batch(session, colleague.actor, NOW) is None
    work(session, LATER)
    with refused("undo_too_late"):
        bulk.undo(session, supervisor.actor, batch.key, NOW)


def test_who_has_left_the_team_undoes_nothing(session, three, supervisor):
    batch, _ = bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    for held in supervisor.grants:
        held.ended_at = NOW
    assert bulk.undo(session, supervisor.actor, batch.key, NOW) == (0, 3)
    assert {entry.state for entry in three} == {S.APPROVED}


# --- taking it for a while ---


def test_a_claim_holds_for_a_while_and_is_left_on_deciding(session, three, supervisor, colleague):
    entry = three[0]
    claims.claim(session, supervisor.actor, entry, NOW)
    with refused("entry_claimed"):
        claims.claim(session, colleague.actor, entry, NOW)
    claims.claim(session, colleague.actor, entry, NOW + CLAIM_FOR)
    claims.claim(session, supervisor.actor, entry, NOW, take_over=True)
    claims.release(session, colleague.actor, entry)
    assert entry.claimed_by_id == supervisor.id
    revision = entry.revision
    entries.decide(session, supervisor.actor, entry, revision, EntryEvent.ASK, "Qui ?", NOW)
    assert (entry.claimed_by_id, entry.claimed_until) == (None, None)
    with refused("illegal_transition"):
        claims.claim(session, supervisor.actor, entry, NOW)


def test_what_another_looks_at_is_not_decided(session, three, supervisor, colleague):
    entry = three[0]
    claims.claim(session, colleague.actor, entry, NOW)
    session.expire(entry)
    with refused("entry_claimed"):
        entries.decide(
            session, supervisor.actor, entry, entry.revision, EntryEvent.APPROVE, "", NOW
        )
    batch, left = bulk.approve_many(session, supervisor.actor, chosen(*three), NOW)
    assert (batch.number, left) == (2, 1)
    claims.release(session, colleague.actor, entry)
    entries.decide(session, supervisor.actor, entry, entry.revision, EntryEvent.APPROVE, "", NOW)


# --- two at the same time ---

DECISIONS = (EntryEvent.APPROVE, EntryEvent.ASK, EntryEvent.REJECT)


@pytest.mark.parametrize(("first", "second"), list(product(DECISIONS, DECISIONS)))
def test_the_second_decision_on_what_both_saw_is_refused(
    session, placement, supervisor, first, second
):
    entry = fieldwork.entry(session, placement)
    seen = entry.revision
    entries.decide(session, supervisor.actor, entry, seen, first, "Un.", NOW)
    state = entry.state
    with pytest.raises(Stale):
        entries.decide(session, supervisor.actor, entry, seen, second, "Deux.", NOW)
    assert (entry.state, entry.decision_comment) == (state, "Un.")


def test_what_changed_stands_side_by_side(app, session, placement, supervisor):
    author = placement.enrolment.person.actor
    entry = fieldwork.entry(session, placement)
    entries.decide(session, supervisor.actor, entry, entry.revision, EntryEvent.ASK, "Qui ?", NOW)
    content = fieldwork.content(
        placement, summary="Autrement.", minutes_direct=45, participants={"citizen": 3}, stakes=()
    )
    entries.edit_entry(
        session, author, entry, entry.revision, content, "", [], (), fieldwork.files(), NOW
    )
    entries.submit(session, author, entry, NOW)
    with app.test_request_context("/?lang=fr"):
        words = words_of(session, placement.enrolment.cohort)
        found = changes.since(session, entry, 1, words)
        assert not changes.since(session, entry, 2, words)
        assert not changes.since(session, entry, 7, words)
    read = {change.field: (change.before, change.after) for change in found}
    assert len(read) == 4
    assert ("90", "45") in read.values()
    assert "Autrement." in str(read)
    assert all(change.before != "–" for change in found)


# --- words used again ---


def test_words_are_kept_once_by_language(session, supervisor, colleague):
    actor = supervisor.actor
    first = comments.keep(session, actor, uuid7(), "fr", "Précisez le lieu.", NOW)
    assert comments.keep(session, actor, uuid7(), "fr", "Précisez le lieu.", NOW) is first
    assert comments.keep(session, actor, first.id, "fr", "Autre.", NOW) is first
    assert comments.keep(session, actor, uuid7(), "fr", "", NOW) is None
    arabic = comments.keep(session, actor, uuid7(), "ar", "حدد المكان.", NOW)
    assert list(comments.of_person(session, actor, "ar")) == [arabic, first]
    assert list(comments.of_person(session, actor, "fr")) == [first, arabic]
    assert not comments.of_person(session, colleague.actor, "fr")
    comments.change(session, arabic, "en", "Say where.")
    comments.forget(session, first)
    assert [each.text for each in comments.of_person(session, actor)] == ["Say where."]


def test_only_so_many_words_are_kept(session, supervisor):
    for number in range(comments.MOST):
        comments.keep(session, supervisor.actor, uuid7(), "fr", f"Phrase {number}", NOW)
    with refused("comments_too_many"):
        comments.keep(session, supervisor.actor, uuid7(), "fr", "Encore.", NOW)
