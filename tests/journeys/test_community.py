"""A phone in French and one in Arabic: told, charter, discussion, a question and its answer."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.cohorts.models import DiscussionPost, Enrolment
from lms.core.db import db
from lms.core.mail import MailMessage
from lms.demo.personas import BY_KEY
from lms.people.models import Person

pytestmark = pytest.mark.slow

TITLE = "Réunion du marché · اجتماع السوق"
WORDS = "Qui parle en **premier** ? من يبدأ الكلام؟"
SEND = "main form.form button[type=submit]"


def placed(site, key):
    """Enrolment and cohort of a persona."""
    with site.app.app_context():
        query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
        one = db.session.scalars(query.where(Person.email == BY_KEY[key].email)).one()
        return one.id, one.cohort_id


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_cohort_talks(travel, demo_site, way):  # noqa: PLR0915 - one journey, told in order
    somebody = travel(way)
    salma, cohort = placed(demo_site, "trainee")

    # the trainer tells everybody something
    somebody.become("trainer").open(f"/cohorts/{cohort}/announcements/new")
    somebody.fill({"title": TITLE, "text": WORDS})
    somebody.press(SEND)
    somebody.says(TITLE)
    somebody.work()

    # it is new at home; opening the page marks it as read, without a press
    somebody.become("trainee").open("/home")
    somebody.press(f'#together a[href="/cohorts/{cohort}/announcements"]')
    somebody.says(TITLE)
    expect(somebody.page.locator("form[data-seen]")).to_be_hidden()
    somebody.open(f"/cohorts/{cohort}/announcements")
    expect(somebody.page.locator("form[data-seen]")).to_have_count(0)

    # a newcomer reads the charter first
    _new, other = placed(demo_site, "trainee.new")
    somebody.become("trainee.new").open(f"/cohorts/{other}/discussion")
    assert somebody.page.url.endswith("/charter")
    somebody.page.locator('[name="agreed"]').check()
    somebody.press(SEND)
    assert somebody.page.url.endswith("/discussion")

    # the trainee begins a discussion, the trainer replies
    somebody.become("trainee").open(f"/cohorts/{cohort}/discussion/new")
    somebody.fill({"title": TITLE, "text": WORDS})
    somebody.press(SEND)
    thread = somebody.page.url.split("?")[0].split("#")[0]
    somebody.become("trainer").open(thread)
    somebody.fill({"text": "Celui qui a le moins parlé. الأقل كلاما."})
    somebody.press(f"#reply {SEND.removeprefix('main ')}")
    somebody.work()
    with demo_site.app.app_context():
        letters = select(MailMessage).where(MailMessage.template == "discussion_reply")
        letter = db.session.scalars(letters.order_by(MailMessage.id.desc())).first()
        assert letter.language == somebody.language
        assert TITLE in letter.subject
        assert "moins parlé" not in letter.text

    # which the trainer then hides from everybody
    with demo_site.app.app_context():
        newest = select(DiscussionPost.id).order_by(DiscussionPost.created_at.desc())
        post = db.session.scalars(newest).first()
    somebody.open(f"/cohorts/posts/{post}/hide")
    somebody.fill({"reason": "Essai"})
    somebody.press(SEND)
    somebody.become("trainee").open(thread)
    assert "moins parlé" not in somebody.page.content()

    # a question under a lesson, answered
    place = f"/learn/{salma}/c7-competencies/04-active-listening"
    somebody.open(place)
    somebody.press(f'a[href="{place}/questions"]')
    somebody.fill({"text": WORDS})
    somebody.press(f"#ask {SEND.removeprefix('main ')}")
    question = somebody.page.url
    somebody.become("trainer").open("/home")
    somebody.press('a[href="/learn/questions"]')
    somebody.open(question)
    somebody.fill({"text": "Voyez la leçon **5**. انظر الدرس."})
    somebody.page.locator('[name="settles"]').check()
    somebody.press(f"#answer {SEND.removeprefix('main ')}")
    somebody.become("trainee").open(question)
    somebody.says("Voyez la leçon 5")
