"""The whole demonstration, in the order in which it would have happened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.cohorts import enrolling
from lms.cohorts.models import Cohort, Enrolment
from lms.core import installation
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.files import FileStore
from lms.core.resources import resource_root
from lms.core.settings import Settings
from lms.curriculum import service as curriculum
from lms.curriculum import sources
from lms.demo.load import (
    beginners,
    cases,
    community,
    corrections,
    entries,
    exercises,
    hosts,
    network,
    notes,
    offline,
    people,
    queue,
    quizzes,
    supervision,
    training,
)
from lms.demo.load.people import Hiring, address
from lms.demo.load.practice import Field
from lms.demo.load.stage import PLANS, Stage
from lms.demo.names import names
from lms.fieldwork.attestations import service as attestations
from lms.fieldwork.rules import EntryEvent
from lms.network.models import PartnerBody
from lms.people import passwords
from lms.people.models import Person
from lms.people.rules import NewPerson
from lms.policy.actor import SYSTEM, Role, Scope

TELL = True
"""Whether trainees are written to about what came back."""
QUIET = {5, 9}
"""Turns of two trainees of whom nothing has been heard for weeks."""
Say = Callable[[str], None]


def is_loaded(session: AnySession) -> bool:
    """Whether the demonstration is there already.

    Raises Refusal("installation_is_real") when there are people who are not of it.
    """
    anybody = session.scalar(select(Person.id).limit(1)) is not None
    known = session.get(installation.Installation, 1)
    if known is not None:
        installation.settle(session, demo=True, now=known.created_at)
    elif anybody:
        raise Refusal("installation_is_real")
    return anybody


def load(
    session: AnySession, settings: Settings, files: FileStore, now: datetime, say: Say
) -> Stage:
    """Add everything in the caller's transaction. Raises Refusal beside real data."""
    source = curriculum.read(resource_root() / "course_content")
    content = curriculum.prepare(source)
    password_hash = passwords.hash_password(settings.demo_password)
    installation.settle(session, demo=True, now=now)
    long_ago = now - timedelta(days=460)
    published = curriculum.publish(
        session, SYSTEM, content, "Première publication", long_ago, sources.pack(source)
    )
    centres = network.load(session, now.date())
    hiring = Hiring(session, password_hash, long_ago)
    cast = people.load(hiring)
    release = curriculum.release(session, published.id)
    stage = Stage(session, settings, files, release, now, centres, cast, hiring)
    _partner(stage)
    say("people and network")
    _oujda(stage)
    say("coaches in mid-course, Oujda")
    _brussels(stage)
    say("a cohort being formed, Brussels")
    beginners.load(stage)
    say("a large cohort that has begun, Fès")
    cases.kaolack(stage)
    say("facilitators close to certification, Kaolack")
    cases.oujda_before(stage)
    say("coaches before assessors and jury, Oujda")
    cases.awards(stage)
    say("awards of earlier years")
    entries.load(stage)
    say("templates, pseudonyms, an amended entry")
    hosts.load(stage)
    say("what hosts have confirmed and said")
    supervision.load(stage)
    training.load(stage)
    say("supervision: held, planned, evaluated")
    exercises.load(stage)
    say("exercises handed in, values and charters of teams")
    notes.load(stage)
    community.load(stage)
    say("announcements, discussions, questions under lessons")
    corrections.load(stage)
    say("corrections of the course content")
    return stage


def _partner(stage: Stage) -> None:
    body = stage.session.scalars(select(PartnerBody).order_by(PartnerBody.id)).first()
    if body is None:
        raise LookupError("no partner body")
    stage.hiring.grant(stage.cast["partner"], Role.PARTNER, Scope.PARTNER, str(body.id))


def _oujda(stage: Stage) -> None:
    """Coaches in mid-course: something waits for trainee, trainer and supervisor."""
    trainer, supervisor = stage.cast["trainer"], stage.cast["supervisor"]
    cohort = stage.cohort("MA", "coach", "Coachs, Oujda 2026", -150, 200, "open start")
    stage.team(cohort, trainer, supervisor)
    salma = stage.enrol(cohort, stage.cast["trainee"])
    _mid_course(stage, salma, share=0.55, modules=6)
    offline.notes(stage, salma)
    stage.read(salma, "c7-competencies", 2, 3)
    stage.observe(salma, trainer, 50)
    stage.observe(salma, trainer, 2, until="shared")
    _attest_some(stage, salma)
    others = [_hire(stage, "MA", turn) for turn in range(1, 13)]
    enrolled = []
    for turn, person in enumerate(others):
        enrolment = stage.enrol(cohort, person)
        enrolled.append(enrolment)
        quiet = 45 if turn in QUIET else 1
        _mid_course(stage, enrolment, 0.1 + 0.06 * turn, modules=2 + turn % 6, until=quiet)
        if turn == 2:
            stage.observe(enrolment, trainer, 1, until="draft")
        elif turn % 3 == 0:
            stage.observe(enrolment, trainer, 12 + turn)
    queue.load(stage, cohort, enrolled[3:6])
    quizzes.load(stage, [enrolled[4], enrolled[10], enrolled[7]])


def _hire(stage: Stage, country: str, turn: int) -> Person:
    pool = names(country)
    return stage.hiring.person(country, pool[turn % len(pool)], address(country, turn))


def _mid_course(
    stage: Stage, enrolment: Enrolment, share: float, modules: int, until: int = 1
) -> None:
    """Some practice approved, some waiting, some sent back; the last of it `until` days ago."""
    supervisor = stage.cast["supervisor"]
    spot = Field(stage.session, stage.files, enrolment, stage.place(enrolment, supervisor))
    stories = spot.stories(PLANS[enrolment.cohort.programme])
    done = stories[: max(3, round(len(stories) * share))]
    days = spot.days(len(done), stage.today - timedelta(days=until))
    for number, (story, day) in enumerate(zip(done, days, strict=True)):
        entry = spot.write(story, day, number)
        left = len(done) - number
        if left == 1 and enrolment.person is stage.cast["trainee"]:
            continue  # her last one is still a draft
        spot.submit(entry)
        if left == 2:
            continue  # waits for the supervisor
        if left == 3 and share > 0.3:
            words = "Précisez le nombre de participants par catégorie, et ce qui a été décidé."
            spot.decide(entry, EntryEvent.ASK, words, tell=TELL)
        elif left == 4 and share > 0.6:
            words = "Cette activité a déjà été notée le même jour."
            spot.decide(entry, EntryEvent.REJECT, words, tell=TELL)
        else:
            spot.decide(entry, EntryEvent.APPROVE)
    stage.learn(enrolment, modules, max(10, until))


def _attest_some(stage: Stage, enrolment: Enrolment) -> None:
    programme = stage.release.content.programmes[enrolment.cohort.programme]
    admin = stage.admin(enrolment.country_code).actor
    for need in programme.requirements:
        if need.id in {"training-days", "supervision"}:
            attestations.attest(
                stage.session, admin, enrolment, UUID(str(uuid7())), need, need.needed // 2,
                "Feuilles d’émargement vues au centre.", None, None, stage.ago(9),
            )  # fmt: skip


def _brussels(stage: Stage) -> Cohort:
    """A cohort being formed, in a territory without a centre."""
    cohort = stage.cohort("BE", "facilitator", "Animateurs, Bruxelles 2027", 20, 300, "open")
    stage.enrol(cohort, stage.cast["trainee.new"])
    for turn in (3, 4, 7):
        stage.enrol(cohort, _hire(stage, "BE", turn))
    for turn in (5, 6):
        name = names("BE")[turn]
        invited = NewPerson(
            country_code="BE",
            family_name=name.family,
            given_name=name.given,
            email=address("BE", turn),
        )
        admin = stage.admin("BE").actor
        enrolling.invite(stage.session, admin, cohort, invited, stage.ago(6), stage.settings)
    return cohort
