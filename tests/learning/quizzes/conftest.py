"""A trainee whose quiz mixes every kind of question, with the settings that a test asks for."""

import pytest

from lms.curriculum.format import read_files
from lms.learning.quizzes import service
from lms.learning.quizzes.papers import paper_of
from lms.learning.quizzes.rules.scoring import right_answer
from tests.curriculum.sample import encoded
from tests.curriculum.test_questions import MODULE, whole
from tests.factories import curriculum
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.people import person

SETTINGS = 'minutes = 20\nattempts = 3\nwait_hours = 12\ncounts = "last"\nreview = "passed"\n'


def content_with(settings=""):
    """Two modules; the first one's quiz asks all eight questions, of all seven kinds."""
    files = whole()
    assert SETTINGS in files[MODULE]
    files[MODULE] = files[MODULE].replace(SETTINGS, settings).replace("draw = 3", "draw = 8")
    content, faults = read_files(encoded(files))
    assert not faults
    return content


class Desk:
    """A trainee at their quiz."""

    def __init__(self, session, settings=""):
        self.session = session
        self.release = curriculum.release(session, content_with(settings))
        self.cohort = cohort_on(session, self.release)
        self.enrolment = enrol(session, person(session, "trainee", cohort=self.cohort), self.cohort)
        self.trainer = person(session, "trainer", cohort=self.cohort)
        self.programme = self.release.programmes["facilitator"]

    @property
    def actor(self):
        return self.enrolment.person.actor

    def paper(self, key="c6-method"):
        return paper_of(self.release, self.programme, key)

    def start(self, now=NOW, key="c6-method"):
        return service.start_attempt(self.session, self.actor, self.enrolment, self.paper(key), now)

    def right(self, attempt, *, without=()):
        """The right answers, but for some kinds."""
        return {
            q.id: right_answer(q)
            for q, _ in service.asked(self.release, attempt)
            if q.kind.value not in without
        }

    def save(self, attempt, answers, now=NOW):
        service.save_answers(self.session, attempt, answers, attempt.version, now)

    def submit(self, attempt, now=NOW):
        service.submit(self.session, self.actor, attempt, attempt.version, now)

    def take(self, now=NOW, key="c6-method", **kinds):
        attempt = self.start(now, key)
        self.save(attempt, self.right(attempt, **kinds), now)
        self.submit(attempt, now)
        return attempt


@pytest.fixture
def desk(session):
    """Call it with settings of the quiz."""
    return lambda settings="": Desk(session, settings)
