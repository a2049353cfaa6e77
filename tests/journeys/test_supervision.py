"""Supervision on a phone: planned, written down, ticked off, evaluated, put into a calendar."""

from datetime import timedelta
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import db
from lms.core.mail import MailMessage
from lms.demo.personas import BY_KEY
from lms.fieldwork.models import SupervisionFeedback, SupervisionSession
from lms.fieldwork.rules import SupervisionState
from lms.fieldwork.service import counted_supervision
from lms.people.models import Person

pytestmark = pytest.mark.slow

TOPIC = "Relire la réunion du marché. مراجعة اجتماع السوق"
NOTES = "Nous avons repris le cadre. راجعنا الإطار."
SECRET = "À revoir avec douceur. يُراجع برفق."
ACTION = "Écrire le cadre en trois phrases. كتابة الإطار"


def salma_of(site):
    with site.app.app_context():
        query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
        one = db.session.scalars(query.where(Person.email == BY_KEY["trainee"].email)).one()
        return one.id, one.cohort_id


def minutes(site, enrolment):
    with site.app.app_context():
        one = db.session.get_one(Enrolment, enrolment)
        return sum(row.minutes for row in counted_supervision(db.session, [one.id])[one.id])


def planned(site):
    with site.app.app_context():
        query = select(SupervisionSession).where(SupervisionSession.topic == TOPIC)
        return db.session.scalars(query).unique().one()


def told(site):
    with site.app.app_context():
        query = select(MailMessage).where(MailMessage.template == "supervision_session")
        return db.session.scalars(query.order_by(MailMessage.id.desc())).first()


def long_ago(site, key):
    """Let the session have begun two hours ago."""
    with site.app.app_context():
        meeting = db.session.get_one(SupervisionSession, key)
        meeting.starts_at = clock.now() - timedelta(hours=2)
        db.session.commit()


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_supervision(travel, demo_site, way):
    somebody = travel(way)
    salma, cohort = salma_of(demo_site)
    before = minutes(demo_site, salma)

    # the supervisor plans a session for tomorrow
    somebody.become("trainee").open("/home")
    somebody.become("supervisor").open("/home")
    somebody.open("/practice/timetable")
    somebody.open(f"/practice/cohorts/{cohort}/supervision")
    somebody.press(f'a[href="/practice/cohorts/{cohort}/supervision/new"]')
    day = clock.now().astimezone(ZoneInfo("Africa/Casablanca")).date() + timedelta(days=1)
    somebody.fill({
        "kind": "individual", "trainees": str(salma), "day": day.isoformat(), "at": "07:15",
        "minutes": "50", "place": "Oujda", "topic": TOPIC,
    })  # fmt: skip
    somebody.press("main form.form button[type=submit]")
    somebody.says("07:15–08:05")
    meeting = planned(demo_site)
    assert told(demo_site).language == somebody.language
    page = f"/practice/supervision/{meeting.id}"

    # the trainee finds it: at home, in the timetable, on its page
    somebody.become("trainee").open("/home")
    somebody.page.locator(f'a[href="{page}"]').first.wait_for()
    somebody.open(f"/practice/timetable?week={day}")
    somebody.press(f'a[href="{page}"]')
    somebody.says(TOPIC)

    # afterwards it is written down
    long_ago(demo_site, meeting.id)
    somebody.become("supervisor").open(f"{page}/hold")
    state = f"who-{meeting.presences[0].enrolment_id.hex}-state"
    somebody.fill({
        state: "present", "minutes": "55", "shared_notes": NOTES, "private_notes": SECRET,
        "agreed-0-text": ACTION, "agreed-0-due_on": (day + timedelta(days=9)).isoformat(),
    })  # fmt: skip
    somebody.press("main form.form button[type=submit]")
    somebody.says(NOTES)
    assert somebody.page.locator("#private_notes").input_value() == SECRET
    assert planned(demo_site).state is SupervisionState.HELD
    assert minutes(demo_site, salma) == before + 55

    # the trainee reads what is shared, and ticks off what was agreed
    somebody.become("trainee").open(page)
    somebody.says(NOTES)
    assert SECRET not in somebody.page.content()
    somebody.press("#agreed form button")
    assert somebody.page.locator("#agreed .done").count() == 1

    # and says what they think of it
    somebody.open(f"/practice/{salma}/supervision")
    somebody.press("#evaluate a.button")
    for name in somebody.page.eval_on_selector_all(
        "main input[type=radio]", "all => [...new Set(all.map(e => e.name))]"
    ):
        somebody.fill({name: "3"})
    somebody.press("main form.form button[type=submit]")
    with demo_site.app.app_context():
        given = select(SupervisionFeedback).where(SupervisionFeedback.enrolment_id == salma)
        newest = db.session.scalars(given.order_by(SupervisionFeedback.id.desc())).first()
        assert set(newest.answers.values()) == {3}


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_a_calendar_and_results(travel, demo_site, way):
    somebody = travel(way)
    somebody.become("trainee").open("/practice/timetable")
    somebody.press("#calendar form button")
    address = somebody.page.locator("code").inner_text()
    path = address.partition("/calendar/")[2]
    with urlopen(f"{demo_site.url}/calendar/{path}", timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("text/calendar")
        found = Calendar.from_ical(answer.read())
    assert len(list(found.walk("VEVENT"))) >= 3

    with demo_site.app.app_context():
        query = select(Person).where(Person.email == BY_KEY["supervisor"].email)
        supervisor = db.session.scalars(query).one().id
    for who in ("supervisor", "admin.ma"):
        somebody.become(who).open(f"/practice/supervisors/{supervisor}/evaluation")
        assert somebody.page.locator("dl.facts").count() == 1
    somebody.become("admin.sn").open("/practice/supervisors")
    somebody.press('main a[href$="/evaluation"]')
    assert somebody.page.locator("dl.facts").count() == 0
