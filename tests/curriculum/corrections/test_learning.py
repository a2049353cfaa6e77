"""Publishing while people learn disturbs nobody."""

import re
from datetime import timedelta

import pytest

from lms.core import clock
from lms.curriculum import service as content
from lms.curriculum.corrections import checking, service
from lms.curriculum.corrections.rules import CorrectionKind
from tests.curriculum.corrections.conftest import LESSON, QUESTION, lesson_with, propose, publish
from tests.learning.conftest import NOW, enrol
from tests.people import field, person


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def enrolment(session, cohort):
    return enrol(session, person(session, "trainee", cohort=cohort), cohort)


def new_release(session, trainer, admin):
    """A lesson and a question read otherwise from now on."""
    base = service.base(session)
    asked = checking.read(base.files, CorrectionKind.QUESTION, QUESTION, LESSON, base.languages)
    asked["text"] = {**asked["text"], "fr": "Une autre question"}
    made = [
        propose(session, trainer.actor, content=lesson_with(base, "Des mots neufs.")),
        propose(
            session, trainer.actor, content=asked, kind=CorrectionKind.QUESTION, subject=QUESTION
        ),
    ]
    for one in made:
        service.accept(session, admin.actor, one, one.revision, "", NOW)
    key = publish(session, admin.actor, *made, now=NOW + timedelta(hours=1))
    session.commit()
    return key


def test_a_lesson_open_and_a_quiz_begun(session, browse, enrolment, cohort, trainer, admin):
    reader = browse(enrolment.person)
    module = f"/learn/{enrolment.id}/c6-method"
    lessons = [f"{module}/01-analysis", f"{module}/02-objectives"]
    opened = reader.get(f"{lessons[0]}?lang=fr")
    assert "Some <strong>words</strong>" in opened.text
    token = form_of_reading(opened)
    pinned = cohort.release_id

    new = new_release(session, trainer, admin)

    # the tab that was open is sent; the pinned cohort goes on reading what it read
    assert reader.post(lessons[0], data={"csrf_token": token}).status_code == 303
    assert "Some <strong>words</strong>" in reader.get(f"{lessons[0]}?lang=fr").text
    assert reader.post(lessons[1], data={"csrf_token": token}).status_code == 303
    session.expire_all()
    assert (cohort.release_id, content.current_id(session)) == (pinned, new)

    # a quiz is begun on the pinned release, and another one is published meanwhile
    begun = reader.post(f"{module}/quiz", data={"csrf_token": token})
    assert begun.status_code == 303
    page = reader.get(f"{begun.location}?lang=fr")
    assert "Une autre question" not in page.text
    again = propose(
        session, admin.actor, content=lesson_with(service.base(session), "Encore.", "en")
    )
    service.accept(session, admin.actor, again, again.revision, "", NOW)
    publish(session, admin.actor, again, now=NOW + timedelta(hours=2))
    session.commit()
    after = reader.get(f"{begun.location}?lang=fr")
    assert after.status_code == 200
    asked = re.compile(r"Question c6-q0\d")
    assert asked.findall(after.text) == asked.findall(page.text) != []
    hidden = {name: field(after, name) for name in ("csrf_token", "version")}
    sent = reader.post(f"{begun.location}/submit", data=hidden)
    assert sent.status_code == 303
    assert reader.get(sent.location, follow_redirects=True).status_code == 200


def form_of_reading(page):
    """The token on a lesson's page."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)


def test_a_moved_cohort_reads_the_new_text(session, browse, enrolment, cohort, trainer, admin):
    new = new_release(session, trainer, admin)
    reader = browse(enrolment.person)
    lesson = f"/learn/{enrolment.id}/c6-method/01-analysis?lang=fr"
    assert "Des mots neufs" not in reader.get(lesson).text
    cohort.release_id = new
    session.commit()
    assert "Des mots neufs" in reader.get(lesson).text
