"""A cohort that talks: announcements, the charter, discussions, questions under lessons."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from lms.cohorts.announcements import service as announcements
from lms.cohorts.announcements.service import Words
from lms.cohorts.discussion import charter, listing, moderation
from lms.cohorts.discussion import service as discussion
from lms.cohorts.models import Cohort, DiscussionThread, Enrolment
from lms.demo.load import talk
from lms.demo.load.practice import NAMESPACE
from lms.demo.load.stage import Stage
from lms.learning.models import LessonQuestion
from lms.learning.questions import service as questions
from lms.people.models import Person

UNSIGNED = 3
"""Trainees, the last ones, who have not accepted the charter yet."""


@dataclass(frozen=True)
class Circle:
    """The people of a cohort, by number: trainees from 0, −1 the trainer, −2 the supervisor."""

    stage: Stage
    cohort: Cohort
    trainees: list[Enrolment]

    def who(self, number: int) -> Person:
        """One of them."""
        if number >= 0:
            return self.trainees[number].person
        return self.stage.cast["trainer" if number == -1 else "supervisor"]

    def at(self, days: int, turn: int = 0) -> datetime:
        """Some days ago, in the afternoon; later for each turn."""
        return self.stage.ago(days) + timedelta(hours=4, minutes=41 * turn)

    def key(self, name: str) -> UUID:
        """The same key each time."""
        return uuid5(NAMESPACE, f"community:{self.cohort.name}:{name}")


def load(stage: Stage) -> None:
    """Oujda talks; Brussels is told where to begin."""
    oujda = _circle(stage, "Coachs, Oujda 2026")
    _announce(oujda)
    _accept(oujda)
    _discuss(oujda)
    _moderate(oujda)
    _ask(oujda)
    _brussels(_circle(stage, "Animateurs, Bruxelles 2027"))


def _circle(stage: Stage, name: str) -> Circle:
    cohort = stage.session.scalars(select(Cohort).where(Cohort.name == name)).one()
    enrolled = select(Enrolment).where(Enrolment.cohort_id == cohort.id)
    found = stage.session.scalars(enrolled.order_by(Enrolment.enrolled_at, Enrolment.id))
    return Circle(stage, cohort, list(found))


def _announce(circle: Circle) -> None:
    session, trainer = circle.stage.session, circle.who(-1).actor

    def write(name: str, title: str, text: str, at: datetime, hour: datetime | None = None) -> UUID:
        made = announcements.write(
            session, trainer, circle.cohort, circle.key(name), Words(title, text), hour or at, at
        )
        return made.id

    for number, (days, title, text) in enumerate(talk.ANNOUNCEMENTS):
        write(f"announcement {number}", title, text, circle.at(days))
    now = circle.stage.now
    write("planned", *talk.PLANNED, circle.at(1), hour=now + timedelta(days=2))
    gone = write("withdrawn", *talk.WITHDRAWN, circle.at(16))
    found = announcements.find_announcement(session, gone)
    if found is not None:
        announcements.withdraw(session, trainer, found, circle.at(16, 2))
    # some have read all but the last two
    for number in (0, 2, 4, -2):
        announcements.see(session, circle.who(number).actor, circle.cohort, circle.at(10))


def _accept(circle: Circle) -> None:
    signing = [-1, -2, *range(len(circle.trainees) - UNSIGNED)]
    for turn, number in enumerate(signing):
        person = circle.who(number)
        language = "ar" if number in {2, 3, 5} else "fr"
        name = person.name_ar if language == "ar" else person.name
        charter.accept(
            circle.stage.session, person.actor, circle.cohort, name, language, circle.at(33, turn)
        )


def _open(
    circle: Circle, name: str, who: int, days: int, title: str, text: str
) -> DiscussionThread:
    return discussion.open_thread(
        circle.stage.session, circle.who(who).actor, circle.cohort, circle.key(name), title, text,
        circle.at(days),
    )  # fmt: skip


def _discuss(circle: Circle) -> None:
    session = circle.stage.session
    rules = _open(circle, "rules", -1, 32, *talk.RULES)
    moderation.pin(session, circle.who(-1).actor, rules, circle.at(32, 1), on=True)
    for number, (days, who, title, text, replies) in enumerate(talk.THREADS):
        thread = _open(circle, f"thread {number}", who, days, title, text)
        for turn, (author, ago, words) in enumerate(replies, start=1):
            key = circle.key(f"thread {number}, reply {turn}")
            actor = circle.who(author).actor
            discussion.reply(session, actor, thread, key, words, circle.at(ago, turn))
        if number == 0:
            for reader in (0, 1, 4):
                listing.see(session, circle.who(reader).actor, thread, circle.at(days - 6))


def _moderate(circle: Circle) -> None:
    """One post hidden, one taken back, one that somebody has reported."""
    session, trainer = circle.stage.session, circle.who(-1).actor
    first = discussion.find_thread(session, circle.key("thread 0"))
    third = discussion.find_thread(session, circle.key("thread 2"))
    if first is None or third is None:
        raise LookupError("the discussions come first")
    who, text, reason = talk.HIDDEN
    author = circle.who(who).actor
    post = discussion.reply(session, author, first, circle.key("hidden"), text, circle.at(14))
    moderation.hide(session, trainer, post, reason, circle.at(14, 3))
    who, text = talk.TAKEN_BACK
    author = circle.who(who).actor
    post = discussion.reply(session, author, first, circle.key("gone"), text, circle.at(13))
    discussion.delete(session, author, post, circle.at(13, 1))
    who, reporter, text, why = talk.REPORTED
    author = circle.who(who).actor
    post = discussion.reply(session, author, third, circle.key("reported"), text, circle.at(1, 2))
    moderation.report(
        session, circle.who(reporter % 8).actor, post, why, circle.at(1, 5), to_office=False
    )


def _ask(circle: Circle) -> None:
    session, release = circle.stage.session, circle.stage.release
    for number, (module, place, who, days, text, answers, settled) in enumerate(talk.QUESTIONS):
        lesson = release.lessons(module)[place]
        made: LessonQuestion = questions.ask(
            session, circle.trainees[who], lesson, circle.key(f"question {number}"), text,
            circle.at(days),
        )  # fmt: skip
        for turn, (author, ago, words) in enumerate(answers, start=1):
            key = circle.key(f"question {number}, answer {turn}")
            last = settled and turn == len(answers)
            actor = circle.who(author).actor
            questions.answer(session, actor, made, key, words, circle.at(ago, turn), settles=last)


def _brussels(circle: Circle) -> None:
    stage = circle.stage
    announcements.write(
        stage.session,
        stage.admin("BE").actor,
        circle.cohort,
        circle.key("welcome"),
        Words(
            "Avant de commencer",
            "La promotion se forme. **Lisez la charte** : la discussion s’ouvre dès que vous "
            "l’avez acceptée.",
        ),
        circle.at(2),
        circle.at(2),
    )
