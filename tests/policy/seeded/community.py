"""Cohorts that talk, for the matrix: in one under the charter, in others with what must not be."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from lms.cohorts.announcements.rules import AnnouncementState
from lms.cohorts.discussion.charter import Room
from lms.cohorts.discussion.rules import CHARTER, PostState
from lms.cohorts.discussion.switch import token_of
from lms.cohorts.models import (
    Announcement,
    CharterAcceptance,
    Cohort,
    DiscussionPost,
    DiscussionThread,
    Enrolment,
    PostReport,
)
from lms.core import clock
from lms.learning.models import LessonQuestion, LessonReply
from lms.learning.questions.rules import QuestionState
from lms.people.models import Person
from tests.policy.seeded.things import Thing

COHORTS = ("Coachs, Oujda 2026", "Animateurs, Kaolack 2026", "Coachs, Oujda 2025")


def things(session):
    """Announcements, rooms, discussions, posts, reports, questions: facts from the raw rows."""
    where = {
        key: {"cohort": key, "country": country}
        for key, country in session.execute(select(Cohort.id, Cohort.country_code))
    }
    signed = {key: set() for key in where}
    for row in session.scalars(select(CharterAcceptance)).unique():
        if row.withdrawn_at is None and row.charter == CHARTER:
            signed[row.cohort_id].add(row.person_id)
    for row in _rows(session, Announcement):
        told = row.state is AnnouncementState.PUBLISHED
        yield Thing("announcement", row, handed_in=told, **where[row.cohort_id])
    for cohort in _rows(session, Cohort):
        keys = frozenset(signed[cohort.id])
        yield Thing("room", Room(cohort, keys), invited=keys, **where[cohort.id])
    of_thread, of_post, authors = {}, {}, {}
    for row in _rows(session, DiscussionThread):
        facts = {"invited": frozenset(signed[row.cohort_id]), **where[row.cohort_id]}
        of_thread[row.id] = facts
        yield Thing("thread", row, **facts)
    for row in _rows(session, DiscussionPost):
        of_post[row.id], authors[row.id] = of_thread[row.thread_id], row.author_id
        facts = of_post[row.id] | {"owner": row.author_id, "state": row.state.value}
        yield Thing("post", row, access="hidden" if row.state is PostState.HIDDEN else "", **facts)
    for row in _rows(session, PostReport):
        facts = of_post[row.post_id] | {"owner": authors[row.post_id], "author": row.reporter_id}
        yield Thing("post report", row, access="office" if row.to_office else "", **facts)
    people = dict(session.execute(select(Enrolment.id, Enrolment.person_id)).all())
    of_question = {}
    for row in _rows(session, LessonQuestion):
        of_question[row.id] = where[row.cohort_id]
        yield Thing("question", row, owner=people[row.enrolment_id], **where[row.cohort_id])
    for row in _rows(session, LessonReply):
        yield Thing("lesson reply", row, owner=row.author_id, **of_question[row.question_id])


def _rows(session, model):
    return session.scalars(select(model).order_by(model.id)).unique()


def add(session):
    """One of each, in three cohorts; by people who have left, or never accepted the charter."""
    now = clock.now()
    found = {
        person.email.partition("@")[0]: person
        for person in session.scalars(select(Person).where(Person.email.is_not(None)))
    }
    for name in COHORTS:
        cohort = session.scalars(select(Cohort).where(Cohort.name == name)).one()
        enrolled = session.scalars(
            select(Enrolment).where(Enrolment.cohort_id == cohort.id).order_by(Enrolment.id)
        ).all()
        first, second = enrolled[0].person, enrolled[1].person
        for state in AnnouncementState:
            session.add(_announcement(cohort, first, state, now))
        known = set(
            session.scalars(
                select(CharterAcceptance.person_id).where(
                    CharterAcceptance.cohort_id == cohort.id,
                    CharterAcceptance.withdrawn_at.is_(None),
                )
            )
        )
        for person in (first, second, found["former"]):
            if person.id not in known:
                session.add(_acceptance(cohort, person, now))
        session.add(_acceptance(cohort, found["stand-in"], now, withdrawn_at=now))
        thread = _thread(session, cohort, first, now)
        posts = [
            _post(session, thread, author, now, state)
            for author, state in (
                (first, PostState.VISIBLE),
                (second, PostState.HIDDEN),
                (second, PostState.DELETED),
                (found["former"], PostState.VISIBLE),
                (found["stand-in"], PostState.VISIBLE),
                (found["trainer"], PostState.VISIBLE),
                (found["admin.ma"], PostState.VISIBLE),
            )
        ]
        for post in (posts[0], posts[1], posts[-2], posts[-1]):
            for to_office, reporter in ((True, found["former"]), (False, found["stand-in"])):
                session.add(_report(post, reporter, now, to_office=to_office))
        for enrolment in (enrolled[0], enrolled[-1]):
            for state in QuestionState:
                asked = _question(session, enrolment, now, state)
            for author in (second, found["former"], found["trainer"]):
                session.add(
                    LessonReply(question=asked, author_id=author.id, text="reply", written_at=now)
                )
    session.flush()


def _announcement(cohort, author, state, now):
    return Announcement(
        cohort=cohort,
        author_id=author.id,
        title="title",
        text="text",
        state=state,
        publish_at=now + timedelta(days=state is AnnouncementState.PLANNED),
        published_at=None if state is AnnouncementState.PLANNED else now,
        created_at=now,
    )


def _acceptance(cohort, person, now, withdrawn_at=None):
    return CharterAcceptance(
        cohort=cohort,
        person_id=person.id,
        charter=CHARTER,
        language="fr",
        signed_name=person.name,
        accepted_at=now - timedelta(days=1),
        withdrawn_at=withdrawn_at,
    )


def _thread(session, cohort, author, now):
    made = DiscussionThread(
        cohort=cohort, author_id=author.id, title="subject", created_at=now, last_post_at=now
    )
    session.add(made)
    session.flush()
    return made


def _post(session, thread, author, now, state):
    hidden = state is PostState.HIDDEN
    made = DiscussionPost(
        thread=thread,
        author_id=author.id,
        text="" if state is PostState.DELETED else f"post {state.value}",
        state=state,
        hidden_reason="reason" if hidden else "",
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _report(post, reporter, now, *, to_office):
    return PostReport(
        post=post,
        reporter_id=reporter.id,
        reason="why",
        text=post.text,
        to_office=to_office,
        created_at=now,
    )


def _question(session, enrolment, now, state):
    made = LessonQuestion(
        enrolment=enrolment,
        cohort_id=enrolment.cohort_id,
        module="c7-competencies",
        lesson="01-frame",
        text="" if state is QuestionState.REMOVED else "question",
        state=state,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    return made


def token(session):
    """The end of a link that stops messages."""
    thread = session.scalars(select(DiscussionThread).order_by(DiscussionThread.id)).first()
    return token_of(current_app.config["SETTINGS"].secret_key, thread.author_id, thread.id)
