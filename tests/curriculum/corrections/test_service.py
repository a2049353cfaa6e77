"""Corrections on a real database: their life, meeting another release, publishing."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from lms.curriculum import service as content
from lms.curriculum import sources
from lms.curriculum.corrections import checking, service
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import (
    TRANSITIONS,
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
    Standing,
)
from lms.curriculum.models import ContentRelease
from lms.policy.actions import Action
from lms.policy.permits import permits
from tests.curriculum.corrections.conftest import (
    LESSON,
    QUESTION,
    begin,
    key,
    lesson_with,
    propose,
    publish,
)
from tests.learning.conftest import NOW
from tests.people import person

State, Event = CorrectionState, CorrectionEvent
ACTS = {
    Event.PROPOSE: lambda s, a, c: service.propose(s, a, c, c.revision, NOW),
    Event.REWORK: lambda s, a, c: service.rework(s, a, c, c.revision, NOW),
    Event.WITHDRAW: lambda s, a, c: service.withdraw(s, a, c, c.revision, NOW),
    Event.ACCEPT: lambda s, a, c: service.accept(s, a, c, c.revision, "", NOW),
    Event.DECLINE: lambda s, a, c: service.decline(s, a, c, c.revision, "No.", NOW),
}


def question_with(base, words="Other words", kind=CorrectionKind.QUESTION):
    found = checking.read(base.files, kind, QUESTION, LESSON, base.languages)
    return {**found, "text": {**found["text"], "en": words}}


def test_every_event_in_every_state(session, trainer, admin):
    made = propose(session, trainer.actor)
    for state, event in product(State, ACTS):
        if state is State.PUBLISHED:
            continue  # tied to its release: see below
        made.state = state
        session.flush()
        if (state, event) in TRANSITIONS:
            ACTS[event](session, admin.actor, made)
            assert made.state is TRANSITIONS[state, event]
        else:
            with pytest.raises(Refusal, match="illegal_transition"):
                ACTS[event](session, admin.actor, made)
            assert made.state is state


def test_a_trainer_proposes_an_admin_accepts_and_publishes(session, trainer, admin, release):
    made = propose(session, trainer.actor)
    service.accept(session, admin.actor, made, made.revision, "Thank you", NOW)
    new = publish(session, admin.actor, made)
    assert made.state is State.PUBLISHED
    assert (made.published_id, content.current_id(session)) == (new, new)
    html = content.release(session, new).content.lessons[LESSON].html
    assert "better" in html["fr"]
    assert "better" not in html["en"]
    files = content.files_of(session, new)
    assert content.prepare(files) == content.release(session, new).content
    changed = {n for n, b in files.items() if b != content.files_of(session, release.id)[n]}
    assert changed == {f"modules/{LESSON}.fr.md"}
    acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    for act in ("begin", "propose", "accept", "publish"):
        assert f"correction.{act}" in acts
    assert acts.count("release.publish") == 2
    (mail,) = session.scalars(select(MailMessage))
    assert mail.to_address == trainer.email
    assert "Thank you" in mail.text


def test_two_corrections_in_one_release(session, trainer, admin):
    lesson = propose(session, trainer.actor)
    words = question_with(service.base(session))
    question = propose(
        session, trainer.actor, content=words, kind=CorrectionKind.QUESTION, subject=QUESTION
    )
    for one in (lesson, question):
        service.accept(session, admin.actor, one, one.revision, "", NOW)
    new = content.release(session, publish(session, admin.actor, lesson, question))
    assert new.question(QUESTION).text["en"] == "Other words"
    assert "better" in new.content.lessons[LESSON].html["fr"]


def test_the_same_thing_twice_is_refused(session, trainer, admin):
    both = [propose(session, trainer.actor) for _ in range(2)]
    with pytest.raises(Refusal, match="correction_twice"):
        publish(session, admin.actor, *both)


def accepted(session, author, admin, **more):
    made = propose(session, author.actor, **more)
    service.accept(session, admin.actor, made, made.revision, "", NOW)
    return made


def test_another_release_about_something_else(session, trainer, admin):
    mine = begin(session, trainer.actor)
    words = question_with(service.base(session))
    other = accepted(
        session, admin, admin, content=words, kind=CorrectionKind.QUESTION, subject=QUESTION
    )
    new = publish(session, admin.actor, other)
    assert service.standing(session, mine, service.base(session)) is Standing.SAME
    service.propose(session, trainer.actor, mine, mine.revision, NOW)
    assert mine.release_id == new


def test_another_release_about_the_same(session, trainer, admin):
    mine = propose(session, trainer.actor)
    first = accepted(
        session, admin, admin, content=lesson_with(service.base(session), "Third words.")
    )
    publish(session, admin.actor, first)
    assert service.standing(session, mine, service.base(session)) is Standing.CHANGED
    with pytest.raises(Refusal, match="correction_overtaken"):
        service.accept(session, admin.actor, mine, mine.revision, "", NOW)
    service.rework(session, trainer.actor, mine, mine.revision, NOW)
    with pytest.raises(Refusal, match="correction_overtaken"):
        service.propose(session, trainer.actor, mine, mine.revision, NOW)
    seen = content.current_id(session)
    service.save(session, trainer.actor, mine, mine.revision, mine.content, "Seen both", seen, NOW)
    service.propose(session, trainer.actor, mine, mine.revision, NOW)
    assert mine.state is State.PROPOSED


def test_publishing_what_has_moved_is_refused(session, trainer, admin):
    made = accepted(session, trainer, admin)
    base = service.base(session)
    files = service.together(base, [made], None)
    prepared = service.Prepared(base.release.id, content.prepare(files), sources.pack(files))
    seen = {made.id: made.revision}
    wrong = {made.id: made.revision - 1}
    other = service.Prepared("0" * 64, prepared.content, prepared.packed)
    with pytest.raises(Stale):
        service.publish(session, admin.actor, wrong, prepared, "x", NOW)
    with pytest.raises(Stale):
        service.publish(session, admin.actor, {**seen, key(): 1}, prepared, "x", NOW)
    with pytest.raises(Stale):
        service.publish(session, admin.actor, seen, other, "x", NOW)
    with pytest.raises(Refusal, match="correction_none_chosen"):
        service.publish(session, admin.actor, {}, prepared, "x", NOW)
    assert made.state is State.ACCEPTED
    assert content.current_id(session) == base.release.id


def test_going_back_to_what_was_published_before(session, trainer, admin, release):
    first = accepted(session, trainer, admin)
    publish(session, admin.actor, first)
    old = checking.read(
        content.files_of(session, release.id), CorrectionKind.LESSON, LESSON, LESSON,
        release.languages,
    )  # fmt: skip
    back = accepted(session, trainer, admin, content=old)
    later = NOW + timedelta(days=1)
    assert publish(session, admin.actor, back, now=later) == release.id
    assert content.current_id(session) == release.id
    assert session.query(ContentRelease).count() == 2


def test_nothing_to_propose(session, trainer):
    made = begin(
        session, trainer.actor, content=lesson_with(service.base(session), "Some **words**.")
    )
    with pytest.raises(Refusal, match="correction_nothing"):
        service.propose(session, trainer.actor, made, made.revision, NOW)


def test_what_was_seen_has_changed(session, trainer, admin):
    made = propose(session, trainer.actor)
    for act in (service.rework, service.withdraw):
        with pytest.raises(Stale):
            act(session, trainer.actor, made, made.revision - 1, NOW)
    with pytest.raises(Refusal, match="correction_without_reason"):
        service.decline(session, admin.actor, made, made.revision, "", NOW)
    with pytest.raises(Refusal, match="illegal_transition"):
        service.save(
            session, trainer.actor, made, made.revision, made.content, "", made.release_id, NOW
        )


def test_begun_once(session, trainer, admin):
    made = begin(session, trainer.actor)
    same = service.Wanted(made.kind, made.subject, made.lesson, made.title, made.content, made.why)
    wanted = replace(same, why="again")
    for sent, revision in ((same, 1), (wanted, 2), (wanted, 2)):
        again = service.begin(session, trainer.actor, made.id, sent, made.release_id, NOW)
        assert again is made
        assert (made.why, made.revision) == (sent.why, revision)
    service.withdraw(session, trainer.actor, made, 2, NOW)
    with pytest.raises(Refusal, match="correction_begun"):
        service.begin(session, trainer.actor, made.id, same, made.release_id, NOW)
    with pytest.raises(Refusal, match="correction_of_another"):
        service.begin(session, admin.actor, made.id, wanted, made.release_id, NOW)


def test_lists_show_what_may_be_seen(session, trainer, admin, cohort):
    other = person(session, "trainer.sn", cohort=cohort)
    everybody = [trainer, other, admin, person(session, "auditor"), person(session, "trainee")]
    for author, state in product((trainer, admin), State):
        made = begin(session, author.actor)
        if state is State.PUBLISHED:
            made.published_id = made.release_id
        made.state = state
        if state in {State.DECLINED, State.ACCEPTED, State.PUBLISHED}:
            made.decided_at = NOW
    session.flush()
    rows = session.scalars(select(Correction)).unique().all()
    for someone in everybody:
        listed = set(session.scalars(service.visible_to(someone.actor)).unique())
        allowed = {r for r in rows if permits(someone.actor, Action.CORRECTION_VIEW, r)}
        assert listed == allowed, someone.name
