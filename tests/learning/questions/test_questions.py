"""Questions under a lesson: asked, answered, settled; who sees them; how often a page asks."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from lms.core import clock
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from lms.learning.models import LessonQuestion, LessonReply
from lms.learning.questions import service
from lms.learning.questions.rules import (
    MOST_A_DAY,
    QUESTION_TRANSITIONS,
    QuestionEvent,
    QuestionState,
    days_waiting,
    may_still_edit,
)
from tests.learning.conftest import NOW, enrol
from tests.pages import counted, post
from tests.people import person

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def lesson(release):
    return release.lessons("c6-method")[0]


@pytest.fixture
def trainer(session, cohort):
    return person(session, "trainer", cohort=cohort)


@pytest.fixture
def fellow(session, cohort):
    return enrol(session, person(session, "trainee.new", cohort=cohort), cohort).person


@pytest.fixture
def asked(session, enrolment, lesson):
    made = service.ask(session, enrolment, lesson, uuid7(), "Pourquoi **ici** ?", NOW - MINUTE)
    session.commit()
    return made


@pytest.fixture
def place(enrolment, lesson):
    return f"/learn/{enrolment.id}/c6-method/{lesson.slug}/questions"


# --- rules ---


@pytest.mark.parametrize("state", QuestionState)
@pytest.mark.parametrize("event", QuestionEvent)
def test_every_pair(state, event):
    legal = {
        ("open", "answer"): "answered",
        ("answered", "reopen"): "open",
        ("open", "remove"): "removed",
        ("answered", "remove"): "removed",
    }
    assert QUESTION_TRANSITIONS.get((state, event)) == legal.get((state.value, event.value))


def test_time():
    assert may_still_edit(NOW - 29 * MINUTE, NOW)
    assert not may_still_edit(NOW - 30 * MINUTE, NOW)
    assert days_waiting(NOW - timedelta(hours=47), NOW) == 1
    assert days_waiting(NOW + MINUTE, NOW) == 0


# --- services ---


def test_an_answer_reaches_whoever_asked_in_their_language(session, enrolment, trainer, asked):
    enrolment.person.language = "ar"
    key = uuid7()
    one = service.answer(session, trainer.actor, asked, key, "**Parce que**", NOW, settles=True)
    again = service.answer(session, trainer.actor, asked, key, "x", NOW, settles=True)
    assert again is one
    assert (asked.state, asked.replies, one.by_trainer) == (QuestionState.ANSWERED, 1, True)
    letter = session.scalars(
        select(MailMessage).where(MailMessage.template == "question_answered")
    ).one()
    assert (letter.person_id, letter.language) == (enrolment.person_id, "ar")
    assert "<strong>Parce que</strong>" in letter.html
    own = service.answer(
        session, enrolment.person.actor, asked, uuid7(), "Merci", NOW, settles=False
    )
    assert not own.by_trainer
    sent = select(MailMessage).where(MailMessage.template == "question_answered")
    assert len(session.scalars(sent).all()) == 1, "no mail about one's own words"


def test_what_waits_is_for_the_trainer_of_the_cohort(session, trainer, fellow, asked):
    actor = trainer.actor
    assert service.number_waiting(session, actor) == 1
    service.answer(session, fellow.actor, asked, uuid7(), "Je crois que", NOW, settles=False)
    assert service.number_waiting(session, actor) == 1, "a fellow's answer settles nothing"
    service.settle(session, actor, asked, QuestionEvent.ANSWER, NOW)
    service.settle(session, actor, asked, QuestionEvent.ANSWER, NOW)
    assert service.number_waiting(session, actor) == 0
    assert service.number_waiting(session, fellow.actor) == 0


def test_taken_away_is_gone(session, trainer, fellow, asked):
    said = service.answer(session, fellow.actor, asked, uuid7(), "mots", NOW, settles=False)
    service.remove_reply(session, fellow.actor, said, NOW)
    assert said.text == ""
    service.settle(session, trainer.actor, asked, QuestionEvent.REMOVE, NOW)
    assert (asked.text, asked.state) == ("", QuestionState.REMOVED)
    with pytest.raises(Refusal, match="question_removed"):
        service.answer(session, fellow.actor, asked, uuid7(), "encore", NOW, settles=False)


def test_own_words_for_half_an_hour(session, asked):
    service.edit_question(session, asked, 1, "Mieux dit", NOW)
    assert (asked.text, asked.edited_at) == ("Mieux dit", NOW)
    with pytest.raises(Stale):
        service.edit_question(session, asked, 1, "x", NOW)
    with pytest.raises(Refusal, match="question_edit_over"):
        service.edit_question(session, asked, 2, "x", NOW + 30 * MINUTE)


def test_not_without_end(session, enrolment, lesson):
    for _ in range(MOST_A_DAY):
        service.ask(session, enrolment, lesson, uuid7(), "?", NOW)
    with pytest.raises(Refusal, match="questions_too_many"):
        service.ask(session, enrolment, lesson, uuid7(), "?", NOW + timedelta(hours=23))
    assert service.ask(session, enrolment, lesson, uuid7(), "?", NOW + timedelta(hours=25))


# --- pages ---


def test_asked_and_answered(session, browse, enrolment, trainer, fellow, place):
    phone, desk, other = browse(enrolment.person), browse(trainer), browse(fellow)
    assert place in phone.get(place.removesuffix("/questions")).text
    assert post(phone, place, place, text="").status_code == 422
    made = post(phone, place, place, text="Pourquoi **ici** ?").headers["Location"]
    waiting = desk.get("/learn/questions").text
    assert made in waiting
    assert "depuis aujourd’hui" in waiting
    assert post(other, made, made, text="Je crois", settles="y").status_code == 303
    assert post(desk, made, made, text="").status_code == 422
    assert post(desk, made, made, text="Voici", settles="y").status_code == 303
    page = phone.get(made).text
    assert "Formateur" in page
    assert "Répondue" in page
    assert made not in desk.get("/learn/questions").text
    reply = session.scalars(select(LessonReply).where(LessonReply.by_trainer)).unique().one()
    form = f"/learn/answers/{reply.id}/edit"
    assert post(desk, form, form, text="Voilà").status_code == 303
    assert post(desk, form, form, text="x", version="1").status_code == 409
    assert other.get(form).status_code == 403
    assert post(desk, f"/learn/answers/{reply.id}/remove", made).status_code == 303
    assert post(phone, f"{made}/reopen", made).status_code == 303
    assert post(other, f"{made}/remove", made).status_code == 403
    assert post(phone, f"{made}/remove", made).status_code == 303
    assert "Cette question a été enlevée" in other.get(made).text
    assert made not in phone.get(place).text


def test_other_cohorts_see_nothing(session, browse, place, asked):
    stranger = browse(person(session, "trainer.sn"))
    assert stranger.get(place).status_code == 404
    assert stranger.get(f"/learn/questions/{asked.id}").status_code == 404
    assert stranger.get(place.replace("c6-method/", "nothing/")).status_code == 404


def test_the_list_asks_no_more_often(session, browse, enrolment, lesson, fellow, trainer, place):
    pages = {place: browse(enrolment.person), "/learn/questions": browse(trainer)}
    numbers = []
    for many in (2, 15):
        for n in range(many):
            service.ask(session, enrolment, lesson, uuid7(), f"{n} ?", NOW)
        session.commit()
        asked = []
        for address, visitor in pages.items():
            with counted() as statements:
                assert visitor.get(address).status_code == 200
            asked.append(len(statements))
        numbers.append(asked)
    assert numbers[0] == numbers[1], numbers
    assert max(numbers[0]) <= 5
    assert len(session.scalars(select(LessonQuestion.id)).all()) == 17
